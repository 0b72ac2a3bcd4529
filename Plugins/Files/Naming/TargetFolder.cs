using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>The folder a download goes to: new files only, never outside of it, never over one that is there.</summary>
internal sealed class TargetFolder
{
    private const int MostTries = 10_000;
    private readonly string _folder;

    /// <exception cref="UserErrorException"><c>bad-path</c>: not absolute, or it cannot be made.</exception>
    public TargetFolder(string folder)
    {
        if (!Path.IsPathFullyQualified(folder)) throw new UserErrorException("bad-path", $"\"{folder}\" is not an absolute path.");
        _folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        try
        {
            Directory.CreateDirectory(_folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException("bad-path", $"The folder {_folder} cannot be made: {e.Message}");
        }
    }

    /// <summary>The folder, absolute.</summary>
    public string Root => _folder;

    /// <summary>Makes an empty new file or folder: <c>plan.pdf.part</c>, <c>plan (2).pdf.part</c>…</summary>
    /// <returns>Its path.</returns>
    public string CreatePart(string name, bool folder = false) => Claim(name, ".part", path =>
    {
        if (folder) Directory.CreateDirectory(path);
        else new FileStream(path, FileMode.CreateNew).Dispose();
    });

    /// <summary>Gives a finished part its real name, or the next free one.</summary>
    /// <returns>Its path.</returns>
    public string Publish(string part, string name) => Claim(name, "", path =>
    {
        if (Directory.Exists(part)) Directory.Move(part, path);
        else File.Move(part, path, overwrite: false);
    });

    private string Claim(string name, string suffix, Action<string> create)
    {
        string safe = SafeFileName.Of(name);
        HashSet<string> taken = Names();
        for (int number = 1; number < MostTries; number++)
        {
            string candidate = SafeFileName.Numbered(safe, number);
            // Also the name without the suffix: a part is not begun under a name that could not be given in the end.
            if (taken.Contains(candidate) || taken.Contains(candidate + suffix)) continue;
            string path = Inside(candidate + suffix);
            try
            {
                create(path);
                return path;
            }
            catch (IOException) when (Path.Exists(path))
            {
                // Somebody else made it between our look and our try.
            }
        }
        throw new UserErrorException("bad-path", $"There are too many files named {safe} in {_folder}.");
    }

    /// <summary>Compared without case, so that a folder can be copied to any file system.</summary>
    private HashSet<string> Names() => Directory.EnumerateFileSystemEntries(_folder).Select(p => Path.GetFileName(p)).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private string Inside(string name)
    {
        string path = Path.GetFullPath(Path.Combine(_folder, name));
        string root = Path.EndsInDirectorySeparator(_folder) ? _folder : _folder + Path.DirectorySeparatorChar;
        return path.StartsWith(root, StringComparison.Ordinal)
            ? path
            : throw new UserErrorException("bad-path", $"\"{name}\" would lie outside of {_folder}.");
    }
}
