using System.Globalization;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>The page's own way: <c>PUT /files/&lt;name&gt;</c> shares a file, <c>GET /files/&lt;id&gt;</c> fetches one.</summary>
internal sealed class PageFiles
{
    private const int CopyBuffer = 256 * 1024;

    private readonly ClientServices _services;
    private readonly Uploads _uploads;
    private readonly PageSpool _spool;

    public PageFiles(ClientServices services, Uploads uploads) => (_services, _uploads, _spool) = (services, uploads, new PageSpool(services));

    /// <summary>For a page that has come: what an earlier one did not hand over whole.</summary>
    public UnfinishedPuts Unfinished => _spool.Unfinished;

    /// <summary>
    /// Copies the body to the spool, then shares it. Query: <c>modified</c>, milliseconds since 1970; <c>to</c>, a seat; <c>folder</c>, a key: the file is one of a
    /// folder, at the path that the address has, and <see cref="GatherFolder"/> shares them; <c>key</c>, <c>size</c> and <c>offset</c>: it goes on when it was cut off.
    /// </summary>
    public async Task PutAsync(IHttpExchange exchange, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(exchange.Rest)) throw new UserErrorException("bad-name", "PUT /files/<name> needs the file's name.");
        _services.Gate.Require();
        object answer = exchange switch
        {
            _ when exchange.Query("folder") is { } folder => await PutInFolderAsync(exchange, folder, cancellationToken).ConfigureAwait(false),
            _ when exchange.Query("key") is { } key => await PutOnAsync(exchange, key, cancellationToken).ConfigureAwait(false),
            _ => await PutWholeAsync(exchange, cancellationToken).ConfigureAwait(false),
        };
        await exchange.RespondAsync(answer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Shares what was put into a folder.</summary>
    /// <exception cref="UserErrorException"><c>bad-request</c>, <c>not-joined</c>.</exception>
    public UploadStarted Gather(GatherFolder request)
    {
        string path = _spool.FolderPath(request.Folder);
        if (!Directory.Exists(path)) throw new UserErrorException("bad-request", "Nothing was put into this folder.");
        return _uploads.Offer(path, request.Name, spooled: true, request.To);
    }

    /// <summary>Throws away what was not handed over whole.</summary>
    public object? Forget(ForgetPut request)
    {
        _spool.Forget(request.Key);
        _services.Bridge.Publish(Unfinished);
        return null;
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

    private async Task<UploadStarted> PutWholeAsync(IHttpExchange exchange, CancellationToken cancellationToken)
    {
        string path = _spool.NewPath();
        try
        {
            await OnDiskAsync(exchange, async () =>
            {
                await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
                await CopyAsync(exchange, file, cancellationToken).ConfigureAwait(false);
            }).ConfigureAwait(false);
            Stamp(exchange, path);
            return _uploads.Offer(path, exchange.Rest, spooled: true, exchange.Query("to"));
        }
        catch when (!_services.Journal.State.Uploads.Any(entry => entry.Path == path))
        {
            SourceFile.Remove(path, _services.Log);
            throw;
        }
    }

    private async Task<PutTaken> PutInFolderAsync(IHttpExchange exchange, string folder, CancellationToken cancellationToken)
    {
        string path = "";
        await OnDiskAsync(exchange, async () =>
        {
            await using FileStream file = _spool.CreateIn(folder, exchange.Rest);
            path = file.Name;
            await CopyAsync(exchange, file, cancellationToken).ConfigureAwait(false);
        }).ConfigureAwait(false);
        Stamp(exchange, path);
        return new PutTaken(folder);
    }

    private async Task<UploadStarted> PutOnAsync(IHttpExchange exchange, string key, CancellationToken cancellationToken)
    {
        long size = Number(exchange, "size"), offset = Number(exchange, "offset");
        string name = exchange.Rest, path = _spool.Begin(new UnfinishedPut(key, name, size, Number(exchange, "modified"), 0, exchange.Query("to")));
        try
        {
            await OnDiskAsync(exchange, () => PageCopy.GoOnAsync(exchange.Body, path, offset, size, cancellationToken)).ConfigureAwait(false);
            Stamp(exchange, path);
        }
        catch
        {
            _spool.End(key);
            // The page that went away has left a successor, perhaps, which wants to know.
            _services.Bridge.Publish(Unfinished);
            throw;
        }
        string whole = _spool.Finish(key);
        _spool.End(key);
        return _uploads.Offer(whole, name, spooled: true, exchange.Query("to"));
    }

    private static async Task CopyAsync(IHttpExchange exchange, FileStream file, CancellationToken cancellationToken)
    {
        await exchange.Body.CopyToAsync(file, CopyBuffer, cancellationToken).ConfigureAwait(false);
        if (exchange.ContentLength is { } told && told != file.Length)
            throw new UserErrorException("incomplete", $"{file.Length} of {told} bytes arrived.");
        DurableFile.Flush(file.SafeFileHandle);
    }

    private async Task OnDiskAsync(IHttpExchange exchange, Func<Task> work)
    {
        try
        {
            CheckRoom(exchange.ContentLength ?? 0);
            await work().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException("local-disk", $"This machine's disk does not take the file: {e.Message}");
        }
    }

    private static void Stamp(IHttpExchange exchange, string path)
    {
        const long latest = 4_102_444_800_000;
        if (Number(exchange, "modified") is > 0 and < latest and var modified) File.SetLastWriteTimeUtc(path, DateTimeOffset.FromUnixTimeMilliseconds(modified).UtcDateTime);
    }

    private static long Number(IHttpExchange exchange, string name) =>
        long.TryParse(exchange.Query(name), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;

    private void CheckRoom(long bytes)
    {
        if (new DriveInfo(_services.Context.DataDirectory).AvailableFreeSpace - bytes < _services.Options.MinFreeBytes)
            throw new UserErrorException("local-disk", "This machine's disk is too full to take the file.");
    }
}
