using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Chat.Storage;

/// <summary>What a database holds.</summary>
/// <param name="Version">Kept in the file (<c>user_version</c>); a file of another version is not opened.</param>
/// <param name="Tables">Makes the tables in an empty file.</param>
/// <param name="Synchronous">FULL: what is committed survives the loss of power. NORMAL: it survives the death of this process only, and costs no wait.</param>
/// <param name="OwnCheckpoints">Somebody else moves the log into the file; SQLite does not do it within commits.</param>
internal sealed record SqliteSchema(int Version, string Tables, string Synchronous, bool OwnCheckpoints = false);

/// <summary>
/// An SQLite file with a write-ahead log: one writer, any number of readers. A damaged file, or one of another version, is set aside under another name, never
/// deleted, and an empty one takes its place.
/// </summary>
internal sealed class SqliteFile : IDisposable
{
    private const int Busy = 5, Locked = 6, Corrupt = 11, NotADatabase = 26; // https://sqlite.org/rescode.html

    /// <summary>How long a statement waits for another program that holds the file, in seconds.</summary>
    private const int Patience = 4;

    private readonly string _path, _connectionString;
    private readonly List<HotStatement> _hot = [];

    private SqliteFile(string path, SqliteSchema schema)
    {
        _path = path;
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = Patience }.ToString();
        Writer = Connect();
        // The library's commands wait for a lock by themselves, hot statements do not.
        SQLitePCL.raw.sqlite3_busy_timeout(Writer.Handle, Patience * 1000);
        try
        {
            Prepare(schema);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The one connection that writes.</summary>
    public SqliteConnection Writer { get; }

    /// <summary>True: an earlier file was set aside at this start.</summary>
    public bool Replaced { get; private init; }

    /// <summary>Opens the file, or makes it.</summary>
    /// <exception cref="IOException">Another program holds it.</exception>
    public static SqliteFile Open(string path, SqliteSchema schema, ILogger log, TimeProvider time)
    {
        try
        {
            return new SqliteFile(path, schema);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is Corrupt or NotADatabase)
        {
            string aside = SetAside(path, time.GetUtcNow());
            ChatLog.SetAside(log, path, aside, e.Message);
            return new SqliteFile(path, schema) { Replaced = true };
        }
        catch (SqliteException e) when (e.SqliteErrorCode is Busy or Locked)
        {
            throw new IOException($"Another program holds {path}; end it and start again.", e);
        }
    }

    /// <summary>Bytes of the write-ahead log.</summary>
    public long LogLength => new FileInfo(_path + "-wal") is { Exists: true } log ? log.Length : 0;

    /// <summary>One more connection, for reading; dispose it.</summary>
    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        return connection;
    }

    /// <summary>A statement of the one connection that writes; it lives as long as the file is open.</summary>
    public HotStatement Hot(string sql)
    {
        var statement = new HotStatement(Writer, sql);
        _hot.Add(statement);
        return statement;
    }

    private void Prepare(SqliteSchema schema)
    {
        Execute($"PRAGMA journal_mode = WAL; PRAGMA synchronous = {schema.Synchronous};");
        if (schema.OwnCheckpoints) Value("PRAGMA wal_autocheckpoint = 0");
        long version = (long)Value("PRAGMA user_version")!;
        if (version == 0 && (long)Value("SELECT count(*) FROM sqlite_schema")! == 0)
            Execute($"BEGIN IMMEDIATE; {schema.Tables} PRAGMA user_version = {schema.Version}; COMMIT;");
        else if (version != schema.Version)
            throw new SqliteException($"It has version {version} and {schema.Version} is expected.", NotADatabase);
        else if (Value("PRAGMA quick_check(1)") is var found and not "ok")
            throw new SqliteException($"{found}", Corrupt);
    }

    private void Execute(string sql)
    {
        var statement = new Statement(Writer, sql);
        statement.Run();
    }

    private object? Value(string sql)
    {
        var statement = new Statement(Writer, sql);
        return statement.Value();
    }

    private static string SetAside(string path, DateTimeOffset now)
    {
        string aside = $"{path}.damaged-{now:yyyyMMdd'T'HHmmss'Z'}";
        for (int i = 2; File.Exists(aside); i++) aside = $"{path}.damaged-{now:yyyyMMdd'T'HHmmss'Z'}-{i}";
        // The log first: without its file it is nothing, and a new file must not find it.
        foreach (string end in new[] { "-wal", "-shm", "" })
            if (File.Exists(path + end)) File.Move(path + end, aside + end, overwrite: true);
        return aside;
    }

    public void Dispose()
    {
        foreach (HotStatement statement in _hot) statement.Dispose();
        SqliteConnection.ClearPool(Writer);
        Writer.Dispose();
        SqliteConnection.ClearPool(Writer);
    }
}
