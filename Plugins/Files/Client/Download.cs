using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>Fetches one file or folder to this machine's disk. What is there from an earlier attempt is known by its hashes, block by block.</summary>
internal sealed class Download(ClientServices services, DownloadEntry entry) : Transfer(services, entry.File.Id, entry.Name, "down", entry.Paused)
{
    private readonly ClientServices _services = services;
    private readonly TargetFolder _folder = new(entry.Folder);
    private readonly Lock _lock = new();
    private DownloadEntry _entry = entry;
    private long _done;

    /// <summary>All is there: the same file may be fetched once more.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Where the whole of it lies; null before.</summary>
    public string? Place { get; private set; }

    /// <summary>Where it goes.</summary>
    public string Folder => _folder.Root;

    protected override (long Done, long Total) Position => (Interlocked.Read(ref _done), _entry.File.Size);

    private bool IsFolder => _entry.File.Files is not null;

    protected override Task ReadyAsync(CancellationToken cancellationToken) => _services.Gate.WaitAsync(_entry.Store, _entry.Room, cancellationToken);

    protected override async Task AttemptAsync(CancellationToken cancellationToken)
    {
        await using FileFetch fetch = await FileFetch.OpenAsync(_services, _entry.File, cancellationToken).ConfigureAwait(false);
        string part = Part();
        long from;
        using (IContentTarget target = await TargetAsync(fetch, part, cancellationToken).ConfigureAwait(false))
        {
            List<int> missing = await Task.Run(() => Missing(target, fetch.Hashes, cancellationToken), cancellationToken).ConfigureAwait(false);
            from = _done;
            Progress.Begin(_done, _entry.File.Size);
            await _services.Swarm.GetAsync(fetch, _entry.File, target, missing, (block, data, _) => Write(target, block, data), cancellationToken).ConfigureAwait(false);
            await Task.Run(() => DiskTarget.Local(() => { target.Flush(); return true; }), cancellationToken).ConfigureAwait(false);
        }
        IsOver = true;
        DiskTarget.Local(() => Publish(part, from));
    }

    protected override Task AbandonAsync(CancellationToken cancellationToken)
    {
        Forget();
        return Task.CompletedTask;
    }

    protected override void Forget()
    {
        _services.Swarm.Drop(Id);
        _services.Journal.RemoveDownload(Id);
        if (_entry.Part is { } part) SourceFile.Remove(part, _services.Log);
    }

    protected override void Remember(bool resting) => Save(_entry with { Paused = resting });

    private string Part()
    {
        if (_entry.Part is { } there && (IsFolder ? Directory.Exists(there) : File.Exists(there))) return there;
        string part = DiskTarget.Local(() => _folder.CreatePart(_entry.Name, IsFolder));
        Save(_entry with { Part = part });
        return part;
    }

    private async Task<IContentTarget> TargetAsync(FileFetch fetch, string part, CancellationToken cancellationToken)
    {
        if (_entry.File.Index is not { } length) return new DiskTarget(part, _entry.File.Size);
        byte[] index = await fetch.ReadAsync(0, length, cancellationToken).ConfigureAwait(false);
        return new FolderTarget(part, FolderIndex.Decode(index, _entry.File.Size - length), index);
    }

    private List<int> Missing(IContentTarget target, BlockHash[] hashes, CancellationToken cancellationToken)
    {
        var missing = new List<int>();
        long done = 0;
        byte[] buffer = BlockBuffers.Shared.Rent();
        for (int block = 0; block < hashes.Length; block++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int length = BlockLayout.Length(target.Size, block);
            if (BlockLayout.Offset(block) + length <= target.Existing && Matches(target, block, buffer.AsMemory(0, length), hashes[block])) done += length;
            else missing.Add(block);
        }
        BlockBuffers.Shared.Return(buffer);
        Interlocked.Exchange(ref _done, done);
        return missing;
    }

    private static bool Matches(IContentTarget target, int block, Memory<byte> buffer, BlockHash hash)
    {
        try
        {
            target.Read(BlockLayout.Offset(block), buffer);
            return BlockHash.Of(buffer.Span) == hash;
        }
        catch (EndOfStreamException)
        {
            return false;
        }
    }

    private ValueTask Write(IContentTarget target, int block, ReadOnlyMemory<byte> data)
    {
        DiskTarget.Local(() => { target.Write(BlockLayout.Offset(block), data); return true; });
        Progress.Moved(Interlocked.Add(ref _done, data.Length), _entry.File.Size);
        return ValueTask.CompletedTask;
    }

    private string Publish(string part, long from)
    {
        string path = Place = _folder.Publish(part, _entry.Name);
        // A folder's index is not on the disk any more, and with it its first blocks.
        if (IsFolder) _services.Swarm.Drop(Id);
        else _services.Swarm.Keep(Id, path);
        if (!IsFolder && _entry.File.Modified is { } modified) File.SetLastWriteTimeUtc(path, modified.UtcDateTime);
        DurableFile.FlushFolder(_folder.Root);
        _services.Journal.RemoveDownload(Id);
        FilesLog.TransferDone(_services.Log, Name, "downloaded", from);
        Progress.Become("done", _done, _entry.File.Size);
        _services.Bridge.Publish(new DownloadDone(Id, path, _entry.File.Sha256, from));
        return path;
    }

    private void Save(DownloadEntry entry)
    {
        lock (_lock)
        {
            _services.Journal.Put(entry);
            _entry = entry;
        }
    }
}
