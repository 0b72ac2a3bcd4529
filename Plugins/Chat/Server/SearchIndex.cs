using LanCollab.Contracts;
using LanCollab.Plugins.Chat.Storage;
using Microsoft.Data.Sqlite;

namespace LanCollab.Plugins.Chat.Server;

/// <summary>
/// Full-text search (SQLite FTS5). Lines are put into the index when somebody searches and in quiet moments, not when they are said: that
/// would cost the hot path more than all the rest.
/// </summary>
internal sealed class SearchIndex(ChatStore store, SqliteFile file)
{
    /// <summary>Lines that are indexed in one transaction: others who want to write wait so long.</summary>
    private const int Chunk = 500;

    /// <summary>Control characters cannot be in a line, so they can mark hits.</summary>
    private const char Begin = '\u0001', End = '\u0002';

    private const int MaxWords = 12;

    private readonly Statement
        _index = new(file.Writer, "INSERT INTO search (rowid, text) SELECT id, text FROM entries WHERE id > $1 AND id <= $2 AND kind = 0 AND text IS NOT NULL"),
        _indexed = new(file.Writer, "UPDATE rooms SET indexed = $2 WHERE id = $1");

    private const string Query = """
        SELECT e.id, e.name, e.at, e.to_name, snippet(search, 0, char(1), char(2), '…', 24)
        FROM search JOIN entries e ON e.id = search.rowid
        WHERE search MATCH $1 AND search.rowid > $2 AND search.rowid < $3 AND (e.to_person IS NULL OR e.to_person = $4 OR e.person = $4)
        ORDER BY search.rowid DESC LIMIT $5
        """;

    /// <summary>The newest lines that have all the words and that this person may see.</summary>
    /// <exception cref="UserErrorException"><c>empty-search</c>.</exception>
    public SearchOk Find(string room, string reader, Search ask)
    {
        string match = Match(ask.Text);
        while (IndexSome(room)) { }
        using SqliteConnection connection = file.Connect();
        if (Rooms.Find(connection, room) is not { } state) return new SearchOk([], More: false);
        var query = new Statement(connection, Query);
        long before = Math.Clamp(ask.Before ?? long.MaxValue, 0, state.Last + 1);
        List<Found> found = query.Rows(row => new Found(
            ChatSchema.Seq(row.GetInt64(0)), row.GetString(1), row.Time(2)!.Value, Pieces(row.GetString(4)), row.Text(3)),
            match, state.Entry(0), state.Entry(before), reader, ask.Limit + 1);
        return new SearchOk([.. found.Take(ask.Limit)], found.Count > ask.Limit);
    }

    /// <summary>Puts the next lines of a room into the index; false when all are.</summary>
    public bool IndexSome(string name)
    {
        using (SqliteConnection connection = file.Connect())
            if (Rooms.Find(connection, name) is not { } there || there.Indexed >= there.Last) return false;
        return store.Write(() =>
        {
            RoomState room = store.Room(name);
            long through = Math.Min(room.Last, room.Indexed + Chunk);
            _index.Run(room.Entry(room.Indexed), room.Entry(through));
            _indexed.Run(room.Id, through);
            room.Indexed = through;
            return through < room.Last;
        });
    }

    // Each word in quotes: nothing of it is FTS5's query language.
    private static string Match(string text)
    {
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        string[] useful = [.. words.Where(word => word.Any(char.IsLetterOrDigit)).Take(MaxWords).Select(word => $"\"{word.Replace("\"", "\"\"", StringComparison.Ordinal).Replace("\0", "", StringComparison.Ordinal)}\"")];
        if (useful.Length == 0) throw new UserErrorException("empty-search", "Type a word to look for.");
        return string.Join(' ', useful) + "*";
    }

    private static List<Piece> Pieces(string snippet)
    {
        var pieces = new List<Piece>();
        foreach (string part in snippet.Split(Begin))
        {
            int end = part.IndexOf(End, StringComparison.Ordinal);
            if (end > 0) pieces.Add(new Piece(part[..end], Hit: true));
            if (part.Length > end + 1) pieces.Add(new Piece(part[(end + 1)..]));
        }
        return pieces;
    }
}
