using System.IO.Compression;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>A shared folder as a ZIP archive for the browser, made while it streams; nothing is compressed, a LAN is faster than that.</summary>
internal static class FolderZip
{
    private const int Buffer = 64 * 1024;

    /// <summary>Sends it.</summary>
    public static async Task SendAsync(IHttpExchange exchange, SharedFile folder, FileFetch fetch, CancellationToken cancellationToken)
    {
        int indexBytes = folder.Index!.Value;
        FolderIndex index = FolderIndex.Decode(await fetch.ReadAsync(0, indexBytes, cancellationToken).ConfigureAwait(false), folder.Size - indexBytes);
        exchange.Respond(200,
            ("Content-Type", "application/zip"),
            ("Content-Disposition", $"attachment; filename*=UTF-8''{Uri.EscapeDataString(SafeFileName.Of(folder.Name))}.zip"),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"));
        var pipe = new System.IO.Pipelines.Pipe(new System.IO.Pipelines.PipeOptions(pauseWriterThreshold: 4 << 20, resumeWriterThreshold: 2 << 20));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task reading = FillAsync(fetch, indexBytes, folder.Size - indexBytes, pipe.Writer, stop.Token);
        try
        {
            await using Stream content = pipe.Reader.AsStream();
            await WriteAsync(exchange.Output, index, content, cancellationToken).ConfigureAwait(false);
            await reading.ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task FillAsync(FileFetch fetch, long offset, long length, System.IO.Pipelines.PipeWriter writer, CancellationToken cancellationToken)
    {
        try
        {
            await PageDownload.CopyAsync(fetch, offset, length, writer.AsStream(leaveOpen: true), cancellationToken).ConfigureAwait(false);
            await writer.CompleteAsync().ConfigureAwait(false);
        }
        // The reader of the pipe gets it and ends the response with it.
        catch (Exception e)
        {
            await writer.CompleteAsync(e).ConfigureAwait(false);
        }
    }

    private static async Task WriteAsync(Stream output, FolderIndex index, Stream content, CancellationToken cancellationToken)
    {
        await using var zip = await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken).ConfigureAwait(false);
        byte[] buffer = new byte[Buffer];
        foreach (var (file, path) in index.Files.Zip(FolderTarget.SafePaths(index.Files.Select(file => file.Path))))
        {
            ZipArchiveEntry entry = zip.CreateEntry(path.Replace('\\', '/'), CompressionLevel.NoCompression);
            await using Stream into = await entry.OpenAsync(cancellationToken).ConfigureAwait(false);
            for (long left = file.Size; left > 0;)
            {
                int read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), cancellationToken).ConfigureAwait(false);
                if (read == 0) throw new EndOfStreamException("The folder's content ended early.");
                await into.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                left -= read;
            }
        }
    }
}
