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
        int descriptor = Open(folder, ReadOnlyDirectory);
        if (descriptor < 0) throw Failed();
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
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

    private static IOException Failed() => new($"The disk did not take the data: {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool FlushFileBuffers(SafeFileHandle file);
}
