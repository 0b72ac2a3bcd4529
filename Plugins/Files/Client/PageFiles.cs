using System.Globalization;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>The page's own way: <c>PUT /files/&lt;name&gt;</c> shares a file, <c>GET /files/&lt;id&gt;</c> fetches one.</summary>
internal sealed class PageFiles
{
    private const int CopyBuffer = 256 * 1024;

    private readonly ClientServices _services;
    private readonly Uploads _uploads;
    private readonly string _spool;

    public PageFiles(ClientServices services, Uploads uploads)
    {
        (_services, _uploads, _spool) = (services, uploads, Path.Combine(services.Context.DataDirectory, "spool"));
        Directory.CreateDirectory(_spool);
        RemoveLeftOvers();
    }

    /// <summary>Copies the body to the spool, then shares it. Query <c>modified</c>: milliseconds since 1970.</summary>
    public async Task PutAsync(IHttpExchange exchange, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(exchange.Rest)) throw new UserErrorException("bad-name", "PUT /files/<name> needs the file's name.");
        _services.Gate.Require();
        string path = Path.Combine(_spool, RandomId.Hex(16));
        try
        {
            await SpoolAsync(exchange, path, cancellationToken).ConfigureAwait(false);
            UploadStarted started = _uploads.Offer(path, exchange.Rest, spooled: true);
            await exchange.RespondAsync(started, cancellationToken).ConfigureAwait(false);
        }
        catch when (!_services.Journal.State.Uploads.Any(entry => entry.Path == path))
        {
            SourceFile.Remove(path, _services.Log);
            throw;
        }
    }

    /// <summary>
    /// Streams a file from the hub, or a part of it (<c>Range</c>); a folder comes as a ZIP archive. Query <c>view=1</c>: to be shown and not
    /// saved, for the kinds that cannot run anything.
    /// </summary>
    public async Task GetAsync(IHttpExchange exchange, CancellationToken cancellationToken)
    {
        SharedFile file = _services.Files.Require(exchange.Rest);
        try
        {
            await using FileFetch fetch = await FileFetch.OpenAsync(_services, file, cancellationToken).ConfigureAwait(false);
            if (file.Index is not null) await FolderZip.SendAsync(exchange, file, fetch, cancellationToken).ConfigureAwait(false);
            else await PageDownload.SendAsync(exchange, file, fetch, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UserErrorException("connection-lost", $"{file.Name} did not arrive whole: {e.Message}");
        }
    }

    private async Task SpoolAsync(IHttpExchange exchange, string path, CancellationToken cancellationToken)
    {
        try
        {
            CheckRoom(exchange.ContentLength ?? 0);
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
            await exchange.Body.CopyToAsync(file, CopyBuffer, cancellationToken).ConfigureAwait(false);
            if (exchange.ContentLength is { } told && told != file.Length)
                throw new UserErrorException("incomplete", $"{file.Length} of {told} bytes arrived.");
            Durable.Flush(file.SafeFileHandle);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException("local-disk", $"This machine's disk does not take the file: {e.Message}");
        }
        if (long.TryParse(exchange.Query("modified"), NumberStyles.None, CultureInfo.InvariantCulture, out long modified) && modified < 4_102_444_800_000)
            File.SetLastWriteTimeUtc(path, DateTimeOffset.FromUnixTimeMilliseconds(modified).UtcDateTime);
    }

    private void CheckRoom(long bytes)
    {
        if (new DriveInfo(_spool).AvailableFreeSpace - bytes < _services.Options.MinFreeBytes)
            throw new UserErrorException("local-disk", "This machine's disk is too full to take the file.");
    }

    private void RemoveLeftOvers()
    {
        HashSet<string> needed = [.. _services.Journal.State.Uploads.Select(entry => entry.Path)];
        foreach (string path in Directory.EnumerateFiles(_spool).Where(path => !needed.Contains(path))) SourceFile.Remove(path, _services.Log);
    }
}
