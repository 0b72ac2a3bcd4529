using LanCollab.Plugins.Chat.Storage;
using Microsoft.Data.Sqlite;

namespace LanCollab.Plugins.Chat.Server;

/// <summary>Forgets what is older, or more, than is to be kept; a room's numbers go on where they were.</summary>
internal sealed class Retention(ChatStore store, SqliteFile file)
{
    /// <summary>Entries that go in one transaction: others who want to write wait so long.</summary>
    private const int Chunk = 500;

    /// <summary>Takes the oldest entries of every room away, until only what is to be kept is left.</summary>
    /// <param name="keep">Numbers that are kept of each room.</param>
    /// <param name="oldest">Entries from before this are not kept; null: age does not matter.</param>
    /// <param name="oldestKey">Keys from before this are not known again.</param>
    /// <param name="cancellationToken">Ends it between two transactions.</param>
    /// <returns>How many entries were taken away.</returns>
    public int Apply(int keep, DateTimeOffset? oldest, DateTimeOffset oldestKey, CancellationToken cancellationToken = default)
    {
        int gone = 0;
        foreach (string room in Names())
        {
            for (int some = Chunk; some == Chunk; gone += some)
            {
                cancellationToken.ThrowIfCancellationRequested();
                some = Forget(room, keep, oldest);
            }
        }
        ForgetKeys(oldestKey);
        return gone;
    }

    private int Forget(string name, int keep, DateTimeOffset? oldest)
    {
        (long first, long last) = Stretch(name, keep, oldest);
        if (first == 0) return 0;
        return store.Write(() =>
        {
            RoomState room = store.Room(name);
            (long from, long to) = (room.Entry(first), room.Entry(last));
            Run("UPDATE rooms SET last = $2 WHERE id = $1", room.Id, room.Last);
            Run("INSERT INTO search (search, rowid, text) SELECT 'delete', id, text FROM entries WHERE id >= $1 AND id <= min($2, $3) AND kind = 0 AND text IS NOT NULL", from, to, room.Entry(room.Indexed));
            Run("DELETE FROM reactions WHERE line >= $1 AND line <= $2", from, to);
            return Run("DELETE FROM entries WHERE id >= $1 AND id <= $2", from, to);
        });
    }

    /// <summary>The next numbers of a room that are to go; zeros when none are.</summary>
    private (long First, long Last) Stretch(string name, int keep, DateTimeOffset? oldest)
    {
        using SqliteConnection connection = file.Connect();
        if (Rooms.Find(connection, name) is not { } room) return default;
        var query = new Statement(connection, "SELECT id, at FROM entries WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3");
        long old = oldest?.ToUnixTimeMilliseconds() ?? long.MinValue;
        // In order of numbers, and never over one that stays: what is left has no holes.
        List<long> going = [.. query.Rows(row => (Id: row.GetInt64(0), At: row.GetInt64(1)), room.Entry(0), room.Entry(room.Last), Chunk)
            .TakeWhile(e => ChatSchema.Seq(e.Id) <= room.Last - keep || e.At < old).Select(e => ChatSchema.Seq(e.Id))];
        return going.Count == 0 ? default : (going[0], going[^1]);
    }

    private void ForgetKeys(DateTimeOffset oldest)
    {
        using (SqliteConnection connection = file.Connect())
            if (new Statement(connection, "SELECT 1 FROM keys WHERE at < $1 LIMIT 1").Value(oldest.ToUnixTimeMilliseconds()) is null) return;
        store.Write(() => Run("DELETE FROM keys WHERE at < $1", oldest.ToUnixTimeMilliseconds()));
    }

    private List<string> Names()
    {
        using SqliteConnection connection = file.Connect();
        var query = new Statement(connection, "SELECT name FROM rooms");
        return query.Rows(row => row.GetString(0));
    }

    private int Run(string sql, params ReadOnlySpan<object?> values)
    {
        var statement = new Statement(file.Writer, sql);
        return statement.Run(values);
    }
}
