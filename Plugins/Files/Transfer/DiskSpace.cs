using System.Runtime.InteropServices;
using LanCollab.Contracts;
using Microsoft.Win32.SafeHandles;

namespace LanCollab.Plugins.Files;

/// <summary>What a file takes of its disk, giving some of it back, and whether there is any left.</summary>
internal static partial class DiskSpace
{
    private const int PunchHole = 0x02 | 0x01; // FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE
    private const int StatBlock = 512;

    /// <summary>Writes a small file, makes it last and removes it: whether a folder's disk takes data at this moment.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="flush">Stands for fsync.</param>
    /// <exception cref="IOException">It does not.</exception>
    public static void Probe(string folder, Action<SafeFileHandle> flush)
    {
        const int size = 64 * 1024;
        string path = Path.Combine(folder, "probe");
        try
        {
            using SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
            RandomAccess.Write(file, new byte[size], 0);
            flush(file);
            DurableFile.FlushFolder(folder);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Gives the space of a part of a file back to the file system, which then reads as zeros. A file system that cannot keeps it.</summary>
    public static void Punch(SafeFileHandle file, long offset, long length)
    {
        if (OperatingSystem.IsLinux()) _ = FAllocate(file, PunchHole, offset, length);
    }

    /// <summary>What a file takes on the disk, holes not counted.</summary>
    public static long AllocatedBytes(string path)
    {
        var file = new FileInfo(path);
        if (!OperatingSystem.IsLinux() || !file.Exists) return file.Exists ? file.Length : 0;
        // struct statx, whose layout is the same on every architecture: stx_blocks is the eighth of its first fields, at byte 48.
        Span<byte> stat = stackalloc byte[256];
        return StatX(-100, path, 0, 0x400, stat) == 0 ? BitConverter.ToInt64(stat[48..]) * StatBlock : file.Length;
    }

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int FAllocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, Span<byte> stat);
}
