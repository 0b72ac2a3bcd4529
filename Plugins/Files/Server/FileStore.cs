using LanCollab.Contracts;
using Microsoft.Win32.SafeHandles;

namespace LanCollab.Plugins.Files;

/// <summary>
/// Files and unfinished uploads on the hub's disk: <c>uploads/&lt;key&gt;.part</c>, <c>files/&lt;id&gt;</c>, and their rows. A file is
/// visible only when its row is there, and its row comes after its bytes are on the disk.
/// </summary>
internal sealed class FileStore : IDisposable
{
    private readonly string _uploads;
    private readonly string _files;
    private readonly StoreDatabase _database;
    private readonly FilesOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();

    /// <summary>Opens it, and finishes what a crash has left half done.</summary>
    /// <param name="folder">The plugin's data folder.</param>
    /// <param name="options">Limits.</param>
    /// <param name="time">The clock.</param>
    public FileStore(string folder, FilesOptions options, TimeProvider time)
    {
        (_uploads, _files, _options, _time) = (Path.Combine(folder, "uploads"), Path.Combine(folder, "files"), options, time);
        Directory.CreateDirectory(_uploads);
        Directory.CreateDirectory(_files);
        _database = new StoreDatabase(Path.Combine(folder, "files.db"));
        Recover();
    }

    /// <summary>Tests let it fail.</summary>
    internal Action<SafeFileHandle> Flush { get; init; } = Durable.Flush;

    /// <summary>Tests let the disk be small. Bytes that are free where the path lies.</summary>
    internal Func<string, long> FreeBytes { get; init; } = path => new DriveInfo(path).AvailableFreeSpace;

    /// <summary>Random, for the life of the store.</summary>
    public string Id => _database.StoreId;

    /// <summary>The room's files, oldest first.</summary>
    public IReadOnlyList<SharedFile> List(string room)
    {
        lock (_lock) return [.. _database.Files(room).Select(row => row.File)];
    }

    /// <summary>A file of the room.</summary>
    /// <exception cref="UserErrorException"><c>unknown-file</c>.</exception>
    public FileRow File(string room, string id)
    {
        FileRow? row;
        lock (_lock) row = _database.File(id);
        return row is not null && row.Room == room ? row : throw Unknown();
    }

    /// <summary>Opens a file's bytes. They stay readable to the end, even when the file is withdrawn meanwhile.</summary>
    /// <exception cref="UserErrorException"><c>unknown-file</c>: it was withdrawn just now.</exception>
    public SafeFileHandle OpenRead(FileRow row)
    {
        try
        {
            return System.IO.File.OpenHandle(
                FilePath(row.File.Id), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.Asynchronous);
        }
        catch (FileNotFoundException)
        {
            throw Unknown();
        }
    }

    /// <summary>Begins an upload.</summary>
    /// <returns>Its row and the token.</returns>
    /// <exception cref="UserErrorException">A limit; see <see cref="StoreLimits"/>.</exception>
    public (UploadRow Row, string Token) Begin(Peer peer, CreateUpload request)
    {
        string token = RandomId.Token();
        var row = new UploadRow(RandomId.KeyOf(token), peer.Room, peer.Name, SafeFileName.Of(request.Name), request.Size, request.Modified);
        lock (_lock)
        {
            StoreLimits.Check(_options, Usage(peer), request.Size);
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
            row = file is null ? _database.Upload(key) : new UploadRow(key, file.Room, file.File.FromName, file.File.Name, file.File.Size, file.File.Modified);
            if (file is null && row is not null) _database.Touch(key, _time.GetUtcNow());
        }
        Check(row, peer);
        if (row!.Size != request.Size)
            throw new UserErrorException("changed", $"The upload began with {row.Size} bytes and now has {request.Size}; start it anew.");
        return (row, file);
    }

    /// <summary>Opens an upload's bytes, flushed and hashed. One at a time for each upload.</summary>
    public Task<PartFile> OpenPartAsync(UploadRow row, CancellationToken cancellationToken) =>
        PartFile.OpenAsync(PartPath(row.Key), row.Size, _options.Window, Flush, cancellationToken);

    /// <summary>A verified upload, closed and flushed, becomes a file.</summary>
    public FileRow Finish(UploadRow upload, Peer peer, string sha256)
    {
        var file = new SharedFile(RandomId.Hex(16), upload.Name, upload.Size, sha256, peer.Id, peer.Name, Now(), upload.Modified);
        var row = new FileRow(upload.Room, upload.Key, file);
        Durable.FlushFolder(_uploads);
        lock (_lock)
        {
            // The row first: a crash in between leaves a row whose bytes are still called .part, which Recover puts right.
            _database.Finish(row);
            System.IO.File.Move(PartPath(upload.Key), FilePath(file.Id));
        }
        Durable.FlushFolder(_files);
        return row;
    }

    /// <summary>Somebody was at this upload until now: its time begins again.</summary>
    public void Touch(string key)
    {
        lock (_lock) _database.Touch(key, _time.GetUtcNow());
    }

    /// <summary>Throws an unfinished upload away. Its part must be closed.</summary>
    public void Discard(string key)
    {
        lock (_lock)
        {
            _database.DeleteUpload(key);
            System.IO.File.Delete(PartPath(key));
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
    /// <exception cref="UserErrorException"><c>unknown-file</c>, <c>not-yours</c>.</exception>
    public void Withdraw(Peer peer, WithdrawFile request)
    {
        FileRow row = File(peer.Room, request.Id);
        bool own = row.File.From == peer.Id || (request.Token is { } token && RandomId.KeyOf(token) == row.Key);
        if (!own) throw new UserErrorException("not-yours", $"Only {row.File.FromName}, who shared it, can withdraw this file.");
        Remove(row);
    }

    /// <summary>Removes the files whose time is over.</summary>
    public IReadOnlyList<FileRow> RemoveExpired()
    {
        IReadOnlyList<FileRow> old;
        lock (_lock) old = _database.FilesOlderThan(_time.GetUtcNow() - _options.Keep);
        foreach (FileRow row in old) Remove(row);
        return old;
    }

    /// <summary>Keys of uploads that nobody has gone on with in time.</summary>
    public IReadOnlyList<string> Abandoned()
    {
        lock (_lock) return _database.UploadsUntouchedSince(_time.GetUtcNow() - _options.Unfinished);
    }

    public void Dispose()
    {
        lock (_lock) _database.Dispose();
    }

    private void Remove(FileRow row)
    {
        lock (_lock)
        {
            _database.DeleteFile(row.File.Id);
            System.IO.File.Delete(FilePath(row.File.Id));
        }
    }

    private static UserErrorException Unknown() => new("unknown-file", "This file is not shared in this room any more.");

    private static void Check(UploadRow? row, Peer peer)
    {
        if (row is null || row.Room != peer.Room)
            throw new UserErrorException("unknown-upload", "The server does not know this upload; it was given up or is too old. Start it anew.");
        if (row.Person != peer.Name)
            throw new UserErrorException("not-yours", "This upload was begun by somebody else.");
    }

    private StoreUsage Usage(Peer peer)
    {
        IReadOnlyList<UploadRow> open = _database.Uploads();
        long missing = open.Sum(row => Math.Max(0, row.Size - PartLength(row.Key)));
        return new StoreUsage(open.Count, _database.Files(peer.Room).Count, _database.TotalBytes(), _database.BytesOf(peer.Room, peer.Name), FreeBytes(_uploads) - missing);
    }

    private long PartLength(string key) => new FileInfo(PartPath(key)) is { Exists: true } part ? part.Length : 0;

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds());

    private void Recover()
    {
        foreach (FileRow row in _database.Files())
        {
            if (System.IO.File.Exists(FilePath(row.File.Id))) continue;
            if (System.IO.File.Exists(PartPath(row.Key))) System.IO.File.Move(PartPath(row.Key), FilePath(row.File.Id));
            else _database.DeleteFile(row.File.Id);
        }
        RemoveStrangers(_files, [.. _database.Files().Select(row => row.File.Id)]);
        RemoveStrangers(_uploads, [.. _database.Uploads().Select(row => row.Key + ".part")]);
    }

    private static void RemoveStrangers(string folder, HashSet<string> known)
    {
        foreach (string path in Directory.EnumerateFiles(folder).Where(path => !known.Contains(Path.GetFileName(path)))) System.IO.File.Delete(path);
    }

    private string PartPath(string key) => Path.Combine(_uploads, key + ".part");

    private string FilePath(string id) => Path.Combine(_files, id);
}
