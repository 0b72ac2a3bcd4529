using LanCollab.Contracts;
using LanCollab.Plugins.Chat.Storage;
using Microsoft.Data.Sqlite;

namespace LanCollab.Plugins.Chat.Server;

/// <summary>Puts one post into the tables, within a transaction of its caller: gives it the room's next number, or refuses it before anything is written.</summary>
internal sealed class PostWriter(SqliteFile file)
{
    private const int MaxEmoji = 20;

    private readonly HotStatement
        _addKey = file.Hot("INSERT OR IGNORE INTO keys (person, key, id, at) VALUES (?1, ?2, ?3, ?4)"),
        _add = file.Hot("INSERT INTO entries (id, kind, key, person, member, name, at, text, line, to_person, to_member, to_name) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");

    private readonly Statement
        _known = new(file.Writer, "SELECT id FROM keys WHERE person = $1 AND key = $2"),
        _line = new(file.Writer, "SELECT id, person, name, to_person, text, version FROM entries WHERE id = $1 AND kind = 0"),
        _edit = new(file.Writer, "UPDATE entries SET text = $2, version = $3, edited = $4 WHERE id = $1"),
        _delete = new(file.Writer, "UPDATE entries SET text = NULL, version = $2, deleted = $3 WHERE id = $1"),
        _touch = new(file.Writer, "UPDATE entries SET version = $2 WHERE id = $1"),
        _addReaction = new(file.Writer, "INSERT OR IGNORE INTO reactions (line, emoji, person, name, seq) VALUES ($1, $2, $3, $4, $5)"),
        _removeReaction = new(file.Writer, "DELETE FROM reactions WHERE line = $1 AND emoji = $2 AND person = $3"),
        _removeReactions = new(file.Writer, "DELETE FROM reactions WHERE line = $1"),
        _emoji = new(file.Writer, "SELECT count(DISTINCT emoji) FROM reactions WHERE line = $1 AND emoji <> $2"),
        _unindex = new(file.Writer, "INSERT INTO search (search, rowid, text) VALUES ('delete', $1, $2)"),
        _index = new(file.Writer, "INSERT INTO search (rowid, text) VALUES ($1, $2)");

    private sealed record Target(long Id, string Person, string Name, string? ToPerson, string? Text, long? Version)
    {
        public Pair? Between => ToPerson is null ? null : new Pair(Person, ToPerson);

        public bool IsSeenBy(string person) => Between is not { } two || two.Has(person);
    }

    /// <summary>Stores it.</summary>
    /// <exception cref="SqliteException">The transaction is void.</exception>
    public Stored Write(RoomState room, Post post)
    {
        // The hot path: whether its key is known is seen when that is stored, without a question before.
        if (post is NewLine line) return Say(room, line);
        if (Known(room, post) is { } known) return known;
        return post switch
        {
            NewText edit => Edit(room, edit),
            Deletion deletion => Delete(room, deletion),
            NewReaction reaction => React(room, reaction),
            _ => throw new ArgumentException($"{post.GetType().Name} is no post that can be stored."),
        };
    }

    private Stored? Known(RoomState room, Post post)
    {
        if (_known.Value(post.From.Person, post.Key) is not long id) return null;
        return id == room.Entry(ChatSchema.Seq(id)) ? new Stored(ChatSchema.Seq(id)) : throw new UserErrorException("key-used", "This key was used in another room already; choose a new one.");
    }

    private Stored Say(RoomState room, NewLine line)
    {
        if (!AddKey(room, line)) return Known(room, line)!.Value;
        Pair? between = line.To is { } to ? new Pair(line.From.Person, to.Person) : null;
        Quote? quote = line.Reply is { } reply ? Quoted(room, reply, between) : null;
        long seq = AddEntry(room, line, ChatSchema.Line, line.Text, quote?.Seq, line.To);
        var said = new Said(seq, line.Key, line.From.Id, line.From.Name, line.Text, Rounded(line.At), line.To?.Id, line.To?.Name, line.From.Person, line.To?.Person, quote);
        return new Stored(seq, said, between);
    }

    // Whoever sees the new line must be somebody who may see the old one.
    private Quote? Quoted(RoomState room, long seq, Pair? between) =>
        Find(room, seq) is { } target && (target.Between is null || (between is not null && target.IsSeenBy(between.A) && target.IsSeenBy(between.B)))
            ? Quotes.Of(seq, target.Name, target.Text) : null;

    private Stored Edit(RoomState room, NewText edit)
    {
        Target line = Mine(room, edit, edit.Line);
        if (line.Text == edit.Text) return Same(line);
        long seq = Add(room, edit, ChatSchema.Edit, null, edit.Line);
        if (edit.Line <= room.Indexed) _unindex.Run(line.Id, line.Text);
        _edit.Run(line.Id, edit.Text, seq, edit.At.ToUnixTimeMilliseconds());
        if (edit.Line <= room.Indexed) _index.Run(line.Id, edit.Text);
        return Tell(seq, edit, edit.Line, Changed.Edited, line, text: edit.Text);
    }

    private Stored Delete(RoomState room, Deletion deletion)
    {
        Target line = deletion.Any ? Visible(room, deletion, deletion.Line) : Mine(room, deletion, deletion.Line);
        long seq = Add(room, deletion, ChatSchema.Deletion, null, deletion.Line);
        if (deletion.Line <= room.Indexed) _unindex.Run(line.Id, line.Text);
        _delete.Run(line.Id, seq, deletion.From.Name);
        _removeReactions.Run(line.Id);
        return Tell(seq, deletion, deletion.Line, Changed.Deleted, line);
    }

    private Stored React(RoomState room, NewReaction reaction)
    {
        Target line = Visible(room, reaction, reaction.Line);
        if (reaction.On && (long)_emoji.Value(line.Id, reaction.Emoji)! >= MaxEmoji)
            throw new UserErrorException("too-many-reactions", $"This line has {MaxEmoji} different reactions already.");
        bool changed = reaction.On
            ? _addReaction.Run(line.Id, reaction.Emoji, reaction.From.Person, reaction.From.Name, room.Last + 1) > 0
            : _removeReaction.Run(line.Id, reaction.Emoji, reaction.From.Person) > 0;
        if (!changed) return Same(line);
        long seq = Add(room, reaction, reaction.On ? ChatSchema.Reaction : ChatSchema.NoReaction, reaction.Emoji, reaction.Line);
        _touch.Run(line.Id, seq);
        return Tell(seq, reaction, reaction.Line, reaction.On ? Changed.Reacted : Changed.Unreacted, line, emoji: reaction.Emoji);
    }

    /// <summary>Of a change, whose key is not known.</summary>
    private long Add(RoomState room, Post post, int kind, string? text, long? line)
    {
        AddKey(room, post);
        return AddEntry(room, post, kind, text, line);
    }

    /// <summary>False when the key is known already, whosever number it got.</summary>
    private bool AddKey(RoomState room, Post post) =>
        _addKey.Bind(1, post.From.Person).Bind(2, post.Key).Bind(3, room.Entry(room.Last + 1)).Bind(4, post.At.ToUnixTimeMilliseconds()).Run() > 0;

    private long AddEntry(RoomState room, Post post, int kind, string? text, long? line, Member? to = null)
    {
        long seq = room.Last + 1;
        _add.Bind(1, room.Entry(seq)).Bind(2, kind).Bind(3, post.Key).Bind(4, post.From.Person).Bind(5, post.From.Id).Bind(6, post.From.Name)
            .Bind(7, post.At.ToUnixTimeMilliseconds()).Bind(8, text).Bind(9, line).Bind(10, to?.Person).Bind(11, to?.Id).Bind(12, to?.Name).Run();
        room.Last = seq;
        return seq;
    }

    private Target Mine(RoomState room, Post post, long seq)
    {
        Target line = Visible(room, post, seq);
        return line.Person == post.From.Person ? line : throw new UserErrorException("not-yours", "Only who said a line may change it.");
    }

    private Target Visible(RoomState room, Post post, long seq)
    {
        if (Find(room, seq) is not { } line || !line.IsSeenBy(post.From.Person)) throw new UserErrorException("no-such-line", "That line is not there any more.");
        return line.Text is null ? throw new UserErrorException("line-deleted", "That line was deleted.") : line;
    }

    private Target? Find(RoomState room, long seq) => seq < 1 || seq > room.Last ? null : _line.Rows(row =>
        new Target(row.GetInt64(0), row.GetString(1), row.GetString(2), row.Text(3), row.Text(4), row.Number(5)), room.Entry(seq)).FirstOrDefault();

    private static Stored Same(Target line) => new(line.Version ?? ChatSchema.Seq(line.Id));

    private static Stored Tell(long seq, Post post, long line, string kind, Target target, string? text = null, string? emoji = null) =>
        new(seq, new Changed(seq, line, kind, post.From.Person, post.From.Name, Rounded(post.At), text, emoji, post.Key), target.Between);

    /// <summary>As it comes back from the file.</summary>
    private static DateTimeOffset Rounded(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
}
