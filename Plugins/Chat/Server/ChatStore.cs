using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace LanCollab.Plugins.Chat.Server;

/// <summary>A line before it has a number.</summary>
internal sealed record NewLine(string Room, string Id, Member From, Member? To, string Text, DateTimeOffset At);

/// <summary>What became of a <see cref="NewLine"/>: a new line, or the one that was stored under its id before.</summary>
internal readonly record struct Stored(Said Line, bool IsNew);

/// <summary>
/// The history of all rooms in one SQLite file (write-ahead log, synchronous=FULL: a commit that has returned is on disk).
/// One writer at a time; readers at any time.
/// </summary>
internal sealed class ChatStore : IDisposable
{
    /// <summary>Text of one page of history, in bytes at the worst encoding.</summary>
    public const int PageBytes = 512 * 1024;

    private const int DiskFailed = 10; // SQLITE_IOERR, https://sqlite.org/rescode.html
    private const int PruneEvery = 100;

    private const string Schema = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        CREATE TABLE IF NOT EXISTS store (id TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS lines (
            room TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL,
            from_id TEXT NOT NULL, from_name TEXT NOT NULL, to_id TEXT, to_name TEXT,
            text TEXT NOT NULL, at INTEGER NOT NULL, -- milliseconds since 1970, UTC
            PRIMARY KEY (room, seq));
        CREATE UNIQUE INDEX IF NOT EXISTS lines_by_id ON lines (room, id);
        """;

    private const string Columns = "seq, id, from_id, from_name, text, at, to_id, to_name";

    private readonly string _connectionString;
    private readonly SqliteConnection _writer;
    private readonly int _keep;
    private readonly Dictionary<string, long> _last = new(StringComparer.Ordinal);

    /// <summary>Opens the file, or makes it.</summary>
    /// <param name="file">The database.</param>
    /// <param name="keep">Lines that are kept of each room.</param>
    public ChatStore(string file, int keep)
    {
        _keep = keep;
        _connectionString = new SqliteConnectionStringBuilder { DataSource = file }.ToString();
        _writer = new SqliteConnection(_connectionString);
        _writer.Open();
        Command(_writer, Schema).ExecuteNonQuery();
        Command(_writer, "INSERT INTO store SELECT $id WHERE NOT EXISTS (SELECT 1 FROM store)",
            ("$id", RandomNumberGenerator.GetHexString(16, lowercase: true))).ExecuteNonQuery();
        Id = (string)Command(_writer, "SELECT id FROM store").ExecuteScalar()!;
    }

    /// <summary>Random, made with the file.</summary>
    public string Id { get; }

    /// <summary>The disk failed once. What it lost is unknown, so nothing is acknowledged any more: a second try might only seem to succeed.</summary>
    public bool Broken { get; private set; }

    /// <summary>Stores lines in one transaction, numbered in their order. All or none.</summary>
    /// <exception cref="SqliteException">Nothing was stored.</exception>
    public IReadOnlyList<Stored> Append(IReadOnlyList<NewLine> lines)
    {
        try
        {
            using SqliteTransaction transaction = _writer.BeginTransaction();
            Stored[] stored = [.. lines.Select(Append)];
            transaction.Commit();
            return stored;
        }
        catch (Exception e)
        {
            // The numbers given out in this transaction are free again.
            _last.Clear();
            Broken |= e is SqliteException { SqliteErrorCode: DiskFailed };
            throw;
        }
    }

    private Stored Append(NewLine line)
    {
        using (SqliteCommand find = Command(_writer, $"SELECT {Columns} FROM lines WHERE room = $room AND id = $id", ("$room", line.Room), ("$id", line.Id)))
            if (Read(find).FirstOrDefault() is { } known) return new Stored(known, IsNew: false);
        long seq = Last(line.Room) + 1;
        using SqliteCommand insert = Command(_writer, $"INSERT INTO lines (room, {Columns}) VALUES ($room, $seq, $id, $from, $name, $text, $at, $to, $toName)",
            ("$room", line.Room), ("$seq", seq), ("$id", line.Id), ("$from", line.From.Id), ("$name", line.From.Name),
            ("$text", line.Text), ("$at", line.At.ToUnixTimeMilliseconds()), ("$to", line.To?.Id), ("$toName", line.To?.Name));
        insert.ExecuteNonQuery();
        _last[line.Room] = seq;
        if (seq % PruneEvery == 0) Prune(line.Room, seq);
        DateTimeOffset at = DateTimeOffset.FromUnixTimeMilliseconds(line.At.ToUnixTimeMilliseconds());
        return new Stored(new Said(seq, line.Id, line.From.Id, line.From.Name, line.Text, at, line.To?.Id, line.To?.Name), IsNew: true);
    }

    private long Last(string room)
    {
        if (!_last.TryGetValue(room, out long last)) _last[room] = last = Last(_writer, room);
        return last;
    }

    private static long Last(SqliteConnection connection, string room)
    {
        using SqliteCommand query = Command(connection, "SELECT ifnull(max(seq), 0) FROM lines WHERE room = $room", ("$room", room));
        return (long)query.ExecuteScalar()!;
    }

    private void Prune(string room, long last)
    {
        using SqliteCommand delete = Command(_writer, "DELETE FROM lines WHERE room = $room AND seq <= $oldest", ("$room", room), ("$oldest", last - _keep));
        delete.ExecuteNonQuery();
    }

    /// <summary>A page of a room's history as one person may see it.</summary>
    /// <param name="room">The room.</param>
    /// <param name="reader">The person's name.</param>
    /// <param name="ask">Which page.</param>
    public HistoryOk Page(string room, string reader, History ask)
    {
        using var connection = new SqliteConnection(_connectionString);
        connection.Open();
        // Read first: what is said after this reaches the asker as an event.
        long last = Last(connection, room);
        bool up = ask.After is not null;
        using SqliteCommand query = Command(connection, $"""
            SELECT {Columns} FROM lines
            WHERE room = $room AND seq > $after AND seq < $before AND (to_name IS NULL OR to_name = $me OR from_name = $me)
            ORDER BY seq {(up ? "ASC" : "DESC")} LIMIT $limit
            """,
            ("$room", room), ("$me", reader), ("$after", ask.After ?? 0), ("$before", Math.Min(ask.Before ?? long.MaxValue, last + 1)), ("$limit", ask.Limit + 1));
        (List<Said> items, bool more) = Fit(Read(query), ask.Limit);
        if (!up) items.Reverse();
        return new HistoryOk(items, more, last, Id);
    }

    private static (List<Said> Items, bool More) Fit(IEnumerable<Said> lines, int limit)
    {
        var items = new List<Said>();
        int bytes = 0;
        foreach (Said line in lines)
        {
            // JSON may need six bytes for a character; 512 is more than all the rest of a line.
            bytes += 6 * line.Text.Length + 512;
            if (items.Count == limit || bytes > PageBytes) return (items, true);
            items.Add(line);
        }
        return (items, false);
    }

    private static IEnumerable<Said> Read(SqliteCommand query)
    {
        using SqliteDataReader row = query.ExecuteReader();
        while (row.Read())
        {
            yield return new Said(
                row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)),
                row.IsDBNull(6) ? null : row.GetString(6), row.IsDBNull(7) ? null : row.GetString(7));
        }
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, object? value) in parameters) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    public void Dispose()
    {
        _writer.Dispose();
        SqliteConnection.ClearPool(_writer);
    }
}
