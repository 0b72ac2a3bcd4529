namespace LanCollab.Host.Configuration;

/// <summary>Another process works in this data folder: the program ends with exit code 4 and this sentence.</summary>
internal sealed class FolderInUseException(string folder, string key) : Exception(
    $"Another LanCollab works in {folder} already; stop it first, or give this one a folder of its own with --{key}.");
