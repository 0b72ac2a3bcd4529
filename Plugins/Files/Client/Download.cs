using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>Fetches one file to this machine's disk.</summary>
internal sealed class Download(ClientServices services, DownloadEntry entry) : Transfer(services, entry.File.Id, entry.Name, "down")
{
    private const int MostMismatches = 2;

    private readonly ClientServices _services = services;
    private readonly TargetFolder _folder = new(entry.Folder);
    private DownloadEntry _entry = entry;
    private long _done;
    private int _mismatches;

    /// <summary>Where it goes.</summary>
    public string Folder => _folder.Root;

    protected override (long Done, long Total) Position => (_done, _entry.File.Size);

    protected override Task ReadyAsync(CancellationToken cancellationToken) => _services.Gate.WaitAsync(_entry.Store, _entry.Room, cancellationToken);

    protected override async Task AttemptAsync(CancellationToken cancellationToken)
    {
        string part = await PartAsync().ConfigureAwait(false);
        long from;
        using (DiskTarget target = await DiskTarget.OpenAsync(part, _entry.File.Size, cancellationToken).ConfigureAwait(false))
        {
            from = _done = target.Offset;
            Progress.Begin(_done, _entry.File.Size);
            await FetchAsync(target, cancellationToken).ConfigureAwait(false);
        }
        await DiskTarget.LocalAsync(() => Task.FromResult(Publish(part, from))).ConfigureAwait(false);
    }

    protected override Task AbandonAsync(CancellationToken cancellationToken)
    {
        Forget();
        return Task.CompletedTask;
    }

    protected override void Forget()
    {
        _services.Journal.RemoveDownload(Id);
        if (_entry.Part is { } part) SourceFile.Remove(part, _services.Log);
    }

    private async Task<string> PartAsync()
    {
        if (_entry.Part is { } there && File.Exists(there)) return there;
        string part = await DiskTarget.LocalAsync(() => Task.FromResult(_folder.CreatePart(_entry.Name))).ConfigureAwait(false);
        _entry = _entry with { Part = part };
        _services.Journal.Put(_entry);
        return part;
    }

    private async Task FetchAsync(DiskTarget target, CancellationToken cancellationToken)
    {
        try
        {
            await FileFetch.RunAsync(_services, _entry.File, target.Offset, target.Hash, target, Moved, cancellationToken).ConfigureAwait(false);
            await DiskTarget.LocalAsync(() => Task.Run(() => { target.Flush(); return true; }, cancellationToken)).ConfigureAwait(false);
        }
        catch (HashMismatchException e)
        {
            target.Clear();
            if (++_mismatches >= MostMismatches) throw new UserErrorException("hash-mismatch", $"{Name} did not arrive as it was shared. {e.Message}");
            throw new IOException(e.Message, e);
        }
    }

    private void Moved(long offset)
    {
        _done = offset;
        Progress.Moved(offset, _entry.File.Size);
    }

    private string Publish(string part, long from)
    {
        string path = _folder.Publish(part, _entry.Name);
        if (_entry.File.Modified is { } modified) File.SetLastWriteTimeUtc(path, modified.UtcDateTime);
        Durable.FlushFolder(_folder.Root);
        _services.Journal.RemoveDownload(Id);
        FilesLog.TransferDone(_services.Log, Name, "downloaded", from);
        Progress.Become("done", _done, _entry.File.Size);
        _services.Bridge.Publish(new DownloadDone(Id, path, _entry.File.Sha256, from));
        return path;
    }
}
