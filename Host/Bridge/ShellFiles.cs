using Microsoft.AspNetCore.Http;

namespace LanCollab.Host.Bridge;

/// <summary>The shell's own page, listed once at the start: a path that is not in the list cannot be asked for.</summary>
internal sealed class ShellFiles
{
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);

    /// <summary>Lists a folder.</summary>
    /// <exception cref="IOException">The folder has no <c>index.html</c>.</exception>
    public ShellFiles(string directory)
    {
        string root = Path.GetFullPath(directory);
        if (!File.Exists(Path.Combine(root, "index.html"))) throw new IOException($"The page's folder {root} has no index.html.");
        foreach (string file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            if (ContentTypes.Of(file) is not null) _files["/" + Path.GetRelativePath(root, file).Replace('\\', '/')] = file;
        }
        _files["/"] = _files["/index.html"];
    }

    /// <summary>Whether a path is one of the shell's files.</summary>
    public bool Has(string path) => _files.ContainsKey(path);

    /// <summary>Sends a file that is there.</summary>
    public Task SendAsync(HttpContext context, string path)
    {
        string file = _files[path];
        context.Response.ContentType = ContentTypes.Of(file);
        return context.Response.SendFileAsync(file, context.RequestAborted);
    }
}
