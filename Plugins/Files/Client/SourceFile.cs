using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Files;

/// <summary>A file or folder of this machine that is read for an upload; what goes wrong with it is told as such, and not as a lost connection.</summary>
internal static class SourceFile
{
    /// <summary>Opens it; others may go on writing to it.</summary>
    /// <exception cref="UserErrorException"><c>bad-path</c>, <c>too-many-files</c>.</exception>
    public static IContent Open(string path) => Reading<IContent>(path, () =>
    {
        if (Directory.Exists(path)) return FolderContent.Open(path);
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        return new FileContent(file, RandomAccess.GetLength(file));
    });

    /// <summary>When it was changed; of a folder, the latest change of a file in it.</summary>
    /// <exception cref="UserErrorException"><c>bad-path</c>.</exception>
    public static DateTimeOffset Modified(string path, IContent content) =>
        Reading(path, () => new DateTimeOffset(content is FolderContent folder ? folder.Modified : new FileInfo(path).LastWriteTimeUtc));

    /// <summary>Does work that reads the file.</summary>
    /// <exception cref="UserErrorException"><c>source-changed</c>: it is shorter than it was.</exception>
    public static async Task ReadingAsync(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception e) when (e is EndOfStreamException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new UserErrorException("source-changed", $"The file changed while it was read; share it again. ({e.Message})");
        }
    }

    /// <summary>Removes the daemon's own copy.</summary>
    public static void Remove(string path, ILogger log)
    {
        try
        {
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
            else File.Delete(path);
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
