using Microsoft.Data.Sqlite;

namespace LanCollab.Plugins.Files;

/// <summary>One SQLite connection whose statements are prepared once. One caller at a time.</summary>
internal sealed class Sql : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    /// <summary>Opens or makes a database that keeps what was committed over a power cut.</summary>
    public Sql(string path, string schema)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        Execute("PRAGMA journal_mode=WAL");
        Execute("PRAGMA synchronous=FULL");
        using SqliteCommand create = _connection.CreateCommand();
        create.CommandText = schema;
        create.ExecuteNonQuery();
    }

    /// <summary>Runs a statement.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Execute(string sql, params object?[] values) => Command(sql, values).ExecuteNonQuery();

    /// <summary>The first column of the first row; null when there is none.</summary>
    public object? Scalar(string sql, params object?[] values) => Command(sql, values).ExecuteScalar();

    /// <summary>As <see cref="Scalar"/>, a number; 0 when there is none.</summary>
    public long Number(string sql, params object?[] values) =>
        Scalar(sql, values) is { } value and not DBNull ? Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture) : 0;

    /// <summary>All rows.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params object?[] values)
    {
        using SqliteDataReader reader = Command(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    /// <summary>All or nothing.</summary>
    public void Transaction(Action work)
    {
        Execute("BEGIN IMMEDIATE");
        try
        {
            work();
            Execute("COMMIT");
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (SqliteCommand command in _commands.Values) command.Dispose();
        _connection.Dispose();
    }

    private void RollBack()
    {
        try
        {
            Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // A full disk has rolled it back already.
        }
    }

    private SqliteCommand Command(string sql, object?[] values)
    {
        if (!_commands.TryGetValue(sql, out SqliteCommand? command))
        {
            _commands[sql] = command = _connection.CreateCommand();
            command.CommandText = sql;
        }
        command.Parameters.Clear();
        for (int i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"${i + 1}", values[i] ?? DBNull.Value);
        return command;
    }
}
