using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LanCollab.Plugins.Files;

/// <summary>
/// Flushes that tell when they fail. <c>FileStream.Flush(true)</c> and <c>RandomAccess.FlushToDisk</c> return normally when fsync fails
/// (EIO, ENOSPC, EDQUOT), which would acknowledge bytes that are not there.
/// </summary>
internal static partial class Durable
{
    private const int ReadOnlyDirectory = 0x10000; // O_RDONLY | O_DIRECTORY
    private const int PunchHole = 0x02 | 0x01;     // FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE
    private const int StatBlock = 512;

    /// <summary>Returns when the file's bytes are on the disk.</summary>
    /// <exception cref="IOException">They are not.</exception>
    public static void Flush(SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows())
        {
            if (!FlushFileBuffers(file)) throw Failed();
        }
        else if (FSync(file) != 0)
        {
            throw Failed();
        }
    }

    /// <summary>Returns when the names in a folder are on the disk; Windows keeps them by its own journal.</summary>
    /// <exception cref="IOException">They are not.</exception>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        using SafeFileHandle handle = OpenFolder(folder);
        if (FSync(handle) != 0) throw Failed();
    }

    /// <summary>Replaces a small file so that after a crash either the old or the new content is there, whole.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        string beside = path + ".new";
        using (SafeFileHandle file = File.OpenHandle(beside, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, content, 0);
            Flush(file);
        }
        File.Move(beside, path, overwrite: true);
        FlushFolder(Path.GetDirectoryName(path)!);
    }

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
            FlushFolder(folder);
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

    /// <summary>Makes everything of the folder's file system last: one call for thousands of small files.</summary>
    /// <exception cref="IOException">It does not.</exception>
    public static void FlushFileSystem(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        using SafeFileHandle handle = OpenFolder(folder);
        if (OperatingSystem.IsLinux() ? SyncFs(handle) != 0 : FSync(handle) != 0) throw Failed();
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

    private static SafeFileHandle OpenFolder(string folder)
    {
        int descriptor = Open(folder, ReadOnlyDirectory);
        return descriptor < 0 ? throw Failed() : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private static IOException Failed() => new($"The disk did not take the data: {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFs(SafeFileHandle folder);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int FAllocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, Span<byte> stat);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool FlushFileBuffers(SafeFileHandle file);
}
