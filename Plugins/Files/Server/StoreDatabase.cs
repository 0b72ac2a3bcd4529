using Microsoft.Data.Sqlite;

namespace LanCollab.Plugins.Files;

/// <summary>
/// The store's rows: which blocks there are and where, which of them make up an upload or a content, and which contents are shared as
/// files. A row of a block comes after its bytes are on the disk. One caller at a time.
/// </summary>
internal sealed class StoreDatabase : IDisposable
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS store (id TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS blocks (hash BLOB PRIMARY KEY, pack INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL, xxh128 BLOB) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS uploads (
            key TEXT PRIMARY KEY, room TEXT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL, modified INTEGER,
            to_person TEXT, to_name TEXT, files INTEGER, idx INTEGER, touched INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS upload_blocks (key TEXT NOT NULL, block INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (key, block)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS upload_blocks_hash ON upload_blocks (hash);
        CREATE TABLE IF NOT EXISTS contents (root TEXT PRIMARY KEY, size INTEGER NOT NULL, sha256 TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS content_blocks (root TEXT NOT NULL, block INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (root, block)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS content_blocks_hash ON content_blocks (hash);
        CREATE TABLE IF NOT EXISTS files (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, room TEXT NOT NULL, key TEXT NOT NULL UNIQUE, person TEXT NOT NULL,
            to_person TEXT, to_name TEXT, name TEXT NOT NULL, root TEXT NOT NULL, seat TEXT NOT NULL, from_name TEXT NOT NULL, at INTEGER NOT NULL,
            modified INTEGER, files INTEGER, idx INTEGER);
        CREATE INDEX IF NOT EXISTS files_room ON files (room);
        CREATE INDEX IF NOT EXISTS files_root ON files (root);
        """;

    private const string Unreferenced =
        "NOT EXISTS (SELECT 1 FROM upload_blocks u WHERE u.hash = blocks.hash) AND NOT EXISTS (SELECT 1 FROM content_blocks c WHERE c.hash = blocks.hash)";

    private const string SelectFile = """
        SELECT f.room, f.key, f.person, f.to_person, f.id, f.name, c.size, c.sha256, f.seat, f.from_name, f.at, f.root, f.modified, f.files, f.idx, f.to_name
        FROM files f JOIN contents c ON c.root = f.root
        """;

    private const string SelectUpload = "SELECT key, room, person, name, size, modified, to_person, to_name, files, idx FROM uploads";

    private readonly Sql _sql;

    public StoreDatabase(string path)
    {
        _sql = new Sql(path, Schema);
        // A store of before blocks had checksums.
        if (_sql.Number("SELECT count(*) FROM pragma_table_info('blocks') WHERE name = 'xxh128'") == 0) _sql.Execute("ALTER TABLE blocks ADD COLUMN xxh128 BLOB");
        _sql.Execute("CREATE INDEX IF NOT EXISTS blocks_xxh128 ON blocks (xxh128)");
        StoreId = _sql.Scalar("SELECT id FROM store") as string ?? NewStoreId();
    }

    /// <summary>Random, made once.</summary>
    public string StoreId { get; }

    /// <summary>All or nothing.</summary>
    public void Transaction(Action work) => _sql.Transaction(work);

    public UploadRow? Upload(string key) => _sql.Query(SelectUpload + " WHERE key = $1", ReadUpload, key).FirstOrDefault();

    public int UploadCount() => (int)_sql.Number("SELECT count(*) FROM uploads");

    public int UploadCount(string person) => (int)_sql.Number("SELECT count(*) FROM uploads WHERE person = $1", person);

    /// <summary>Keys of the uploads that nobody has touched since.</summary>
    public IReadOnlyList<string> UploadsUntouchedSince(DateTimeOffset since) =>
        _sql.Query("SELECT key FROM uploads WHERE touched < $1", reader => reader.GetString(0), since.ToUnixTimeMilliseconds());

    public void Insert(UploadRow row, DateTimeOffset now) => _sql.Execute(
        "INSERT INTO uploads (key, room, person, name, size, modified, to_person, to_name, files, idx, touched) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        row.Key, row.Room, row.Person, row.Name, row.Size, row.Modified?.ToUnixTimeMilliseconds(), row.To, row.ToName, row.Files, row.Index, now.ToUnixTimeMilliseconds());

    public void Touch(string key, DateTimeOffset now) => _sql.Execute("UPDATE uploads SET touched = $2 WHERE key = $1", key, now.ToUnixTimeMilliseconds());

    public void DeleteUpload(string key)
    {
        _sql.Execute("DELETE FROM uploads WHERE key = $1", key);
        _sql.Execute("DELETE FROM upload_blocks WHERE key = $1", key);
    }

    /// <summary>What an upload has of its blocks.</summary>
    public IReadOnlyList<UploadedBlock> UploadBlocks(string key) => _sql.Query(
        "SELECT u.block, u.hash, b.xxh128 FROM upload_blocks u LEFT JOIN blocks b ON b.hash = u.hash WHERE u.key = $1 ORDER BY u.block",
        row => new UploadedBlock(row.GetInt32(0), Hash(row, 1), row.IsDBNull(2) ? null : BlockChecksum.Read(row.GetFieldValue<byte[]>(2))), key);

    /// <summary>Gives an upload a block; false when the upload has gone.</summary>
    public bool Link(string key, int block, byte[] hash) => _sql.Execute(
        "INSERT OR REPLACE INTO upload_blocks (key, block, hash) SELECT $1, $2, $3 WHERE EXISTS (SELECT 1 FROM uploads WHERE key = $1)", key, block, hash) > 0;

    /// <summary>Adds a block; false when it is there already.</summary>
    public bool Insert(byte[] hash, BlockPlace place, BlockChecksum checksum) => _sql.Execute(
        "INSERT OR IGNORE INTO blocks (hash, pack, offset, length, xxh128) VALUES ($1, $2, $3, $4, $5)", hash, place.Pack, place.Offset, place.Length, checksum.ToArray()) > 0;

    /// <summary>Whether a block has this checksum.</summary>
    public bool Has(BlockChecksum checksum) => _sql.Scalar("SELECT 1 FROM blocks WHERE xxh128 = $1 LIMIT 1", checksum.ToArray()) is not null;

    /// <summary>Whether there are blocks of before they had checksums.</summary>
    public bool HasWithoutChecksum() => _sql.Scalar("SELECT 1 FROM blocks WHERE xxh128 IS NULL LIMIT 1") is not null;

    public BlockPlace? Place(byte[] hash) =>
        _sql.Query("SELECT pack, offset, length FROM blocks WHERE hash = $1", row => (BlockPlace?)Place(row), hash).FirstOrDefault();

    public IReadOnlyList<BlockPlace> Places() => _sql.Query("SELECT pack, offset, length FROM blocks", Place);

    /// <summary>Takes a block away when nothing needs it any more.</summary>
    public BlockPlace? Collect(byte[] hash) =>
        _sql.Query($"DELETE FROM blocks WHERE hash = $1 AND {Unreferenced} RETURNING pack, offset, length", row => (BlockPlace?)Place(row), hash).FirstOrDefault();

    /// <summary>Takes away everything that nothing refers to.</summary>
    public void CollectAll()
    {
        _sql.Execute("DELETE FROM upload_blocks WHERE key NOT IN (SELECT key FROM uploads)");
        _sql.Execute("DELETE FROM content_blocks WHERE root NOT IN (SELECT root FROM files)");
        _sql.Execute("DELETE FROM contents WHERE root NOT IN (SELECT root FROM files)");
        _sql.Execute($"DELETE FROM blocks WHERE {Unreferenced}");
    }

    /// <summary>The whole hash of a content that is known.</summary>
    public string? Sha256(string root) => _sql.Scalar("SELECT sha256 FROM contents WHERE root = $1", root) as string;

    public IReadOnlyList<BlockHash> ContentBlocks(string root) =>
        _sql.Query("SELECT hash FROM content_blocks WHERE root = $1 ORDER BY block", row => Hash(row, 0), root);

    /// <summary>The upload becomes a file. In a transaction.</summary>
    public void Finish(FileRow row)
    {
        SharedFile file = row.File;
        if (_sql.Execute("INSERT OR IGNORE INTO contents (root, size, sha256) VALUES ($1, $2, $3)", file.Root, file.Size, file.Sha256) > 0)
            _sql.Execute("INSERT INTO content_blocks (root, block, hash) SELECT $1, block, hash FROM upload_blocks WHERE key = $2", file.Root, row.Key);
        _sql.Execute("""
            INSERT INTO files (room, key, person, to_person, id, name, root, seat, from_name, at, modified, files, idx, to_name)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            """, row.Room, row.Key, row.Person, row.To, file.Id, file.Name, file.Root, file.From, file.FromName,
            file.At.ToUnixTimeMilliseconds(), file.Modified?.ToUnixTimeMilliseconds(), file.Files, file.Index, file.To);
        DeleteUpload(row.Key);
    }

    public FileRow? File(string id) => _sql.Query(SelectFile + " WHERE f.id = $1", ReadFile, id).FirstOrDefault();

    public FileRow? FileOfUpload(string key) => _sql.Query(SelectFile + " WHERE f.key = $1", ReadFile, key).FirstOrDefault();

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<FileRow> Files(string room) => _sql.Query(SelectFile + " WHERE f.room = $1 ORDER BY f.seq", ReadFile, room);

    public IReadOnlyList<FileRow> FilesOlderThan(DateTimeOffset time) =>
        _sql.Query(SelectFile + " WHERE f.at < $1 ORDER BY f.seq", ReadFile, time.ToUnixTimeMilliseconds());

    /// <summary>Takes a file away, and its content when it was the last one with it. In a transaction.</summary>
    public void DeleteFile(FileRow row)
    {
        _sql.Execute("DELETE FROM files WHERE id = $1", row.File.Id);
        if (_sql.Number("SELECT count(*) FROM files WHERE root = $1", row.File.Root) > 0) return;
        _sql.Execute("DELETE FROM contents WHERE root = $1", row.File.Root);
        _sql.Execute("DELETE FROM content_blocks WHERE root = $1", row.File.Root);
    }

    public int FilesInRoom(string room) => (int)_sql.Number("SELECT count(*) FROM files WHERE room = $1", room);

    /// <summary>Bytes of all blocks, and what open uploads have declared and not sent yet.</summary>
    public (long Stored, long Missing) TotalBytes() => (
        _sql.Number("SELECT total(length) FROM blocks"),
        _sql.Number("""
            SELECT (SELECT total(size) FROM uploads)
                 - (SELECT total(b.length) FROM upload_blocks u JOIN blocks b ON b.hash = u.hash)
            """));

    /// <summary>What one person shares and has declared, whether or not others share the same.</summary>
    public long BytesOf(string person) => _sql.Number("""
        SELECT (SELECT total(c.size) FROM files f JOIN contents c ON c.root = f.root WHERE f.person = $1)
             + (SELECT total(size) FROM uploads WHERE person = $1)
        """, person);

    public void Dispose() => _sql.Dispose();

    private string NewStoreId()
    {
        string id = RandomId.Hex(8);
        _sql.Execute("INSERT INTO store (id) VALUES ($1)", id);
        return id;
    }

    private static BlockPlace Place(SqliteDataReader row) => new(row.GetInt32(0), row.GetInt64(1), row.GetInt32(2));

    private static BlockHash Hash(SqliteDataReader row, int column) => BlockHash.Read(row.GetFieldValue<byte[]>(column));

    private static UploadRow ReadUpload(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4), Time(row, 5), Text(row, 6), Text(row, 7), Int(row, 8), Int(row, 9));

    private static FileRow ReadFile(SqliteDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2), Text(row, 3), new SharedFile(
        row.GetString(4), row.GetString(5), row.GetInt64(6), row.GetString(7), row.GetString(8), row.GetString(9), Time(row, 10)!.Value, row.GetString(11),
        Time(row, 12), Int(row, 13), Int(row, 14), Text(row, 15)));

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static int? Int(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt32(column);

    private static DateTimeOffset? Time(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
