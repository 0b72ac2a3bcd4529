using LanCollab.Contracts;
using Microsoft.Win32.SafeHandles;

namespace LanCollab.Plugins.Files;

/// <summary>One file of this machine that is read for an upload.</summary>
/// <param name="file">Open.</param>
/// <param name="size">Bytes, when the upload began.</param>
internal sealed class FileContent(SafeFileHandle file, long size) : IContent
{
    public long Size => size;

    public void Read(long offset, Memory<byte> target) => ReadWhole(file, offset, target.Span);

    public void Dispose() => file.Dispose();

    /// <summary>Fills the target.</summary>
    /// <exception cref="EndOfStreamException">The file is shorter.</exception>
    public static void ReadWhole(SafeFileHandle file, long offset, Span<byte> target)
    {
        while (target.Length > 0)
        {
            int read = RandomAccess.Read(file, target, offset);
            if (read == 0) throw new EndOfStreamException($"The file ends at {offset}; {target.Length} bytes more were expected.");
            offset += read;
            target = target[read..];
        }
    }
}
