using LanCollab.Contracts;

[assembly: Plugin("media", Order = 20)]
