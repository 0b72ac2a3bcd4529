using System.Text.Json;
using System.Text.RegularExpressions;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>
/// Where the page's files lie until they are shared: a browser hands over bytes and no path. What was begun stays there when the page goes away in the
/// middle, so that the same file, chosen once more, goes on instead of starting over.
/// </summary>
internal sealed partial class PageSpool
{
    private const string PutPrefix = "put-", FolderPrefix = "folder-", About = ".json";
    private const int MostDepth = 32;
    private static readonly FilesJson Json = new(new(MessageSet.WireOptions));

    private readonly string _root;
    private readonly ClientServices _services;
    private readonly HashSet<string> _open = [];
    private readonly Lock _lock = new();

    public PageSpool(ClientServices services)
    {
        (_services, _root) = (services, Path.Combine(services.Context.DataDirectory, "spool"));
        Directory.CreateDirectory(_root);
        RemoveLeftOvers();
    }

    /// <summary>Files that the page has begun to hand over, and nobody does at the moment.</summary>
    public UnfinishedPuts Unfinished
    {
        get
        {
            lock (_lock) return new UnfinishedPuts([.. Directory.EnumerateFiles(_root, $"{PutPrefix}*{About}").Select(Read).OfType<UnfinishedPut>().Where(put => !_open.Contains(put.Key))]);
        }
    }

    /// <summary>A new place for one file.</summary>
    public string NewPath() => Path.Combine(_root, RandomId.Hex(16));

    /// <summary>Where a file of the page goes; what it is about is remembered from now on.</summary>
    /// <exception cref="UserErrorException"><c>bad-request</c>; <c>busy</c>: it is being handed over by another page.</exception>
    public string Begin(UnfinishedPut put)
    {
        string path = PutPath(put.Key);
        lock (_lock)
        {
            if (!_open.Add(put.Key)) throw new UserErrorException("busy", "This file is being handed over already.");
        }
        DurableFile.Replace(path + About, JsonSerializer.SerializeToUtf8Bytes(put, Json.UnfinishedPut));
        return path;
    }

    /// <summary>Nobody hands it over any more.</summary>
    public void End(string key)
    {
        lock (_lock) _open.Remove(key);
    }

    /// <summary>All is here: it gets a place of its own.</summary>
    public string Finish(string key)
    {
        string path = NewPath();
        File.Move(PutPath(key), path);
        File.Delete(PutPath(key) + About);
        return path;
    }

    /// <summary>Throws away what was begun.</summary>
    /// <exception cref="UserErrorException"><c>bad-request</c>.</exception>
    public void Forget(string key)
    {
        SourceFile.Remove(PutPath(key), _services.Log);
        SourceFile.Remove(PutPath(key) + About, _services.Log);
    }

    /// <summary>Where a folder of the page is gathered.</summary>
    /// <exception cref="UserErrorException"><c>bad-request</c>.</exception>
    public string FolderPath(string key) => Path.Combine(_root, FolderPrefix + Key(key));

    /// <summary>A new file in such a folder: every part of its path safe, none outside, and none that is there already.</summary>
    public FileStream CreateIn(string key, string relative)
    {
        string[] parts = [.. relative.Split('/', '\\').Where(part => part.Length > 0).Select(SafeFileName.Of).TakeLast(MostDepth).DefaultIfEmpty(SafeFileName.Of(""))];
        string folder = Path.Combine([FolderPath(key), .. parts[..^1]]);
        Directory.CreateDirectory(folder);
        for (int number = 1; ; number++)
        {
            string path = Path.Combine(folder, SafeFileName.Numbered(parts[^1], number));
            if (!Path.Exists(path)) return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
        }
    }

    private string PutPath(string key) => Path.Combine(_root, PutPrefix + Key(key));

    private static string Key(string key) => KeyForm().IsMatch(key) ? key : throw new UserErrorException("bad-request", "A key has 32 hex digits.");

    private UnfinishedPut? Read(string about)
    {
        try
        {
            string path = about[..^About.Length];
            UnfinishedPut? put = JsonSerializer.Deserialize(File.ReadAllBytes(about), Json.UnfinishedPut);
            return put is not null && File.Exists(path) ? put with { Done = new FileInfo(path).Length } : null;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            // It was finished or thrown away at this moment, or its note was not written whole: then it starts over.
            FilesLog.NotRemoved(_services.Log, about, e);
            return null;
        }
    }

    private void RemoveLeftOvers()
    {
        HashSet<string> needed = [.. _services.Journal.State.Uploads.Select(entry => entry.Path)];
        DateTime oldest = (_services.Time.GetUtcNow() - _services.Options.Unfinished).UtcDateTime;
        foreach (string path in Directory.EnumerateFileSystemEntries(_root).Where(path => !needed.Contains(path)))
        {
            bool begun = Path.GetFileName(path).StartsWith(PutPrefix, StringComparison.Ordinal) && File.GetLastWriteTimeUtc(path) > oldest;
            if (!begun) SourceFile.Remove(path, _services.Log);
        }
    }

    [GeneratedRegex("^[0-9a-f]{32}\\z")]
    private static partial Regex KeyForm();
}
