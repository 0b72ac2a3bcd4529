using LanCollab.Plugins.Chat.Storage;
using Microsoft.Data.Sqlite;

namespace LanCollab.Plugins.Chat.Client;

/// <summary>How far this person has read in each room. It is theirs alone, so the hub does not know it. Not for several threads at a time.</summary>
internal sealed class ReadMarks(SqliteFile file)
{
    private readonly SqliteConnection _connection = file.Connect();
    private Statement? _read, _mark;

    /// <summary>Up to which number; null in a room that was never read.</summary>
    public long? Read(Home home)
    {
        _read ??= new(_connection, "SELECT seq FROM marks WHERE room = $1 AND store = $2");
        return (long?)_read.Value(home.Room, home.Store);
    }

    /// <summary>Up to here from now on.</summary>
    public void Mark(Home home, long seq)
    {
        _mark ??= new(_connection, "INSERT INTO marks (room, store, seq) VALUES ($1, $2, $3) ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq)");
        _mark.Run(home.Room, home.Store, seq);
    }
}
