using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LanCollab.Contracts;

/// <summary>
/// Small files that are replaced as a whole and are on the disk afterwards. <c>FileStream.Flush(true)</c> and
/// <c>RandomAccess.FlushToDisk</c> return normally when fsync fails (EIO, ENOSPC, EDQUOT); this does not.
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

    /// <summary>Brings the names in a folder to the disk; Windows keeps them by its own journal.</summary>
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        int descriptor = Open(folder, ReadOnlyDirectory);
        if (descriptor < 0) throw Failed();
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (FSync(handle) != 0) throw Failed();
    }

    private static IOException Failed() => new($"The disk did not take the data: {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
