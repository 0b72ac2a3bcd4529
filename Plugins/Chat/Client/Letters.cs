using System.Text.Json;
using LanCollab.Contracts;
using LanCollab.Plugins.Chat.Storage;
using Microsoft.Data.Sqlite;

namespace LanCollab.Plugins.Chat.Client;

/// <summary>Something on its way to the hub.</summary>
internal sealed class Letter(IPost post, Home home, DateTimeOffset at)
{
    /// <summary>What it is; with a key.</summary>
    public IPost Post => post;

    /// <summary>Its id.</summary>
    public string Key => post.Key!;

    /// <summary>Where it belongs.</summary>
    public Home Home => home;

    /// <summary>When it was written.</summary>
    public DateTimeOffset At => at;

    /// <summary>Why the hub refused it; it waits for a decision of its person.</summary>
    public string? Error { get; set; }

    /// <summary>Ends with the hub's answer.</summary>
    public TaskCompletionSource<SayOk> Done { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>As pages see it.</summary>
    public Queued Told(TimeSpan? wait = null) => new(
        Key, post as Say, post as Edit, post as Delete, post as React, Error, wait is { } time ? (long)Math.Ceiling(time.TotalMilliseconds) : null);
}

/// <summary>The letters on the daemon's disk. Not for several threads at a time.</summary>
internal sealed class Letters
{
    private static readonly Dictionary<string, Type> Types = ((Type[])[typeof(Say), typeof(Edit), typeof(Delete), typeof(React)]).ToDictionary(ChatWire.Messages.NameOf);

    private readonly SqliteConnection _connection;
    private readonly Statement _add, _remove, _error;

    public Letters(SqliteFile file)
    {
        _connection = file.Writer;
        _add = new(_connection, "INSERT INTO letters (key, type, body, room, store, at) VALUES ($1, $2, $3, $4, $5, $6)");
        _remove = new(_connection, "DELETE FROM letters WHERE key = $1");
        _error = new(_connection, "UPDATE letters SET error = $2 WHERE key = $1");
    }

    /// <summary>All, in their order.</summary>
    public List<Letter> Load() => new Statement(_connection, "SELECT type, body, room, store, at, error FROM letters ORDER BY n").Rows(row =>
    {
        var post = (IPost)JsonSerializer.Deserialize(row.GetString(1), ChatWire.Messages.JsonOf(Types[row.GetString(0)]))!;
        return new Letter(post, new Home(row.GetString(2), row.Text(3)), row.Time(4)!.Value) { Error = row.Text(5) };
    });

    public void Add(Letter letter)
    {
        Type type = letter.Post.GetType();
        string body = JsonSerializer.Serialize(letter.Post, ChatWire.Messages.JsonOf(type));
        _add.Run(letter.Key, ChatWire.Messages.NameOf(type), body, letter.Home.Room, letter.Home.Store, letter.At.ToUnixTimeMilliseconds());
    }

    public void Remove(Letter letter) => _remove.Run(letter.Key);

    public void SetError(Letter letter) => _error.Run(letter.Key, letter.Error);
}
