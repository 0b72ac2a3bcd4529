using LanCollab.Contracts;
using Microsoft.Win32.SafeHandles;

namespace LanCollab.Plugins.Files;

/// <summary>The unfinished file of a download on this machine's disk.</summary>
internal sealed class DiskTarget : IContentTarget
{
    private readonly SafeFileHandle _file;

    /// <summary>Opens a part that is there already.</summary>
    /// <exception cref="UserErrorException"><c>local-disk</c>.</exception>
    public DiskTarget(string part, long size)
    {
        _file = Local(() => File.OpenHandle(part, FileMode.Open, FileAccess.ReadWrite, FileShare.Read));
        Size = size;
        if (RandomAccess.GetLength(_file) > size) Local(() => { RandomAccess.SetLength(_file, size); return true; });
        Existing = RandomAccess.GetLength(_file);
    }

    public long Size { get; }

    public long Existing { get; }

    public void Read(long offset, Memory<byte> target) => FileContent.ReadWhole(_file, offset, target.Span);

    public void Write(long offset, ReadOnlyMemory<byte> data) => RandomAccess.Write(_file, data.Span, offset);

    public void Flush() => DurableFile.Flush(_file);

    public void Dispose() => _file.Dispose();

    /// <summary>Does work on this machine's disk, whose failure is no lost connection.</summary>
    public static T Local<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException("local-disk", $"This machine's disk does not take the file: {e.Message}");
        }
    }
}
