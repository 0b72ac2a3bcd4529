using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Files;

/// <summary>
/// One channel to the hub. Which kind it is shows in its first request: <c>list</c> makes it a standing one, <c>create</c> an upload,
/// <c>fetch</c> a download.
/// </summary>
internal sealed class FilesConnection : IAsyncDisposable
{
    private readonly FilesHub _hub;
    private readonly MessageChannel _messages;
    private readonly CancellationTokenSource _ending;
    private UploadSession? _upload;
    private FileRow? _finished;
    private ServerDownload? _download;
    private bool _counted;

    public FilesConnection(FilesHub hub, IChannel channel, CancellationToken cancellationToken)
    {
        _hub = hub;
        _ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _messages = new MessageChannel(channel, FilesJson.Messages, hub.Log)
            .On<ListFiles>(_ => Watch())
            .On<WithdrawFile>(Withdraw)
            .On<DiscardUpload>((request, _) => DiscardAsync(request))
            .On<CreateUpload>(CreateAsync)
            .On<CompleteUpload>(CompleteAsync)
            .On<FetchFile>(Fetch)
            .On<Acknowledged>(Acknowledge)
            .OnBinary(TakeAsync);
    }

    private Peer Peer => _messages.Peer;

    /// <summary>Serves the channel until it closes.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _messages.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (StoreFailedException e)
        {
            // Told to the client already; the channel closes, the hub goes on.
            FilesLog.StoreFailed(_hub.Log, Peer.Name, e.InnerException!);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        _hub.Watchers.Remove(_messages);
        try
        {
            if (_download is not null) await _download.DisposeAsync().ConfigureAwait(false);
            if (_upload is not null) await _upload.EndAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (StoreFailedException.IsStore(e))
        {
            FilesLog.StoreFailed(_hub.Log, Peer.Name, e);
        }
        finally
        {
            // A full disk must not use up this person's transfers for good.
            if (_counted) _hub.Transfers.Leave(Peer);
            _ending.Dispose();
        }
    }

    private object? Watch()
    {
        _hub.Watchers.Add(_messages, () => new FileItems(_hub.Store.Id, _hub.Store.List(Peer.Room)));
        return null;
    }

    private object? Withdraw(WithdrawFile request)
    {
        _hub.Watchers.Change(Peer.Room, () =>
        {
            _hub.Store.Withdraw(Peer, request);
            return new FileWithdrawn(request.Id, "withdrawn");
        });
        FilesLog.Gone(_hub.Log, request.Id, "withdrawn");
        return null;
    }

    private async ValueTask<object?> DiscardAsync(DiscardUpload request)
    {
        await _hub.DiscardAsync(_hub.Store.KeyOf(Peer, request.Token)).ConfigureAwait(false);
        return null;
    }

    private async ValueTask<object?> CreateAsync(CreateUpload request, CancellationToken cancellationToken)
    {
        BeginTransfer();
        if (request.Name.Length is 0 or > 1024) throw new UserErrorException("bad-name", "A file's name has 1 to 1024 characters.");
        try
        {
            return await OpenUploadAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (StoreFailedException.IsStore(e))
        {
            FilesLog.StoreFailed(_hub.Log, Peer.Name, e);
            throw StoreFailedException.Refusal(e);
        }
    }

    private async Task<UploadCreated> OpenUploadAsync(CreateUpload request, CancellationToken cancellationToken)
    {
        (UploadRow row, string token) = request.Token is null ? _hub.Store.Begin(Peer, request) : (Resume(request), request.Token);
        if (_finished is not null) return new UploadCreated(token, row.Size, BlockLayout.Chunk, _hub.Options.Window);
        _upload = await UploadSession.OpenAsync(_hub.Store, _hub.Sessions, row, cancellationToken).ConfigureAwait(false);
        FilesLog.UploadOpened(_hub.Log, row.Name, row.Size, Peer.Name, _upload.Committed);
        return new UploadCreated(token, _upload.Committed, BlockLayout.Chunk, _hub.Options.Window);
    }

    private UploadRow Resume(CreateUpload request)
    {
        (UploadRow row, _finished) = _hub.Store.Resume(Peer, request);
        return row;
    }

    private async ValueTask TakeAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        if (_upload is null) throw new ProtocolErrorException("A block came before an upload was begun on this channel.");
        if (await StoreAsync(_upload, frame, cancellationToken).ConfigureAwait(false))
            await _messages.SendAsync(new Acknowledged(_upload.Committed), cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> StoreAsync(UploadSession upload, ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        try
        {
            return await upload.TakeAsync(frame, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            UserErrorException refusal = StoreFailedException.Refusal(e);
            await _messages.SendAsync(new TransferStopped(refusal.Code, refusal.Message), cancellationToken).ConfigureAwait(false);
            throw new StoreFailedException(e);
        }
    }

    private async ValueTask<object?> CompleteAsync(CompleteUpload request, CancellationToken cancellationToken)
    {
        if (!ContentHash.IsHex(request.Sha256)) throw new UserErrorException("bad-request", "sha256 must be 64 hex digits.");
        // The reply to an earlier complete was lost: the file is there, so say it again to the one who asks, and to nobody else.
        if (_finished is not null) return SameContent(_finished, request.Sha256);
        if (_upload is null) throw new UserErrorException("unknown-upload", "No upload was begun on this channel.");
        FileRow row = await FinishAsync(_upload, request.Sha256, cancellationToken).ConfigureAwait(false);
        _hub.Watchers.Change(row.Room, () => row.File);
        FilesLog.Shared(_hub.Log, Peer.Name, row.File.Name, row.File.Size, row.File.Id);
        return row.File;
    }

    private async Task<FileRow> FinishAsync(UploadSession upload, string sha256, CancellationToken cancellationToken)
    {
        try
        {
            return await upload.CompleteAsync(Peer, sha256, cancellationToken).ConfigureAwait(false);
        }
        catch (UserErrorException e) when (e.Code == "hash-mismatch")
        {
            FilesLog.HashMismatch(_hub.Log, upload.Row.Name, Peer.Name);
            throw;
        }
        catch (Exception e) when (StoreFailedException.IsStore(e))
        {
            FilesLog.StoreFailed(_hub.Log, Peer.Name, e);
            throw StoreFailedException.Refusal(e);
        }
    }

    private static SharedFile SameContent(FileRow row, string sha256) => string.Equals(row.File.Sha256, sha256, StringComparison.OrdinalIgnoreCase)
        ? row.File
        : throw new UserErrorException("hash-mismatch", "This upload is complete already, with other content.");

    private object? Fetch(FetchFile request)
    {
        BeginTransfer();
        FileRow row = _hub.Store.File(Peer.Room, request.Id);
        if (request.Offset < 0 || request.Offset > row.File.Size)
            throw new UserErrorException("bad-offset", $"Offset {request.Offset} is not within the file's {row.File.Size} bytes.");
        _download = new ServerDownload(_hub, _messages, row, request.Offset, _ending.Token);
        return new FetchStarted(row.File.Size, row.File.Sha256, request.Offset, _hub.Options.Window);
    }

    private void Acknowledge(Acknowledged message)
    {
        if (_download is null) throw new ProtocolErrorException("An acknowledgement came on a channel without a download.");
        _download.Acknowledge(message.Offset);
    }

    private void BeginTransfer()
    {
        if (_upload is not null || _download is not null || _finished is not null)
            throw new UserErrorException("busy", "This channel has a transfer already; open another one.");
        if (_counted) return;
        _hub.Transfers.Enter(Peer);
        _counted = true;
    }
}
