using LanCollab.Contracts;
using Microsoft.Win32.SafeHandles;

namespace LanCollab.Plugins.Files;

/// <summary>
/// Contents and unfinished uploads on the hub's disk, by the hashes of their blocks: the same bytes are kept once, whoever sends them and
/// under whatever name. A block counts when its bytes are on the disk and its row is committed; a file is visible when all of its blocks count.
/// </summary>
internal sealed class FileStore : IDisposable
{
    private readonly string _folder;
    private readonly StoreDatabase _database;
    private readonly Packs _packs;
    private readonly Func<FilesOptions> _options;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly List<BlockPlace> _stale = [];
    private readonly Action<SafeFileHandle> _flush;

    /// <summary>There are blocks of before they had checksums: they expire as any other, and a later start finds none.</summary>
    private readonly bool _anyMayBeKnown;

    /// <summary>Opens it, and removes what a crash has left half done.</summary>
    /// <param name="folder">The plugin's data folder.</param>
    /// <param name="options">Limits, of this moment.</param>
    /// <param name="time">The clock.</param>
    /// <param name="flush">Stands for fsync.</param>
    public FileStore(string folder, Func<FilesOptions> options, TimeProvider time, Action<SafeFileHandle> flush)
    {
        (_folder, _options, _time, _flush) = (folder, options, time, flush);
        _database = new StoreDatabase(Path.Combine(folder, "store.db"));
        _packs = new Packs(Path.Combine(folder, "packs"), flush);
        _database.CollectAll();
        _anyMayBeKnown = _database.HasWithoutChecksum();
        _packs.Sweep(_database.Places());
    }

    /// <summary>Tests let the disk be small. Bytes that are free where the path lies.</summary>
    internal Func<string, long> FreeBytes { get; set; } = path => new DriveInfo(path).AvailableFreeSpace;

    /// <summary>Random, for the life of the store.</summary>
    public string Id => _database.StoreId;

    /// <summary>Why nothing can be stored at the moment; null when all is well.</summary>
    public UserErrorException? Trouble { get; private set; }

    /// <summary>What a person may see of the room's files, oldest first.</summary>
    public IReadOnlyList<SharedFile> List(Peer peer)
    {
        lock (_lock) return [.. _database.Files(peer.Room).Where(row => row.IsFor(peer)).Select(row => row.File)];
    }

    /// <summary>A file of the room.</summary>
    /// <exception cref="UserErrorException"><c>unknown-file</c>.</exception>
    public FileRow File(Peer peer, string id)
    {
        FileRow? row;
        lock (_lock) row = _database.File(id);
        return row is not null && row.IsFor(peer) ? row : throw new UserErrorException("unknown-file", "This file is not shared in this room any more.");
    }

    /// <summary>The hashes of a content's blocks.</summary>
    public IReadOnlyList<BlockHash> Blocks(string root)
    {
        lock (_lock) return _database.ContentBlocks(root);
    }

    /// <summary>Begins an upload.</summary>
    /// <param name="peer">The uploader.</param>
    /// <param name="request">What it is.</param>
    /// <param name="to">Whom it is for; null: everybody in the room.</param>
    /// <returns>Its row and the token.</returns>
    /// <exception cref="UserErrorException">A limit; see <see cref="StoreLimits"/>.</exception>
    public (UploadRow Row, string Token) Begin(Peer peer, CreateUpload request, Peer? to)
    {
        string token = RandomId.Token();
        var row = new UploadRow(
            RandomId.KeyOf(token), peer.Room, FileRow.PersonOf(peer), SafeFileName.Of(request.Name), request.Size, request.Modified,
            to is null ? null : FileRow.PersonOf(to), to?.Name, request.Files, request.Index);
        lock (_lock)
        {
            StoreLimits.Check(_options(), Usage(peer), request.Size);
            _database.Insert(row, _time.GetUtcNow());
        }
        return (row, token);
    }

    /// <summary>The unfinished upload, or the file that it has become.</summary>
    /// <exception cref="UserErrorException"><c>unknown-upload</c>, <c>not-yours</c>, <c>changed</c>.</exception>
    public (UploadRow Row, FileRow? Finished) Resume(Peer peer, CreateUpload request)
    {
        string key = RandomId.KeyOf(request.Token!);
        UploadRow? row;
        FileRow? file;
        lock (_lock)
        {
            file = _database.FileOfUpload(key);
            row = file is null ? _database.Upload(key) : new UploadRow(key, file.Room, file.Person, file.File.Name, file.File.Size, file.File.Modified);
            if (file is null && row is not null) _database.Touch(key, _time.GetUtcNow());
        }
        Check(row, peer);
        if (row!.Size != request.Size)
            throw new UserErrorException("changed", $"The upload began with {row.Size} bytes and now has {request.Size}; start it anew.");
        return (row, file);
    }

    /// <summary>What an upload has.</summary>
    public IReadOnlyList<UploadedBlock> UploadBlocks(string key)
    {
        lock (_lock) return _database.UploadBlocks(key);
    }

    /// <summary>Where a block lies, or null when it is not here.</summary>
    public BlockPlace? Find(BlockHash hash)
    {
        byte[] key = hash.ToArray();
        lock (_lock) return _database.Place(key);
    }

    /// <summary>Whether a block with this checksum may be here: a hash then tells.</summary>
    public bool MayHave(BlockChecksum checksum)
    {
        if (_anyMayBeKnown || _options().HashBeforeUpload) return true;
        lock (_lock) return _database.Has(checksum);
    }

    /// <summary>Writes a block; it counts only after <see cref="Commit"/>.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public BlockPlace Write(ReadOnlySpan<byte> data)
    {
        try
        {
            return _packs.Write(data);
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            Trouble = StoreFailure.Refusal(e);
            throw;
        }
    }

    /// <summary>Reads a block.</summary>
    /// <exception cref="IOException">It cannot be read, or is not there any more.</exception>
    public void Read(BlockPlace place, Span<byte> target) => _packs.Read(place, target);

    /// <summary>Makes blocks last, all of them with one fsync for each pack and one transaction.</summary>
    /// <returns>Those that could not be given to their upload, because what they relied on has gone meanwhile.</returns>
    /// <exception cref="IOException">Nothing of it counts.</exception>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">As above.</exception>
    public IReadOnlyList<StoredBlock> Commit(IReadOnlyList<StoredBlock> blocks)
    {
        int[] packs = [.. blocks.Where(block => block.Place is not null).Select(block => block.Place!.Value.Pack).Distinct()];
        try
        {
            CheckSpace();
            _packs.Flush(packs);
            IReadOnlyList<StoredBlock> lost = Record(blocks);
            _packs.Free(_stale);
            _stale.Clear();
            return lost;
        }
        catch (Exception e) when (StoreFailure.Is(e) || e is UserErrorException)
        {
            Trouble = e as UserErrorException ?? StoreFailure.Refusal(e);
            _packs.GiveUp(packs);
            // Freed only after the next good transaction: until then nobody knows whether the failed one comes back at a restart.
            _stale.AddRange(blocks.Select(block => block.Place).OfType<BlockPlace>());
            throw;
        }
    }

    /// <summary>After trouble: tries whether the disk takes data again.</summary>
    /// <exception cref="UserErrorException">It does not.</exception>
    public void CheckHealth()
    {
        if (Trouble is null) return;
        try
        {
            CheckSpace();
            DiskSpace.Probe(_folder, _flush);
            Trouble = null;
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            throw Trouble = StoreFailure.Refusal(e);
        }
    }

    /// <summary>The whole hash of a content that is here already.</summary>
    public string? Sha256(string root)
    {
        lock (_lock) return _database.Sha256(root);
    }

    /// <summary>An upload whose blocks are all here becomes a file.</summary>
    public FileRow Finish(UploadRow upload, Peer peer, string root, string sha256)
    {
        var file = new SharedFile(
            RandomId.Hex(16), upload.Name, upload.Size, sha256, peer.Id, peer.Name, Now(), root, upload.Modified, upload.Files, upload.Index, upload.ToName);
        var row = new FileRow(upload.Room, upload.Key, upload.Person, upload.To, file);
        lock (_lock) _database.Transaction(() => _database.Finish(row));
        return row;
    }

    /// <summary>Somebody was at this upload until now: its time begins again.</summary>
    public void Touch(string key)
    {
        lock (_lock) _database.Touch(key, _time.GetUtcNow());
    }

    /// <summary>Throws an unfinished upload away.</summary>
    public void Discard(string key)
    {
        lock (_lock)
        {
            byte[][] hashes = [.. _database.UploadBlocks(key).Select(block => block.Hash.ToArray())];
            Release(() => _database.DeleteUpload(key), hashes);
        }
    }

    /// <summary>The unfinished upload of a token, if it is the peer's.</summary>
    /// <exception cref="UserErrorException"><c>unknown-upload</c>, <c>not-yours</c>.</exception>
    public string KeyOf(Peer peer, string token)
    {
        string key = RandomId.KeyOf(token);
        lock (_lock) Check(_database.Upload(key), peer);
        return key;
    }

    /// <summary>The uploader takes a file back.</summary>
    /// <returns>What it was.</returns>
    /// <exception cref="UserErrorException"><c>unknown-file</c>, <c>not-yours</c>.</exception>
    public FileRow Withdraw(Peer peer, WithdrawFile request)
    {
        FileRow row = File(peer, request.Id);
        bool own = row.File.From == peer.Id || row.Person == FileRow.PersonOf(peer) || (request.Token is { } token && RandomId.KeyOf(token) == row.Key);
        if (!own) throw new UserErrorException("not-yours", $"Only {row.File.FromName}, who shared it, can withdraw this file.");
        Remove(row);
        return row;
    }

    /// <summary>Removes the files whose time is over.</summary>
    public IReadOnlyList<FileRow> RemoveExpired()
    {
        IReadOnlyList<FileRow> old;
        lock (_lock) old = _database.FilesOlderThan(_time.GetUtcNow() - _options().Keep);
        foreach (FileRow row in old) Remove(row);
        return old;
    }

    /// <summary>Keys of uploads that nobody has gone on with in time.</summary>
    public IReadOnlyList<string> Abandoned()
    {
        lock (_lock) return _database.UploadsUntouchedSince(_time.GetUtcNow() - _options().Unfinished);
    }

    /// <summary>Bytes that count, and bytes that the disk gives for them.</summary>
    public (long Counted, long Used) Bytes()
    {
        lock (_lock) return (_database.TotalBytes().Stored, _packs.UsedBytes());
    }

    public void Dispose()
    {
        lock (_lock) _database.Dispose();
        _packs.Dispose();
    }

    private void Remove(FileRow row)
    {
        lock (_lock)
        {
            byte[][] hashes = [.. _database.ContentBlocks(row.File.Root).Select(hash => hash.ToArray())];
            Release(() => _database.DeleteFile(row), hashes);
        }
    }

    private void Release(Action delete, IReadOnlyList<byte[]> hashes)
    {
        var free = new List<BlockPlace>();
        _database.Transaction(() =>
        {
            delete();
            free.Clear();
            free.AddRange(hashes.Select(_database.Collect).OfType<BlockPlace>());
        });
        _packs.Free(free);
    }

    private List<StoredBlock> Record(IReadOnlyList<StoredBlock> blocks)
    {
        var lost = new List<StoredBlock>();
        var free = new List<BlockPlace>();
        lock (_lock)
        {
            _database.Transaction(() =>
            {
                lost.Clear();
                free.Clear();
                foreach (StoredBlock block in blocks) Record(block, lost, free);
            });
        }
        _packs.Free(free);
        return lost;
    }

    private void Record(StoredBlock block, List<StoredBlock> lost, List<BlockPlace> free)
    {
        byte[] hash = block.Hash.ToArray();
        // Two uploads may have brought the same block at the same time: the first one stays.
        if (block.Place is { } place && !_database.Insert(hash, place, block.Checksum)) free.Add(place);
        bool linked = (block.Place is not null || _database.Place(hash) is not null) && _database.Link(block.Upload, block.Block, hash);
        if (linked) return;
        lost.Add(block);
        if (_database.Collect(hash) is { } orphan) free.Add(orphan);
    }

    private void CheckSpace()
    {
        if (FreeBytes(_folder) < _options().MinFreeBytes) throw StoreLimits.DiskFull();
    }

    private static void Check(UploadRow? row, Peer peer)
    {
        if (row is null || row.Room != peer.Room)
            throw new UserErrorException("unknown-upload", "The server does not know this upload; it was given up or is too old. Start it anew.");
        if (row.Person != FileRow.PersonOf(peer))
            throw new UserErrorException("not-yours", "This upload was begun by somebody else.");
    }

    private StoreUsage Usage(Peer peer)
    {
        (long stored, long missing) = _database.TotalBytes();
        string person = FileRow.PersonOf(peer);
        return new StoreUsage(
            _database.UploadCount(), _database.UploadCount(person), _database.FilesInRoom(peer.Room), stored + missing, _database.BytesOf(person), FreeBytes(_folder) - missing);
    }

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds());
}

/// <summary>A block that an upload has, to be made durable.</summary>
/// <param name="Upload">The upload's key.</param>
/// <param name="Block">Its number there.</param>
/// <param name="Hash">What it is.</param>
/// <param name="Place">Where it was written; null when the store had it already.</param>
/// <param name="Checksum">Of what was written.</param>
internal readonly record struct StoredBlock(string Upload, int Block, BlockHash Hash, BlockPlace? Place, BlockChecksum Checksum = default);
