using System.Security.Cryptography;
using LanCollab.Contracts;
using Microsoft.Win32.SafeHandles;

namespace LanCollab.Plugins.Files;

/// <summary>Sends one file of this machine to the hub.</summary>
internal sealed class Upload(ClientServices services, UploadEntry entry, SemaphoreSlim slots) : Transfer(services, entry.Upload, entry.Name, "up")
{
    private const int MostMismatches = 2;

    private readonly ClientServices _services = services;
    private UploadEntry _entry = entry;
    private long _done;
    private int _mismatches;

    /// <summary>Called when it is complete, with the file, and the offset at which the last connection went on.</summary>
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
            using SafeFileHandle source = SourceFile.Open(_entry.Path);
            await NoticeChangeAsync(cancellationToken).ConfigureAwait(false);
            await ConnectAsync(source, cancellationToken).ConfigureAwait(false);
        }
        catch (UserErrorException e) when (StartsAnew(e.Code))
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

    private async Task ConnectAsync(SafeFileHandle source, CancellationToken cancellationToken)
    {
        BlockSender? sender = null;
        await using TransferChannel channel = await TransferChannel.OpenAsync(
            _services, messages => messages.On<Acknowledged>(ack => Acknowledge(sender, ack.Offset)), cancellationToken).ConfigureAwait(false);
        long from = 0;
        SharedFile file = await channel.DuringAsync(async token =>
        {
            UploadCreated created = await CreateAsync(channel, token).ConfigureAwait(false);
            from = created.Offset;
            using IncrementalHash hash = await SourceFile.HashAsync(source, created.Offset, token).ConfigureAwait(false);
            sender = NewSender(source, channel, created, hash);
            using (sender)
            {
                sender.Acknowledge(created.Offset);
                await SourceFile.ReadingAsync(() => sender.RunAsync(token)).ConfigureAwait(false);
                return await channel.Messages.RequestAsync<SharedFile>(new CompleteUpload(ContentHash.Hex(hash)), token).ConfigureAwait(false);
            }
        }, cancellationToken).ConfigureAwait(false);
        Complete(file, from);
    }

    private async Task<UploadCreated> CreateAsync(TransferChannel channel, CancellationToken cancellationToken)
    {
        var request = new CreateUpload(Name, _entry.Size, _entry.Modified, _entry.Token);
        UploadCreated created = await channel.Messages.RequestAsync<UploadCreated>(request, cancellationToken).ConfigureAwait(false);
        if (created.Offset < 0 || created.Offset > _entry.Size || created.Window < 1)
            throw new ProtocolErrorException($"The server goes on at {created.Offset} of {_entry.Size} bytes with a window of {created.Window}.");
        if (created.Token != _entry.Token) Save(_entry with { Token = created.Token });
        _done = created.Offset;
        Progress.Begin(_done, _entry.Size);
        return created;
    }

    private BlockSender NewSender(SafeFileHandle source, TransferChannel channel, UploadCreated created, IncrementalHash hash)
    {
        int window = Math.Min(created.Window, BlockLayout.MaxData * 64);
        int chunk = _services.Options.UploadLimit == 0 ? created.Chunk : (int)Math.Min(Math.Max(_services.Options.UploadLimit / 10, 4096), created.Chunk);
        var pace = new Pace(_services.Options.UploadLimit, _services.Time);
        return new BlockSender(source, channel.Messages.Channel, created.Offset, _entry.Size, chunk, window) { Hash = hash, Pace = pace.TakeAsync };
    }

    private void Acknowledge(BlockSender? sender, long offset)
    {
        if (sender is null) throw new ProtocolErrorException($"Offset {offset} is acknowledged before anything was sent.");
        sender.Acknowledge(offset);
        _done = offset;
        Progress.Moved(offset, _entry.Size);
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

    private async Task NoticeChangeAsync(CancellationToken cancellationToken)
    {
        (long size, DateTimeOffset modified) = SourceFile.Look(_entry.Path);
        if (size == _entry.Size && modified == _entry.Modified) return;
        if (_entry.Token is { } old) await Discard(old, cancellationToken).ConfigureAwait(false);
        _services.Bridge.Publish(new FilesNotice($"{Name} has changed on the disk; its upload starts anew."));
        Save(_entry with { Size = size, Modified = modified, Token = null });
    }

    private bool StartsAnew(string code) => code switch
    {
        "unknown-upload" or "not-yours" or "changed" => _entry.Token is not null,
        "hash-mismatch" => ++_mismatches < MostMismatches,
        _ => false,
    };

    private void Save(UploadEntry entry)
    {
        _services.Journal.Put(entry);
        _entry = entry;
    }
}
