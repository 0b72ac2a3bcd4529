using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LanCollab.Contracts;

/// <summary>
/// Flushes that tell when they fail, and small files that are replaced as a whole. <c>FileStream.Flush(true)</c> and
/// <c>RandomAccess.FlushToDisk</c> return normally when fsync fails (EIO, ENOSPC, EDQUOT), which would acknowledge bytes that are not there.
/// </summary>
public static partial class DurableFile
{
    private const int ReadOnlyDirectory = 0x10000; // O_RDONLY | O_DIRECTORY

    /// <summary>Replaces a file so that after a crash either the old or the new content is there, whole.</summary>
    /// <param name="path">Its folder exists.</param>
    /// <param name="content">All of it.</param>
    /// <param name="ownerOnly">True: nobody else may read or write it.</param>
    /// <exception cref="IOException">The disk did not take it; the old file is still there.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content, bool ownerOnly = false)
    {
        string beside = path + ".new";
        // Written through: an error of the disk is an error of the write.
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0, Options = FileOptions.WriteThrough };
        if (ownerOnly && !OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(beside, options)) file.Write(content);
        File.Move(beside, path, overwrite: true);
        FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Returns when the file's bytes are on the disk.</summary>
    /// <exception cref="IOException">They are not.</exception>
    public static void Flush(SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows() ? !FlushFileBuffers(file) : FSync(file) != 0) throw Failed();
    }

    /// <summary>Returns when the names in a folder are on the disk; Windows keeps them by its own journal.</summary>
    /// <exception cref="IOException">They are not.</exception>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        using SafeFileHandle handle = OpenFolder(folder);
        if (FSync(handle) != 0) throw Failed();
    }

    /// <summary>Makes everything of the folder's file system last: one call for thousands of small files. Windows: nothing.</summary>
    /// <exception cref="IOException">It does not.</exception>
    public static void FlushFileSystem(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        using SafeFileHandle handle = OpenFolder(folder);
        if (OperatingSystem.IsLinux() ? SyncFs(handle) != 0 : FSync(handle) != 0) throw Failed();
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

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool FlushFileBuffers(SafeFileHandle file);
}
