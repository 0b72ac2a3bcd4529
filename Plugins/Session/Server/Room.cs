namespace LanCollab.Plugins.Session;

/// <summary>A room with somebody in it, or one that the configuration names. Guarded by the <see cref="House"/>'s lock, except <see cref="Peers"/>.</summary>
/// <param name="name">As its first member spelled it.</param>
internal sealed class Room(string name)
{
    /// <summary>Bans, and people whose rights are remembered although they have left.</summary>
    public const int MaxRemembered = 1000;

    private readonly List<Seat> _seats = [];
    private volatile Peer[] _peers = [];
    private long _hands;

    public string Name { get; } = name;

    public RoomPassword? Password { get; set; }

    public bool Locked { get; set; }

    public bool HasLobby { get; set; }

    /// <summary>Set by a moderator; null: the server's limit.</summary>
    public int? Capacity { get; set; }

    /// <summary>Who may not come in: the machine and the name it had.</summary>
    public Dictionary<string, string> Bans { get; } = [];

    /// <summary>People who left while they were listeners or silenced: by coming again they do not get rid of it.</summary>
    public Dictionary<string, Standing> Restricted { get; } = [];

    /// <summary>In order of knocking.</summary>
    public List<Knock> Knocks { get; } = [];

    /// <summary>Everybody, lost ones too, in order of joining.</summary>
    public IReadOnlyList<Seat> All => _seats;

    /// <summary>Who is here, in order of joining.</summary>
    public IEnumerable<Seat> Present => _seats.Where(seat => !seat.Lost);

    /// <summary>A snapshot for other threads.</summary>
    public IReadOnlyList<Peer> Peers => _peers;

    /// <summary>Who is here under a name, ignoring case.</summary>
    public Seat? Find(string name) => _seats.Find(seat => !seat.Lost && Same(seat, name));

    /// <summary>A lost seat of a machine under a name.</summary>
    public Seat? FindLost(string name, byte[] device) => _seats.Find(seat => seat.Lost && Same(seat, name) && Secrets.Same(seat.Device, device));

    /// <summary>A lost seat under a name, whosever it is.</summary>
    public Seat? FindLost(string name) => _seats.Find(seat => seat.Lost && Same(seat, name));

    /// <summary>By the seat's id.</summary>
    public Seat? FindId(string id) => _seats.Find(seat => seat.Id == id);

    /// <summary>The next place in the queue of raised hands.</summary>
    public long NextHand() => _hands = Math.Max(_hands, _seats.Max(seat => seat.Hand) ?? 0) + 1;

    public void Add(Seat seat) => _seats.Add(seat);

    public void Remove(Seat seat) => _seats.Remove(seat);

    /// <summary>After somebody came, was lost or has gone: the snapshot.</summary>
    public void Count() => _peers = [.. _seats.Select(seat => seat.Peer).OfType<Peer>()];

    private static bool Same(Seat seat, string name) => seat.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Somebody who waits to be let in.</summary>
/// <param name="id">16 hex digits; becomes the seat's.</param>
/// <param name="entry">What was asked for.</param>
/// <param name="control">The connection.</param>
internal sealed class Knock(string id, Entry entry, IChannel control)
{
    public string Id { get; } = id;

    public Entry Entry { get; } = entry;

    public IChannel Control { get; } = control;

    public long HeardAt { get; set; }

    /// <summary>There once a moderator has let them in.</summary>
    public Seat? Seat { get; set; }
}
