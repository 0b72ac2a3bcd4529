using LanCollab.Contracts;

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
            .On<AskPeople>(_ => new RoomPeople([.. hub.Members(Peer.Room).Where(peer => peer.Id != Peer.Id).Select(peer => new RoomPerson(peer.Id, peer.Name))]))
            .On<WithdrawFile>(Withdraw)
            .On<DiscardUpload>(Discard)
            .On<CreateUpload>(Create)
            .On<BlockChecksums>(part => Upload().Announce(part))
            .On<BlockHashes>(part => Upload().Announce(part))
            .On<CompleteUpload>((_, token) => CompleteAsync(token))
            .On<FetchFile>(Fetch)
            .On<AskHashes>(request => Download().Hashes(request))
            .On<GetBlocks>(request => Download().Get(request))
            .On<JoinSwarm>(request => { hub.Swarm.Join(Standing, request); return null; })
            .On<HaveBlocks>(have => hub.Swarm.Have(Standing, have))
            .On<LostBlocks>(lost => hub.Swarm.Lost(Standing, lost))
            .On<AskPlan>(request => hub.Swarm.Plan(Standing, request))
            .On<AvoidPeer>(avoid => hub.Swarm.Avoid(Standing, avoid))
            .OnBinary((frame, token) => Upload().TakeAsync(frame, token));
    }

    private Peer Peer => _messages.Peer;

    private MessageChannel Standing => _messages;

    /// <summary>Serves the channel until it closes.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => _messages.RunAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        _hub.Watchers.Remove(_messages);
        _hub.Swarm.Leave(_messages);
        try
        {
            if (_download is not null) await _download.DisposeAsync().ConfigureAwait(false);
            if (_upload is not null) End(_upload);
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            FilesLog.StoreFailed(_hub.Log, e);
        }
        finally
        {
            // A full disk must not use up this person's transfers for good.
            if (_counted) _hub.Transfers.Leave(Peer);
            _ending.Dispose();
        }
    }

    private void End(UploadSession upload)
    {
        upload.Dispose();
        try
        {
            _hub.Store.Touch(upload.Row.Key);
        }
        finally
        {
            // Also when the disk is full: otherwise this upload would never be swept away.
            _hub.Sessions.Leave(upload);
        }
    }

    private object? Watch()
    {
        _hub.Watchers.Add(_messages, () => new FileItems(_hub.Store.Id, _hub.Store.List(Peer)));
        return null;
    }

    private object? Withdraw(WithdrawFile request)
    {
        FileRow row = Storing(() => _hub.Store.Withdraw(Peer, request));
        _hub.Swarm.Forget(request.Id);
        _hub.Watchers.Change(row, () => new FileWithdrawn(request.Id, "withdrawn"));
        FilesLog.Gone(_hub.Log, request.Id, "withdrawn");
        return null;
    }

    private object? Discard(DiscardUpload request) => Storing<object?>(() =>
    {
        _hub.Discard(_hub.Store.KeyOf(Peer, request.Token));
        return null;
    });

    private object? Create(CreateUpload request)
    {
        BeginTransfer();
        if (request.Name.Length is 0 or > 1024) throw new UserErrorException("bad-name", "A file's name has 1 to 1024 characters.");
        if (request is { Files: < 0 } or { Index: < 0 } || request.Index > request.Size || (request.Files is null) != (request.Index is null))
            throw new UserErrorException("bad-request", "A folder has a number of files, and an index within its size.");
        return Storing(() => Open(request));
    }

    private UploadCreated Open(CreateUpload request)
    {
        _hub.Store.CheckHealth();
        (UploadRow row, string token) = request.Token is null ? _hub.Store.Begin(Peer, request, Receiver(request.To)) : (Resume(request), request.Token);
        if (_finished is not null) return new UploadCreated(token, row.Size, UploadSession.Window);
        _upload = new UploadSession(_hub, _messages, row);
        _hub.Sessions.Enter(_upload);
        FilesLog.UploadOpened(_hub.Log, row.Name, row.Size, Peer.Name, _upload.Stored);
        return new UploadCreated(token, _upload.Stored, UploadSession.Window);
    }

    private Peer? Receiver(string? seat) => seat is null ? null
        : _hub.FindPeer(Peer.Room, seat) ?? throw new UserErrorException("unknown-person", "The person this file is for is not in the room any more.");

    private UploadRow Resume(CreateUpload request)
    {
        (UploadRow row, _finished) = _hub.Store.Resume(Peer, request);
        return row;
    }

    private UploadSession Upload() => _upload ?? throw new ProtocolErrorException("Blocks came before an upload was begun on this channel.");

    private ServerDownload Download() => _download ?? throw new ProtocolErrorException("Blocks were asked for before a download was begun on this channel.");

    private async ValueTask<object?> CompleteAsync(CancellationToken cancellationToken)
    {
        // The reply to an earlier complete was lost: the file is there, so say it again to the one who asks, and to nobody else.
        if (_finished is not null) return _finished.File;
        if (_upload is null) throw new UserErrorException("unknown-upload", "No upload was begun on this channel.");
        FileRow row;
        try
        {
            row = await _upload.CompleteAsync(Peer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            throw Refuse(e);
        }
        _finished = row;
        _hub.Watchers.Change(row, () => row.File);
        FilesLog.Shared(_hub.Log, Peer.Name, row.File.Name, row.File.Size, row.File.Id);
        return row.File;
    }

    private FetchStarted Fetch(FetchFile request)
    {
        BeginTransfer();
        FileRow row = _hub.Store.File(Peer, request.Id);
        _download = new ServerDownload(_hub, _messages, row, _ending.Token);
        return new FetchStarted(row.File.Size, row.File.Root, _download.Window);
    }

    private void BeginTransfer()
    {
        if (_upload is not null || _download is not null || _finished is not null)
            throw new UserErrorException("busy", "This channel has a transfer already; open another one.");
        if (_counted) return;
        _hub.Transfers.Enter(Peer);
        _counted = true;
    }

    private T Storing<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            throw Refuse(e);
        }
    }

    private UserErrorException Refuse(Exception e)
    {
        FilesLog.StoreFailed(_hub.Log, e);
        return StoreFailure.Refusal(e);
    }
}
