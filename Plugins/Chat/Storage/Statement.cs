using Microsoft.Data.Sqlite;

namespace LanCollab.Plugins.Chat.Storage;

/// <summary>
/// One SQL statement that is compiled once and run often; its parameters are <c>$1</c>, <c>$2</c>… Its connection
/// takes it along when it closes. Not for several threads at a time.
/// </summary>
internal sealed class Statement
{
    private readonly SqliteCommand _command;

    /// <param name="connection">Open, for as long as the statement lives.</param>
    /// <param name="sql">One statement.</param>
    public Statement(SqliteConnection connection, string sql)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
    }

    /// <summary>Runs it; gives the number of rows that it changed.</summary>
    public int Run(params ReadOnlySpan<object?> values) => Bind(values).ExecuteNonQuery();

    /// <summary>The first column of the first row; null when there is no row, or NULL in it.</summary>
    public object? Value(params ReadOnlySpan<object?> values) => Bind(values).ExecuteScalar() is { } value and not DBNull ? value : null;

    /// <summary>All rows, each made by <paramref name="read"/>.</summary>
    public List<T> Rows<T>(Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        using SqliteDataReader row = Bind(values).ExecuteReader();
        var rows = new List<T>();
        while (row.Read()) rows.Add(read(row));
        return rows;
    }

    private SqliteCommand Bind(ReadOnlySpan<object?> values)
    {
        SqliteParameterCollection parameters = _command.Parameters;
        for (int i = parameters.Count; i < values.Length; i++) parameters.Add(new SqliteParameter { ParameterName = $"${i + 1}" });
        for (int i = 0; i < values.Length; i++) parameters[i].Value = values[i] ?? DBNull.Value;
        return _command;
    }
}

/// <summary>Columns that may be NULL.</summary>
internal static class Columns
{
    public static string? Text(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static long? Number(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    /// <summary>Milliseconds since 1970, UTC.</summary>
    public static DateTimeOffset? Time(this SqliteDataReader row, int column) =>
        row.Number(column) is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
}
