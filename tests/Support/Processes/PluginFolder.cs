namespace LanCollab.Tests.Support.Processes;

/// <summary>A plugins/ folder of a test's own: the built plugins by links, as many as wanted, and what is dropped beside them.</summary>
public sealed class PluginFolder : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <summary>Makes one.</summary>
    /// <param name="without">The folder of a plugin that is left out.</param>
    public PluginFolder(string? without = null)
    {
        foreach (string plugin in Directory.GetDirectories(Repository.Plugins))
            if (System.IO.Path.GetFileName(plugin) is var name && name != without) Directory.CreateSymbolicLink(_folder[name], plugin);
    }

    /// <summary>For <c>Plugins:Directory</c>.</summary>
    public string Path => _folder.Path;

    /// <summary>Copies a DLL into it.</summary>
    public void Drop(string dll) => File.Copy(dll, _folder[System.IO.Path.GetFileName(dll)]);

    /// <inheritdoc />
    public void Dispose()
    {
        // The links first: what they point to stays.
        foreach (string link in Directory.GetDirectories(Path)) Directory.Delete(link);
        _folder.Dispose();
    }
}
