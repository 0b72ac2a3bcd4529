using LanCollab.Plugins.Chat.Storage;
using Microsoft.Data.Sqlite;

namespace LanCollab.Tests.Plugins.Chat;

public class HotStatementTests
{
    [Fact]
    public void Each_run_has_the_parameters_that_were_set_last_whichever_were_set_anew()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        Run(connection, "CREATE TABLE t (a, b)");
        using var insert = new HotStatement(connection, "INSERT INTO t VALUES (?1, ?2)");
        string ada = "Ada", alike = new("Ada".AsSpan());
        insert.Bind(1, ada).Bind(2, 1).Run();
        insert.Bind(1, ada).Bind(2, 2).Run();
        insert.Bind(1, alike).Bind(2, (long?)null).Run();
        insert.Bind(1, "Bob").Bind(2, (long?)null).Run();
        insert.Bind(1, (string?)null).Bind(2, "text").Run();
        insert.Bind(1, 5).Run();
        insert.Bind(1, (string?)null).Bind(2, 7).Run();
        insert.Bind(1, ada).Run();
        Assert.Equal("Ada 1,Ada 2,Ada -,Bob -,- text,5 text,- 7,Ada 7", Rows(connection));
    }

    [Fact]
    public void A_parameter_that_was_refused_is_set_the_next_time()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        Run(connection, "CREATE TABLE t (a, b)");
        using var insert = new HotStatement(connection, "INSERT INTO t VALUES (?1, 'x')");
        string longer = new('y', 100);
        SQLitePCL.raw.sqlite3_limit(connection.Handle, SQLitePCL.raw.SQLITE_LIMIT_LENGTH, 50);
        Assert.Throws<SqliteException>(() => insert.Bind(1, longer));
        SQLitePCL.raw.sqlite3_limit(connection.Handle, SQLitePCL.raw.SQLITE_LIMIT_LENGTH, 1000);
        insert.Bind(1, longer).Run();
        Assert.Equal($"{longer} x", Rows(connection));
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static string Rows(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT group_concat(ifnull(a, '-') || ' ' || ifnull(b, '-')) FROM t";
        return (string)command.ExecuteScalar()!;
    }
}
