namespace LanCollab.Plugins.Session;

/// <summary>
/// One person's place in a room, kept while connections come and go and for a while after they were lost. Guarded by the
/// <see cref="House"/>'s lock.
/// </summary>
/// <param name="id">16 hex digits.</param>
/// <param name="room">Where.</param>
/// <param name="name">Whose.</param>
/// <param name="device">Digest of the device secret.</param>
internal sealed class Seat(string id, Room room, string name, byte[] device)
{
    public string Id { get; } = id;

    public Room Room { get; } = room;

    /// <summary>Changes only while lost, when somebody else has taken the name meanwhile.</summary>
    public string Name { get; set; } = name;

    public byte[] Device { get; } = device;

    public string Person { get; } = Secrets.Person(device);

    public ResumeTokens Tokens { get; init; } = new();

    public LinkQuality Quality { get; } = new();

    /// <summary>As the other plugins know them; null while lost.</summary>
    public Peer? Peer { get; set; }

    /// <summary>What the present peer was granted.</summary>
    public Admission? Admission { get; set; }

    /// <summary>The control channel; null while it is broken.</summary>
    public IChannel? Control { get; set; }

    /// <summary>Timestamp of the last sign of life; of the loss while lost.</summary>
    public long HeardAt { get; set; }

    /// <summary>Timestamp of the last beat; null before the first and after a break, which is no interval.</summary>
    public long? BeatAt { get; set; }

    public Standing Standing { get; set; } = new(Role.Member);

    /// <summary>Came with the operator's password: nobody in the room can take that away.</summary>
    public bool Operator { get; set; }

    /// <summary>There while the hand is raised; the lower, the earlier.</summary>
    public long? Hand { get; set; }

    public bool Suspect { get; set; }

    public bool Away { get; set; }

    /// <summary>False once the seat is free again; whoever still holds it holds nothing.</summary>
    public bool Taken { get; set; } = true;

    /// <summary>Nobody has heard from its client for too long; it waits for its token.</summary>
    public bool Lost => Peer is null;

    public string State => Suspect ? MemberState.Suspect : Away ? MemberState.Away : MemberState.Present;

    public Member Member => new(Id, Name, State, Roles.Name(Standing.Role), Standing.Muted, Hand);

    /// <inheritdoc />
    public override string ToString() => $"{Name}@{Room.Name}";
}
