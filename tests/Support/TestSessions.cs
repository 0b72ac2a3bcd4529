namespace LanCollab.Tests.Support;

/// <summary>A roster that the test fills.</summary>
public sealed class TestSessions : ISessions
{
    private readonly Lock _lock = new();
    private readonly List<Peer> _members = [];

    /// <inheritdoc />
    public event Action<Peer> Joined = delegate { };

    /// <inheritdoc />
    public event Action<Peer> Changed = delegate { };

    /// <inheritdoc />
    public event Action<Peer> Left = delegate { };

    /// <inheritdoc />
    public IReadOnlyCollection<string> Rooms
    {
        get { lock (_lock) return [.. _members.Select(p => p.Room).Distinct(StringComparer.OrdinalIgnoreCase)]; }
    }

    /// <summary>As a plugin imports it.</summary>
    public Lazy<ISessions> Lazy => new(this);

    /// <inheritdoc />
    public IReadOnlyList<Peer> Members(string room)
    {
        lock (_lock) return [.. _members.Where(p => p.Room == room)];
    }

    /// <summary>Seats somebody.</summary>
    public void Add(Peer peer)
    {
        lock (_lock) _members.Add(peer);
        Joined(peer);
    }

    /// <summary>Changes somebody's role or silence.</summary>
    public void Stand(Peer peer, Standing standing)
    {
        peer.Stand(standing);
        Changed(peer);
    }

    /// <summary>Frees a seat.</summary>
    public void Remove(Peer peer)
    {
        bool removed;
        lock (_lock) removed = _members.Remove(peer);
        if (removed) Left(peer);
    }
}
