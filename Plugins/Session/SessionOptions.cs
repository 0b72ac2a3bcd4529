using System.ComponentModel.DataAnnotations;

namespace LanCollab.Plugins.Session;

/// <summary>The section <c>Plugins:Session</c>; all of it is the hub's.</summary>
internal sealed class SessionOptions
{
    /// <summary>The door's TCP port; 0 = any free one.</summary>
    [Range(0, 65535)]
    public int Port { get; set; } = 5870;

    /// <summary>A password for every room of this server; empty: the first in a room may set one for that room.</summary>
    [MaxLength(256)]
    public string Password { get; set; } = "";

    /// <summary>People in one room.</summary>
    [Range(1, 10_000)]
    public int MaxMembers { get; set; } = 200;

    /// <summary>Rooms with somebody in them.</summary>
    [Range(1, 10000)]
    public int MaxRooms { get; set; } = 200;

    /// <summary>How often a client says that it is alive.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan BeatEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Silence after which the room is told that somebody may be gone.</summary>
    [Range(typeof(TimeSpan), "00:00:00.200", "00:05:00")]
    public TimeSpan SuspectAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Silence after which a seat is free again. With the watchdog's tick of 250 ms everybody knows within 8 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.300", "00:10:00")]
    public TimeSpan LostAfter { get; set; } = TimeSpan.FromSeconds(7.5);

    /// <summary>How long a connection may be open without a seat.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:01:00")]
    public TimeSpan EnterWithin { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Wrong passwords an address may give in a row.</summary>
    [Range(1, 1000)]
    public int WrongPasswords { get; set; } = 5;

    /// <summary>Time after which an address may try one more.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan WrongPasswordEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Checks what one value says about another.</summary>
    /// <exception cref="ConfigurationErrorException">With both values.</exception>
    public SessionOptions Checked()
    {
        if (SuspectAfter <= BeatEvery) throw NotLonger(nameof(SuspectAfter), SuspectAfter, nameof(BeatEvery), BeatEvery);
        if (LostAfter <= SuspectAfter) throw NotLonger(nameof(LostAfter), LostAfter, nameof(SuspectAfter), SuspectAfter);
        return this;
    }

    private static ConfigurationErrorException NotLonger(string key, TimeSpan value, string other, TimeSpan least) =>
        new($"Plugins:Session:{key} = \"{value}\" cannot be used; allowed: more than Plugins:Session:{other}, which is \"{least}\".");
}
