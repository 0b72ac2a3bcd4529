using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>The unfinished folder of a download: made beside its final name, every path in it safe, none outside of it.</summary>
internal sealed class FolderTarget : IContentTarget
{
    private readonly string _part;
    private readonly byte[] _indexBytes;
    private readonly FolderIndex _index;
    private readonly string[] _paths;
    private readonly FolderFiles _files;

    /// <param name="part">The folder's own, empty or from an earlier attempt.</param>
    /// <param name="index">What comes.</param>
    /// <param name="indexBytes">The same as it came.</param>
    public FolderTarget(string part, FolderIndex index, byte[] indexBytes)
    {
        (_part, _index, _indexBytes) = (part, index, indexBytes);
        _paths = [.. SafePaths(index.Files.Select(file => file.Path)).Select(path => Path.Combine(part, path))];
        Size = indexBytes.Length + index.Files.Sum(file => file.Size);
        Existing = Directory.EnumerateFileSystemEntries(part).Any() ? Size : 0;
        DiskTarget.Local(() => { MakeEmpty(); return true; });
        _files = new FolderFiles(_paths, [.. index.Files.Select(file => file.Size)], indexBytes.Length,
            path => File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite));
    }

    public long Size { get; }

    public long Existing { get; }

    /// <summary>Paths within a folder that every file system takes and that are all different, also without case.</summary>
    public static IEnumerable<string> SafePaths(IEnumerable<string> paths)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (string path in paths)
        {
            string[] parts = [.. path.Split('/', '\\').Where(part => part.Length > 0).Select(SafeFileName.Of).TakeLast(MostDepth).DefaultIfEmpty(SafeFileName.Of(""))];
            yield return Path.Combine([.. Claim(taken, parts)]);
        }
    }

    private const int MostDepth = 32;

    public void Read(long offset, Memory<byte> target)
    {
        int skip = (int)Math.Clamp(_indexBytes.Length - offset, 0, target.Length);
        if (skip > 0) _indexBytes.AsSpan((int)offset, skip).CopyTo(target.Span);
        _files.Visit(offset + skip, target.Length - skip, (file, from, done, length) => FileContent.ReadWhole(file, from, target.Span.Slice(skip + done, length)));
    }

    public void Write(long offset, ReadOnlyMemory<byte> data)
    {
        // Of the index nothing is written but the files that it names.
        int skip = (int)Math.Clamp(_indexBytes.Length - offset, 0, data.Length);
        _files.Visit(offset + skip, data.Length - skip, (file, from, done, length) => RandomAccess.Write(file, data.Span.Slice(skip + done, length), from));
    }

    public void Flush()
    {
        _files.Dispose();
        for (int i = 0; i < _paths.Length; i++) Stamp(_paths[i], _index.Files[i].Modified);
        DurableFile.FlushFileSystem(_part);
    }

    public void Dispose() => _files.Dispose();

    /// <summary>Folders and files are made first: what follows only fills them, and an empty file needs no more.</summary>
    private void MakeEmpty()
    {
        foreach (string folder in _paths.Select(path => Path.GetDirectoryName(path)!).Distinct()) Directory.CreateDirectory(folder);
        foreach (string path in _paths) File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write).Dispose();
    }

    private static void Stamp(string path, long modified)
    {
        const long latest = 4_102_444_800_000;
        if (modified is > 0 and < latest) File.SetLastWriteTimeUtc(path, DateTimeOffset.FromUnixTimeMilliseconds(modified).UtcDateTime);
    }

    /// <summary>A name that is taken by a file cannot be a folder, and the other way round.</summary>
    private static string[] Claim(HashSet<string> taken, string[] parts)
    {
        for (int i = 0; i < parts.Length - 1; i++)
        {
            string name = parts[i];
            for (int number = 2; taken.Contains("f:" + string.Join('/', parts[..(i + 1)])); number++) parts[i] = SafeFileName.Numbered(name, number);
            taken.Add("d:" + string.Join('/', parts[..(i + 1)]));
        }
        string last = parts[^1];
        for (int number = 2; taken.Contains("d:" + string.Join('/', parts)) || !taken.Add("f:" + string.Join('/', parts)); number++) parts[^1] = SafeFileName.Numbered(last, number);
        return parts;
    }
}
