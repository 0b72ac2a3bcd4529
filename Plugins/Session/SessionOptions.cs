using System.ComponentModel.DataAnnotations;

namespace LanCollab.Plugins.Session;

/// <summary>Who may make a room by being the first in it.</summary>
internal enum RoomMakers
{
    /// <summary>Everybody.</summary>
    Anyone,

    /// <summary>The operator; besides there are the rooms that the configuration names.</summary>
    Moderators,
}

/// <summary>The section <c>Plugins:Session</c>; all of it but <see cref="RedialWithin"/> is the hub's.</summary>
internal sealed class SessionOptions
{
    /// <summary>The door's TCP port; 0 = any free one.</summary>
    [Range(0, 65535)]
    public int Port { get; set; } = 5870;

    /// <summary>A password for every room of this server; empty: the first in a room may set one for that room.</summary>
    [MaxLength(256), Live]
    public string Password { get; set; } = "";

    /// <summary>Who gives it instead of a room's password is a moderator in any room, locked or not; empty: nobody.</summary>
    [MaxLength(256), Live]
    public string AdminPassword { get; set; } = "";

    /// <summary>Who may make rooms.</summary>
    [Live]
    public RoomMakers RoomsBy { get; set; } = RoomMakers.Anyone;

    /// <summary>Rooms that are there from the start, and stay when the last person has left.</summary>
    [Live]
    public string[] Rooms { get; set; } = [];

    /// <summary>People in one room.</summary>
    [Range(1, 10_000), Live]
    public int MaxMembers { get; set; } = 200;

    /// <summary>Rooms with somebody in them.</summary>
    [Range(1, 10000), Live]
    public int MaxRooms { get; set; } = 200;

    /// <summary>People who wait before one room.</summary>
    [Range(1, 1000), Live]
    public int MaxKnocking { get; set; } = 50;

    /// <summary>How often a client says that it is alive.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan BeatEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Silence after which the room is told that somebody may be gone.</summary>
    [Range(typeof(TimeSpan), "00:00:00.200", "00:05:00")]
    public TimeSpan SuspectAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Silence by the end of which everybody knows that somebody has gone: the watchdog acts two of its ticks earlier.</summary>
    [Range(typeof(TimeSpan), "00:00:00.600", "00:10:00")]
    public TimeSpan LostAfter { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>How long the seat of somebody lost is kept, and all seats after a restart of the server.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// While somebody lost may come back, their name is kept for them, too. Otherwise it is free as soon as they are lost, for themselves at another machine
    /// above all; and who comes back to find it taken is called by one like it.
    /// </summary>
    [Live]
    public bool KeepNames { get; set; }

    /// <summary>
    /// A client's: the longest ceiling of the waits between attempts to come back, each random up to it (full jitter). 5 s, so that after a restart of the hub,
    /// however long it took, everybody is back within 10 s; with 10 s, in two crowds of fifty in five somebody would not even have dialled after 9 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.200", "00:10:00"), Live]
    public TimeSpan RedialWithin { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection may be open without a seat.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:01:00")]
    public TimeSpan EnterWithin { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Wrong passwords an address may give in a row.</summary>
    [Range(1, 1000)]
    public int WrongPasswords { get; set; } = 5;

    /// <summary>Time after which an address may try one more.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan WrongPasswordEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What a client is told of these times.</summary>
    public Heartbeat Heartbeat => new(Milliseconds(BeatEvery), Milliseconds(SuspectAfter), Milliseconds(LostAfter), Milliseconds(KeepFor));

    /// <summary>Checks what one value says about another.</summary>
    /// <exception cref="ConfigurationErrorException">With both values.</exception>
    public SessionOptions Checked()
    {
        if (SuspectAfter <= BeatEvery) throw NotLonger(nameof(SuspectAfter), SuspectAfter, nameof(BeatEvery), BeatEvery);
        if (LostAfter <= SuspectAfter + SessionServer.Notice) throw NotLonger(nameof(LostAfter), LostAfter, nameof(SuspectAfter), SuspectAfter, SessionServer.Notice);
        if (AdminPassword.Length > 0 && AdminPassword == Password)
            throw new ConfigurationErrorException("Plugins:Session:AdminPassword cannot be used; allowed: another password than Plugins:Session:Password, which everybody knows.");
        foreach (string room in Rooms)
        {
            try { Naming.Room(room); }
            catch (UserErrorException e) { throw new ConfigurationErrorException($"Plugins:Session:Rooms = \"{room}\" cannot be used; allowed: {e.Message}"); }
        }
        return this;
    }

    private static int Milliseconds(TimeSpan time) => (int)time.TotalMilliseconds;

    private static ConfigurationErrorException NotLonger(string key, TimeSpan value, string other, TimeSpan least, TimeSpan more = default) =>
        new($"Plugins:Session:{key} = \"{value}\" cannot be used; allowed: more than Plugins:Session:{other}, which is \"{least}\"{(more > default(TimeSpan) ? $", and {more.TotalSeconds} s" : "")}.");
}
