using Microsoft.Data.Sqlite;

namespace LanCollab.Plugins.Files;

/// <summary>
/// The store's rows in SQLite, so that a file and the end of its upload appear in one step. One connection, one caller at a time.
/// </summary>
internal sealed class StoreDatabase : IDisposable
{
    private const string Schema = """
        PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
        CREATE TABLE IF NOT EXISTS store (id TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS uploads (
            key TEXT PRIMARY KEY, room TEXT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL,
            modified INTEGER, touched INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS files (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, room TEXT NOT NULL, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
            size INTEGER NOT NULL, sha256 TEXT NOT NULL, seat TEXT NOT NULL, person TEXT NOT NULL, at INTEGER NOT NULL, modified INTEGER);
        CREATE INDEX IF NOT EXISTS files_room ON files (room);
        """;

    private const string FileColumns = "room, key, id, name, size, sha256, seat, person, at, modified";

    private readonly SqliteConnection _connection;

    public StoreDatabase(string path)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        Execute(Schema);
        StoreId = Scalar("SELECT id FROM store") as string ?? NewStoreId();
    }

    /// <summary>Random, made once.</summary>
    public string StoreId { get; }

    public UploadRow? Upload(string key) =>
        Query("SELECT key, room, person, name, size, modified FROM uploads WHERE key = $1", ReadUpload, key).FirstOrDefault();

    public IReadOnlyList<UploadRow> Uploads() => Query("SELECT key, room, person, name, size, modified FROM uploads", ReadUpload);

    /// <summary>Keys of the uploads that nobody has touched since.</summary>
    public IReadOnlyList<string> UploadsUntouchedSince(DateTimeOffset since) =>
        Query("SELECT key FROM uploads WHERE touched < $1", reader => reader.GetString(0), since.ToUnixTimeMilliseconds());

    public void Insert(UploadRow row, DateTimeOffset now) => Execute(
        "INSERT INTO uploads (key, room, person, name, size, modified, touched) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        row.Key, row.Room, row.Person, row.Name, row.Size, row.Modified?.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds());

    public void Touch(string key, DateTimeOffset now) => Execute("UPDATE uploads SET touched = $2 WHERE key = $1", key, now.ToUnixTimeMilliseconds());

    public void DeleteUpload(string key) => Execute("DELETE FROM uploads WHERE key = $1", key);

    /// <summary>The upload becomes a file.</summary>
    public void Finish(FileRow row)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        Execute("DELETE FROM uploads WHERE key = $1", row.Key);
        SharedFile file = row.File;
        Execute($"INSERT INTO files ({FileColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            row.Room, row.Key, file.Id, file.Name, file.Size, file.Sha256, file.From, file.FromName,
            file.At.ToUnixTimeMilliseconds(), file.Modified?.ToUnixTimeMilliseconds());
        transaction.Commit();
    }

    public FileRow? File(string id) => Query($"SELECT {FileColumns} FROM files WHERE id = $1", ReadFile, id).FirstOrDefault();

    public FileRow? FileOfUpload(string key) => Query($"SELECT {FileColumns} FROM files WHERE key = $1", ReadFile, key).FirstOrDefault();

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<FileRow> Files(string room) => Query($"SELECT {FileColumns} FROM files WHERE room = $1 ORDER BY seq", ReadFile, room);

    public IReadOnlyList<FileRow> Files() => Query($"SELECT {FileColumns} FROM files ORDER BY seq", ReadFile);

    public IReadOnlyList<FileRow> FilesOlderThan(DateTimeOffset time) =>
        Query($"SELECT {FileColumns} FROM files WHERE at < $1 ORDER BY seq", ReadFile, time.ToUnixTimeMilliseconds());

    public void DeleteFile(string id) => Execute("DELETE FROM files WHERE id = $1", id);

    /// <summary>Bytes of all files and of all declared uploads.</summary>
    public long TotalBytes() => Sum("SELECT (SELECT total(size) FROM files) + (SELECT total(size) FROM uploads)");

    /// <summary>The same for one person in one room.</summary>
    public long BytesOf(string room, string person) => Sum("""
        SELECT (SELECT total(size) FROM files WHERE room = $1 AND person = $2) + (SELECT total(size) FROM uploads WHERE room = $1 AND person = $2)
        """, room, person);

    public void Dispose() => _connection.Dispose();

    private string NewStoreId()
    {
        string id = RandomId.Hex(8);
        Execute("INSERT INTO store (id) VALUES ($1)", id);
        return id;
    }

    private static UploadRow ReadUpload(SqliteDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4), Time(row, 5));

    private static FileRow ReadFile(SqliteDataReader row) => new(row.GetString(0), row.GetString(1), new SharedFile(
        row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetString(5), row.GetString(6), row.GetString(7), Time(row, 8)!.Value, Time(row, 9)));

    private static DateTimeOffset? Time(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    private long Sum(string sql, params object?[] values) => Convert.ToInt64(Scalar(sql, values), System.Globalization.CultureInfo.InvariantCulture);

    private object? Scalar(string sql, params object?[] values)
    {
        using SqliteCommand command = Command(sql, values);
        return command.ExecuteScalar();
    }

    private void Execute(string sql, params object?[] values)
    {
        using SqliteCommand command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    private List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params object?[] values)
    {
        using SqliteCommand command = Command(sql, values);
        using SqliteDataReader reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    private SqliteCommand Command(string sql, object?[] values)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"${i + 1}", values[i] ?? DBNull.Value);
        return command;
    }
}
