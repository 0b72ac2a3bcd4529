using LanCollab.Plugins.Chat.Storage;
using Microsoft.Data.Sqlite;

namespace LanCollab.Plugins.Chat.Server;

/// <summary>Pages of a room's history as one person may see it. Each page is one moment of the history: all its lines are as they are at <c>last</c>.</summary>
internal sealed class HistoryReader(SqliteFile file, string store, DateTimeOffset? lost)
{
    /// <summary>Text of one page, in bytes at the worst encoding.</summary>
    public const int PageBytes = 512 * 1024;

    private const string Select = """
        SELECT e.id, e.kind, e.key, e.person, e.member, e.name, e.at, e.text, e.line, e.to_person, e.to_member, e.to_name, e.version, e.edited, e.deleted, q.name, q.text
        FROM entries e LEFT JOIN entries q ON q.id = $1 + e.line
        WHERE e.id > $2 AND e.id < $3
        """;

    // A change may be seen by who may see its line; a line that is forgotten has no changes any more.
    private const string Visible = """
         AND CASE WHEN e.kind = 0 THEN e.to_person IS NULL OR e.to_person = $4 OR e.person = $4
                  ELSE q.id IS NOT NULL AND (q.to_person IS NULL OR q.to_person = $4 OR q.person = $4) END
        """;

    /// <summary>A page.</summary>
    /// <param name="room">The room.</param>
    /// <param name="reader">The person.</param>
    /// <param name="ask">Which page.</param>
    public HistoryOk Page(string room, string reader, History ask)
    {
        using SqliteConnection connection = file.Connect();
        using SqliteTransaction moment = connection.BeginTransaction(deferred: true);
        if (Rooms.Find(connection, room) is not { } state) return new HistoryOk([], More: false, Last: 0, store, Through: IsUpward(ask) ? 0 : null, Lost: lost);
        (List<INews> news, bool more) = Fit(Read(connection, state, reader, ask), ask.Limit);
        if (!IsUpward(ask)) news.Reverse();
        List<Said> items = [.. news.OfType<Said>()];
        List<Changed> changes = [.. news.OfType<Changed>()];
        long? through = !IsUpward(ask) ? null : more ? news[^1].Seq : state.Last;
        return new HistoryOk(items, more, state.Last, store, changes.Count > 0 ? changes : null, through, Lost: lost);
    }

    private static bool IsUpward(History ask) => ask.After is not null;

    private static IEnumerable<INews> Read(SqliteConnection connection, RoomState room, string reader, History ask)
    {
        string kinds = !IsUpward(ask) || ask.Direct ? " AND e.kind = 0" : "", direct = ask.Direct ? " AND e.to_person IS NOT NULL" : "";
        var query = new Statement(connection, $"{Select}{Visible}{kinds}{direct} ORDER BY e.id {(IsUpward(ask) ? "ASC" : "DESC")} LIMIT $5");
        var reactions = new Statement(connection, "SELECT emoji, person, name FROM reactions WHERE line = $1 ORDER BY seq");
        // Numbers that nobody has given out stay outside, whatever was asked for.
        long after = Math.Clamp(ask.After ?? 0, 0, room.Last), before = Math.Clamp(ask.Before ?? long.MaxValue, 0, room.Last + 1);
        List<INews> rows = query.Rows(Of, room.Entry(0), room.Entry(after), room.Entry(before), reader, ask.Limit + 1);
        foreach (INews news in rows)
            yield return news is Said { Version: not null, Deleted: null } line ? WithReactions(line, reactions, room) : news;
    }

    private static Said WithReactions(Said line, Statement reactions, RoomState room)
    {
        List<Reaction> set = reactions.Rows(row => new Reaction(row.GetString(0), row.GetString(1), row.GetString(2)), room.Entry(line.Seq));
        return set.Count == 0 ? line : line with { Reactions = set };
    }

    private static INews Of(SqliteDataReader row) => row.GetInt32(1) == ChatSchema.Line ? Line(row) : Change(row);

    private static Said Line(SqliteDataReader row)
    {
        Quote? quote = row.Number(8) is { } answered && row.Text(15) is { } name ? Quotes.Of(answered, name, row.Text(16)) : null;
        return new Said(
            ChatSchema.Seq(row.GetInt64(0)), row.GetString(2), row.GetString(4), row.GetString(5), row.Text(7) ?? "", row.Time(6)!.Value,
            row.Text(10), row.Text(11), row.GetString(3), row.Text(9), quote, row.Number(12), row.Time(13), row.Text(14));
    }

    private static Changed Change(SqliteDataReader row)
    {
        (string kind, bool isText) = row.GetInt32(1) switch
        {
            ChatSchema.Edit => (Changed.Edited, true),
            ChatSchema.Deletion => (Changed.Deleted, false),
            ChatSchema.Reaction => (Changed.Reacted, false),
            _ => (Changed.Unreacted, false),
        };
        return new Changed(
            ChatSchema.Seq(row.GetInt64(0)), row.GetInt64(8), kind, row.GetString(3), row.GetString(5), row.Time(6)!.Value,
            isText ? row.Text(16) ?? "" : null, row.Text(7), row.GetString(2));
    }

    private static (List<INews> News, bool More) Fit(IEnumerable<INews> all, int limit)
    {
        var news = new List<INews>();
        int bytes = 0;
        foreach (INews one in all)
        {
            bytes += Bytes(one);
            if (news.Count == limit || (bytes > PageBytes && news.Count > 0)) return (news, true);
            news.Add(one);
        }
        return (news, false);
    }

    // JSON may need six bytes for a character; 512 is more than all the rest of a line, and 256 than that of a reaction.
    private static int Bytes(INews news) => news switch
    {
        Said line => 6 * (line.Text.Length + (line.Reply?.Text?.Length ?? 0)) + 1024 + (line.Reactions?.Count ?? 0) * 512,
        Changed change => 6 * (change.Text?.Length ?? 0) + 1024,
        _ => 64,
    };
}

internal static class Rooms
{
    /// <summary>A room as it is in the file at this moment; null when nothing was ever said there.</summary>
    public static RoomState? Find(SqliteConnection connection, string name)
    {
        var query = new Statement(connection, "SELECT id, last, indexed FROM rooms WHERE name = $1");
        if (query.Rows(row => new RoomState(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), name).FirstOrDefault() is not { } room) return null;
        var newest = new Statement(connection, "SELECT ifnull(max(id), 0) FROM entries WHERE id > $1 AND id < $2");
        long id = (long)newest.Value(room.Entry(0), ChatSchema.Id(room.Id + 1, 0))!;
        if (id > 0) room.Last = Math.Max(room.Last, ChatSchema.Seq(id));
        return room;
    }
}
