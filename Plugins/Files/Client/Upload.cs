using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>Sends one file or folder of this machine to the hub.</summary>
/// <param name="services">What the plugin has.</param>
/// <param name="entry">The journal's entry.</param>
/// <param name="slots">How many run at a time.</param>
/// <param name="running">How many do, this one included.</param>
internal sealed class Upload(ClientServices services, UploadEntry entry, SemaphoreSlim slots, Func<int> running) : Transfer(services, entry.Upload, entry.Name, "up", entry.Paused)
{
    private readonly ClientServices _services = services;
    private readonly Lock _lock = new();
    private UploadEntry _entry = entry;
    private KnownBlocks _known = new(BlockLayout.Count(entry.Size));
    private long _done;

    /// <summary>Called when it is complete, with the file, and the bytes that the hub had when the last connection began.</summary>
    public required Action<SharedFile, long> Completed { get; init; }

    /// <summary>Tells the hub to throw an unfinished upload away, if it can be reached.</summary>
    public required Func<string, CancellationToken, Task> Discard { get; init; }

    protected override (long Done, long Total) Position => (_done, _entry.Size);

    protected override Task ReadyAsync(CancellationToken cancellationToken) => _services.Gate.WaitAsync(_entry.Store, _entry.Room, cancellationToken);

    protected override async Task AttemptAsync(CancellationToken cancellationToken)
    {
        await slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using IContent source = SourceFile.Open(_entry.Path);
            await NoticeChangeAsync(source, cancellationToken).ConfigureAwait(false);
            await ConnectAsync(source, cancellationToken).ConfigureAwait(false);
        }
        catch (UserErrorException e) when (e.Code is "unknown-upload" or "not-yours" or "changed" && _entry.Token is not null)
        {
            _services.Bridge.Publish(new FilesNotice($"The upload of {Name} starts anew. {e.Message}"));
            Save(_entry with { Token = null });
            throw new IOException(e.Message, e);
        }
        finally
        {
            slots.Release();
        }
    }

    protected override async Task AbandonAsync(CancellationToken cancellationToken)
    {
        Forget();
        if (_entry.Token is { } token) await Discard(token, cancellationToken).ConfigureAwait(false);
    }

    protected override void Forget()
    {
        _services.Journal.RemoveUpload(Id);
        if (_entry.Spooled) SourceFile.Remove(_entry.Path, _services.Log);
    }

    protected override void Remember(bool resting)
    {
        lock (_lock) Save(_entry with { Paused = resting });
    }

    private async Task ConnectAsync(IContent source, CancellationToken cancellationToken)
    {
        BlockSender? sender = null;
        await using TransferChannel channel = await TransferChannel.OpenAsync(
            _services, messages => messages
                .On<Acknowledged>(ack => Required(sender).Acknowledge(ack))
                .On<SendAgain>((again, token) => { Required(sender).Again(again, token); return new((object?)null); }), cancellationToken).ConfigureAwait(false);
        long from = 0;
        SharedFile file = await channel.DuringAsync(async token =>
        {
            UploadCreated created = await CreateAsync(channel, source, token).ConfigureAwait(false);
            from = created.Offset;
            if (from < _entry.Size || from == 0)
            {
                sender = NewSender(source, channel, created);
                await SourceFile.ReadingAsync(() => sender.RunAsync(token)).ConfigureAwait(false);
            }
            return await channel.Messages.RequestAsync<SharedFile>(new CompleteUpload(), token).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
        Complete(file, from);
    }

    private static BlockSender Required(BlockSender? sender) => sender ?? throw new ProtocolErrorException("Blocks are acknowledged before anything was sent.");

    private async Task<UploadCreated> CreateAsync(TransferChannel channel, IContent source, CancellationToken cancellationToken)
    {
        var folder = source as FolderContent;
        var request = new CreateUpload(Name, _entry.Size, _entry.Modified, _entry.Token, _entry.To, folder?.Count, folder?.IndexBytes);
        UploadCreated created = await channel.Messages.RequestAsync<UploadCreated>(request, cancellationToken).ConfigureAwait(false);
        if (created.Offset < 0 || created.Offset > _entry.Size || created.Window < 1)
            throw new ProtocolErrorException($"The server has {created.Offset} of {_entry.Size} bytes and takes {created.Window} blocks at a time.");
        if (created.Token != _entry.Token) Save(_entry with { Token = created.Token });
        _done = created.Offset;
        Progress.Begin(_done, _entry.Size);
        return created;
    }

    private BlockSender NewSender(IContent source, TransferChannel channel, UploadCreated created)
    {
        // Together not more than the memory for blocks, however many run.
        const int most = 24, all = 48;
        var pace = new Pace(_services.Options.UploadLimit, _services.Time);
        return new BlockSender(source, channel.Messages, Math.Min(created.Window, Math.Clamp(all / running(), 6, most)), _known)
        {
            Pace = pace.TakeAsync,
            Moved = bytes =>
            {
                // What the hub had before is acknowledged again bit by bit, which is no progress.
                _done = Math.Max(_done, bytes);
                Progress.Moved(_done, _entry.Size);
            },
        };
    }

    private void Complete(SharedFile file, long from)
    {
        _done = _entry.Size;
        _services.Journal.Finish(_entry, file.Id);
        if (_entry.Spooled) SourceFile.Remove(_entry.Path, _services.Log);
        FilesLog.TransferDone(_services.Log, Name, "uploaded", from);
        Progress.Become("done", _done, _entry.Size);
        Completed(file, from);
    }

    private async Task NoticeChangeAsync(IContent source, CancellationToken cancellationToken)
    {
        DateTimeOffset modified = SourceFile.Modified(_entry.Path, source);
        if (source.Size == _entry.Size && modified == _entry.Modified) return;
        _services.Bridge.Publish(new FilesNotice($"{Name} has changed on the disk; its upload starts anew."));
        _known = new(BlockLayout.Count(source.Size));
        string? old = _entry.Token;
        Save(_entry with { Size = source.Size, Modified = modified, Token = null });
        if (old is not null) await Discard(old, cancellationToken).ConfigureAwait(false);
    }

    private void Save(UploadEntry entry)
    {
        _services.Journal.Put(entry);
        _entry = entry;
    }
}
