namespace LanCollab.Contracts;

/// <summary>A person in a room, as every service of the hub knows them. One object for each stay in a seat: compare by reference.</summary>
/// <param name="id">Stable for as long as the seat is kept, also over a lost connection; 16 hex digits, random.</param>
/// <param name="name">Shown to people; unique within the room.</param>
/// <param name="room">The room's name.</param>
/// <param name="person">See <see cref="Person"/>; null gives the seat's id, for somebody who has no other identity.</param>
/// <param name="standing">At the beginning; null stands for an ordinary member.</param>
public sealed class Peer(string id, string name, string room, string? person = null, Standing? standing = null)
{
    private volatile Standing _standing = standing ?? new Standing(Role.Member);

    /// <summary>The seat's id.</summary>
    public string Id { get; } = id;

    /// <summary>The person's name.</summary>
    public string Name { get; } = name;

    /// <summary>The room.</summary>
    public string Room { get; } = room;

    /// <summary>
    /// Whose machine it is, the same at each join and in each room: a digest of the client's secret, 32 hex digits. Names may change hands;
    /// quotas, bans and private lines go by this.
    /// </summary>
    public string Person { get; } = person ?? id;

    /// <summary>Role and silence at this moment; each read gives one consistent pair.</summary>
    public Standing Standing => _standing;

    /// <summary>See <see cref="Contracts.Standing.Role"/>.</summary>
    public Role Role => _standing.Role;

    /// <summary>See <see cref="Contracts.Standing.Muted"/>.</summary>
    public bool Muted => _standing.Muted;

    /// <summary>Changes it. For the plugin that seats people, which then raises <see cref="ISessions.Changed"/>, and for nobody else.</summary>
    public void Stand(Standing standing) => _standing = standing;

    /// <inheritdoc />
    public override string ToString() => $"{Name}@{Room}";
}
