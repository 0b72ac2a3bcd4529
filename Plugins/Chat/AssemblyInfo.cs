using LanCollab.Contracts;

[assembly: Plugin("chat", Order = 40)]
