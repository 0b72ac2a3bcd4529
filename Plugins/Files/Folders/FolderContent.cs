using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>A folder of this machine that is shared: its index, then its files. Links are not followed, and empty folders not told.</summary>
internal sealed class FolderContent : IContent
{
    private static readonly EnumerationOptions Walk = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };

    private readonly byte[] _index;
    private readonly FolderFiles _files;

    private FolderContent(string folder, FileInfo[] files)
    {
        var index = new FolderIndex([.. files.Select(file => new FolderFile(
            Path.GetRelativePath(folder, file.FullName).Replace('\\', '/'), file.Length, new DateTimeOffset(file.LastWriteTimeUtc).ToUnixTimeMilliseconds()))]);
        _index = index.Encode();
        _files = new FolderFiles([.. files.Select(file => file.FullName)], [.. files.Select(file => file.Length)], _index.Length,
            path => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        Count = files.Length;
        Size = _index.Length + files.Sum(file => file.Length);
        Modified = files.Length == 0 ? Directory.GetLastWriteTimeUtc(folder) : files.Max(file => file.LastWriteTimeUtc);
    }

    public long Size { get; }

    /// <summary>How many files.</summary>
    public int Count { get; }

    /// <summary>Bytes of the index.</summary>
    public int IndexBytes => _index.Length;

    /// <summary>The latest change of a file.</summary>
    public DateTime Modified { get; }

    /// <summary>Looks through a folder.</summary>
    /// <exception cref="UserErrorException"><c>too-many-files</c>.</exception>
    public static FolderContent Open(string folder)
    {
        FileInfo[] files = [.. new DirectoryInfo(folder).EnumerateFiles("*", Walk).Take(FolderIndex.MostFiles + 1).OrderBy(file => file.FullName, StringComparer.Ordinal)];
        if (files.Length > FolderIndex.MostFiles)
            throw new UserErrorException("too-many-files", $"The folder has more than {FolderIndex.MostFiles} files; share parts of it.");
        return new FolderContent(folder, files);
    }

    public void Read(long offset, Memory<byte> target)
    {
        if (offset < _index.Length)
        {
            int part = (int)Math.Min(target.Length, _index.Length - offset);
            _index.AsSpan((int)offset, part).CopyTo(target.Span);
            (offset, target) = (offset + part, target[part..]);
        }
        _files.Visit(offset, target.Length, (file, from, done, length) => FileContent.ReadWhole(file, from, target.Span.Slice(done, length)));
    }

    public void Dispose() => _files.Dispose();
}
