namespace LanCollab.Plugins.Session;

/// <summary>One person's place in a room, kept while connections come and go. Guarded by the <see cref="Roster"/>'s lock.</summary>
/// <param name="peer">As the other plugins know them.</param>
/// <param name="room">Where.</param>
/// <param name="device">Digest of the device secret.</param>
/// <param name="resume">The word that attaches a new connection.</param>
/// <param name="now">A timestamp.</param>
internal sealed class Seat(Peer peer, Room room, byte[] device, string resume, long now)
{
    public Peer Peer { get; } = peer;

    public Room Room { get; } = room;

    public byte[] Device { get; } = device;

    public string Resume { get; } = resume;

    public BeatIntervals Beats { get; } = new();

    /// <summary>The control channel; null while it is broken.</summary>
    public IChannel? Control { get; set; }

    /// <summary>Timestamp of the last sign of life.</summary>
    public long HeardAt { get; set; } = now;

    /// <summary>Timestamp of the last beat; null before the first and after a break, which is no interval.</summary>
    public long? BeatAt { get; set; }

    public bool Suspect { get; set; }

    public bool Away { get; set; }

    /// <summary>False once the seat is free again; whoever still holds it holds nothing.</summary>
    public bool Taken { get; set; } = true;

    public string State => Suspect ? MemberState.Suspect : Away ? MemberState.Away : MemberState.Present;

    public Member Member => new(Peer.Id, Peer.Name, State);
}
