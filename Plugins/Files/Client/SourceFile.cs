using System.Security.Cryptography;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace LanCollab.Plugins.Files;

/// <summary>A file of this machine that is read for an upload; what goes wrong with it is told as such, and not as a lost connection.</summary>
internal static class SourceFile
{
    /// <summary>Opens it; others may go on writing to it.</summary>
    /// <exception cref="UserErrorException"><c>bad-path</c>.</exception>
    public static SafeFileHandle Open(string path) =>
        Reading(path, () => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous));

    /// <summary>Its size and when it was changed.</summary>
    /// <exception cref="UserErrorException"><c>bad-path</c>.</exception>
    public static (long Size, DateTimeOffset Modified) Look(string path) => Reading(path, () =>
    {
        var file = new FileInfo(path);
        return (file.Length, new DateTimeOffset(file.LastWriteTimeUtc));
    });

    /// <summary>A hash that has taken its first bytes.</summary>
    /// <exception cref="UserErrorException"><c>source-changed</c>, <c>bad-path</c>.</exception>
    public static async Task<IncrementalHash> HashAsync(SafeFileHandle source, long length, CancellationToken cancellationToken)
    {
        IncrementalHash? hash = null;
        await ReadingAsync(async () => hash = await ContentHash.OfPrefixAsync(source, length, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        return hash!;
    }

    /// <summary>Does work that reads the file.</summary>
    /// <exception cref="UserErrorException"><c>source-changed</c>: it is shorter than it was.</exception>
    public static async Task ReadingAsync(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (EndOfStreamException)
        {
            throw new UserErrorException("source-changed", "The file became shorter while it was read; share it again.");
        }
    }

    /// <summary>Removes the daemon's own copy.</summary>
    public static void Remove(string path, ILogger log)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next start removes what no upload needs.
            FilesLog.NotRemoved(log, path, e);
        }
    }

    private static T Reading<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UserErrorException("bad-path", $"{path} cannot be read: {e.Message}");
        }
    }
}
