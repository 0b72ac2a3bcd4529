using System.Security.Cryptography;
using LanCollab.Contracts;
using LanCollab.Plugins.Chat.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Chat.Server;

/// <summary>
/// The history of all rooms in one SQLite file (write-ahead log, synchronous=FULL: a commit that has returned is on disk). Writers take
/// turns; readers come at any time.
/// </summary>
internal sealed class ChatStore : IDisposable
{
    private readonly SqliteFile _file;
    private readonly PostWriter _posts;
    private readonly HotStatement _begin, _commit;
    private readonly Statement _rollback, _addRoom, _room, _last, _meet;
    private readonly Dictionary<string, RoomState> _rooms = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Room, string Person), (string Name, DateTimeOffset At)> _met = [];
    private readonly Lock _writing = new();

    /// <summary>Opens the file, or makes it.</summary>
    /// <exception cref="IOException">Another program holds it.</exception>
    public ChatStore(string path, ILogger log, TimeProvider time)
    {
        _file = SqliteFile.Open(path, ChatSchema.Schema, log, time);
        SqliteConnection writer = _file.Writer;
        _posts = new PostWriter(_file);
        (_begin, _commit, _rollback) = (_file.Hot("BEGIN IMMEDIATE"), _file.Hot("COMMIT"), new(writer, "ROLLBACK"));
        _addRoom = new(writer, "INSERT OR IGNORE INTO rooms (name) VALUES ($1)");
        _room = new(writer, "SELECT id, last, indexed FROM rooms WHERE name = $1");
        _last = new(writer, "SELECT ifnull(max(id), 0) FROM entries WHERE id > $1 AND id < $2");
        _meet = new(writer, "INSERT INTO people (room, person, name, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO UPDATE SET name = excluded.name, at = excluded.at");
        (Id, Lost) = Identify(time.GetUtcNow());
        History = new HistoryReader(_file, Id, Lost);
        Search = new SearchIndex(this, _file);
        Retention = new Retention(this, _file);
        Checkpoints = new Checkpoints(this, _file, log, time);
    }

    /// <summary>For tests that make the disk fail.</summary>
    internal SqliteConnection Writer => _file.Writer;

    /// <summary>Random, made with the file.</summary>
    public string Id { get; }

    /// <summary>There: an earlier file was damaged and set aside then.</summary>
    public DateTimeOffset? Lost { get; }

    /// <summary>Reads pages.</summary>
    public HistoryReader History { get; }

    /// <summary>Finds lines.</summary>
    public SearchIndex Search { get; }

    /// <summary>Forgets what is old.</summary>
    public Retention Retention { get; }

    /// <summary>Moves the log into the file.</summary>
    public Checkpoints Checkpoints { get; }

    /// <summary>The disk failed once. What it lost is unknown, so nothing is acknowledged any more: a second try might only seem to succeed.</summary>
    public bool Broken { get; private set; }

    /// <summary>Stores posts in one transaction, numbered in their order. One that is refused does not touch the others.</summary>
    /// <exception cref="SqliteException">Nothing was stored.</exception>
    public IReadOnlyList<Stored> Append(IReadOnlyList<Post> posts)
    {
        try
        {
            return Write(() => posts.Select(Append).ToArray());
        }
        catch
        {
            foreach (Post post in posts) post.Chain?.Break();
            throw;
        }
    }

    private Stored Append(Post post)
    {
        if (post.Chain is { } chain && !chain.Fits(post))
            return new Stored(0, Refused: new UserErrorException("out-of-order", "What was sent before this was not taken; send that first."));
        try
        {
            Stored stored = _posts.Write(Room(post.Room), post);
            post.Chain?.Took(post);
            return stored;
        }
        catch (UserErrorException refusal)
        {
            return new Stored(0, Refused: refusal);
        }
    }

    /// <summary>One transaction, while nobody else writes. Whatever it throws, nothing of it is stored.</summary>
    public T Write<T>(Func<T> work)
    {
        lock (_writing)
        {
            try
            {
                _begin.Run();
                FlushMet();
                T result = work();
                _commit.Run();
                _met.Clear();
                return result;
            }
            catch (Exception e)
            {
                Broken |= e is SqliteException failure && StoreErrors.IsDiskFailure(failure);
                Undo();
                throw;
            }
        }
    }

    /// <summary>For work on the file that is no transaction.</summary>
    public void WhileNobodyWrites(Action work)
    {
        lock (_writing) work();
    }

    /// <summary>See <see cref="Broken"/>.</summary>
    public void Break() => Broken = true;

    private void Undo()
    {
        // What was given out in this transaction is free again.
        _rooms.Clear();
        try
        {
            _rollback.Run();
        }
        catch (SqliteException)
        {
            // SQLite has rolled back already, or never begun: there is no transaction to end.
        }
    }

    /// <summary>The room; made when it is not there. Within <see cref="Write"/> only.</summary>
    public RoomState Room(string name)
    {
        if (_rooms.TryGetValue(name, out RoomState? known)) return known;
        _addRoom.Run(name);
        RoomState room = _room.Rows(row => new RoomState(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), name)[0];
        long newest = (long)_last.Value(room.Entry(0), ChatSchema.Id(room.Id + 1, 0))!;
        if (newest > 0) room.Last = Math.Max(room.Last, ChatSchema.Seq(newest));
        return _rooms[name] = room;
    }

    /// <summary>Somebody came: may be written to from now on. Stored with the next transaction, since a crowd that comes shall not wait for the disk.</summary>
    public void Meet(string room, Member who, DateTimeOffset at)
    {
        lock (_writing) _met[(room, who.Person)] = (who.Name, at);
    }

    private void FlushMet()
    {
        foreach (((string room, string person), (string name, DateTimeOffset at)) in _met) _meet.Run(Room(room).Id, person, name, at.ToUnixTimeMilliseconds());
    }

    /// <summary>Who was in the room at some time, the last one first; 200 at most.</summary>
    public IReadOnlyList<Member> People(string room)
    {
        List<Member> people;
        lock (_writing) people = [.. _met.Where(met => met.Key.Room == room).Select(met => new Member(met.Key.Person, met.Value.Name, met.Key.Person))];
        using SqliteConnection connection = _file.Connect();
        var query = new Statement(connection, "SELECT p.person, p.name FROM people p JOIN rooms r ON r.id = p.room WHERE r.name = $1 ORDER BY p.at DESC LIMIT 200");
        people.AddRange(query.Rows(row => new Member(row.GetString(0), row.GetString(1), row.GetString(0)), room));
        return [.. people.DistinctBy(member => member.Person)];
    }

    private (string Id, DateTimeOffset? Lost) Identify(DateTimeOffset now)
    {
        var add = new Statement(_file.Writer, "INSERT INTO store SELECT $1, $2 WHERE NOT EXISTS (SELECT 1 FROM store)");
        add.Run(RandomNumberGenerator.GetHexString(16, lowercase: true), _file.Replaced ? now.ToUnixTimeMilliseconds() : null);
        var read = new Statement(_file.Writer, "SELECT id, lost FROM store");
        return read.Rows(row => (row.GetString(0), row.Time(1)))[0];
    }

    public void Dispose()
    {
        Checkpoints.Dispose();
        _file.Dispose();
    }
}
