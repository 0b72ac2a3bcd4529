namespace LanCollab.Contracts;

/// <summary>Who is here. Exported by one plugin on the hub, imported by others as <c>Lazy&lt;ISessions&gt;</c>.</summary>
public interface ISessions
{
    /// <summary>A snapshot of the people in a room, in order of their joining; empty for a room that is not there.</summary>
    IReadOnlyList<Peer> Members(string room);

    /// <summary>A snapshot of the names of all rooms with somebody in them.</summary>
    IReadOnlyCollection<string> Rooms { get; }

    /// <summary>
    /// Raised after a person has a seat, also when a lost one has come back: then with a new <see cref="Peer"/> of the same
    /// <see cref="Peer.Id"/>; on the thread that seated them; handlers must be quick and not throw.
    /// </summary>
    event Action<Peer> Joined;

    /// <summary>Raised after somebody's <see cref="Peer.Standing"/> has changed; handlers must be quick and not throw.</summary>
    event Action<Peer> Changed;

    /// <summary>Raised once for each seat, after it is free again and its channels have been closed; handlers must be quick and not throw.</summary>
    event Action<Peer> Left;
}
