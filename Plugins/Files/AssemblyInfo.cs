using LanCollab.Contracts;

[assembly: Plugin("files", Order = 50)]
