using LanCollab.Contracts;

[assembly: Plugin("session", Order = 10, Essential = true)]
