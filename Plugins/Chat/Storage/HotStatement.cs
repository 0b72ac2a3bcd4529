using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LanCollab.Plugins.Chat.Storage;

/// <summary>
/// One SQL statement of the hot path, run for each line: straight over SQLite's own calls, without the objects that a command of the library makes for each run. Parameters are <c>?1</c>, <c>?2</c>… Not for several threads at a time.
/// </summary>
/// <remarks>Made by <see cref="SqliteFile.Hot"/>, which disposes it before its connection.</remarks>
internal sealed class HotStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <summary>What each parameter has: it stays over runs, and who speaks is mostly who spoke before.</summary>
    private readonly object?[] _bound;

    /// <exception cref="SqliteException">It is no SQL, or its tables are not there.</exception>
    public HotStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_database, sql, out _statement), _database);
        _bound = new object?[raw.sqlite3_bind_parameter_count(_statement) + 1];
    }

    /// <summary>Sets a parameter, for this run and those after it.</summary>
    public HotStatement Bind(int place, string? text)
    {
        object value = text ?? (object)DBNull.Value;
        if (ReferenceEquals(_bound[place], value)) return this;
        _bound[place] = null;
        Check(text is null ? raw.sqlite3_bind_null(_statement, place) : raw.sqlite3_bind_text(_statement, place, text));
        _bound[place] = value;
        return this;
    }

    /// <inheritdoc cref="Bind(int, string)"/>
    public HotStatement Bind(int place, long? number)
    {
        if (number is not { } value) return Bind(place, (string?)null);
        _bound[place] = null;
        Check(raw.sqlite3_bind_int64(_statement, place, value));
        return this;
    }

    /// <summary>Runs it; gives the number of rows that it changed.</summary>
    /// <exception cref="SqliteException">It failed.</exception>
    public int Run()
    {
        try
        {
            Check(raw.sqlite3_step(_statement));
            return raw.sqlite3_changes(_database);
        }
        finally
        {
            // Says again what step has said.
            _ = raw.sqlite3_reset(_statement);
        }
    }

    private void Check(int result)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_DONE or raw.SQLITE_ROW)) SqliteException.ThrowExceptionForRC(result, _database);
    }

    public void Dispose() => _statement.Dispose();
}
