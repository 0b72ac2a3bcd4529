using LanCollab.Contracts;

[assembly: Plugin("screen", Order = 30)]
