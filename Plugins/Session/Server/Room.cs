namespace LanCollab.Plugins.Session;

/// <summary>A room with somebody in it. Guarded by the <see cref="Roster"/>'s lock, except <see cref="Peers"/>.</summary>
/// <param name="name">As its first member spelled it.</param>
/// <param name="password">Digest of the password its first member set, or null.</param>
internal sealed class Room(string name, byte[]? password)
{
    private readonly List<Seat> _seats = [];
    private volatile Peer[] _peers = [];

    public string Name { get; } = name;

    public byte[]? Password { get; } = password;

    /// <summary>In order of joining.</summary>
    public IReadOnlyList<Seat> Seats => _seats;

    /// <summary>A snapshot for other threads.</summary>
    public IReadOnlyList<Peer> Peers => _peers;

    public Seat? Find(string name) => _seats.Find(seat => seat.Peer.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    public void Add(Seat seat)
    {
        _seats.Add(seat);
        _peers = [.. _peers, seat.Peer];
    }

    public void Remove(Seat seat)
    {
        _seats.Remove(seat);
        _peers = [.. _seats.Select(s => s.Peer)];
    }
}
