namespace LanCollab.Contracts;

/// <summary>A person in a room, as every service of the hub knows them. One object for each seat: compare by reference.</summary>
/// <param name="id">Stable for as long as the seat is kept; 16 hex digits, random.</param>
/// <param name="name">Shown to people; unique within the room.</param>
/// <param name="room">The room's name.</param>
public sealed class Peer(string id, string name, string room)
{
    /// <summary>The seat's id.</summary>
    public string Id { get; } = id;

    /// <summary>The person's name.</summary>
    public string Name { get; } = name;

    /// <summary>The room.</summary>
    public string Room { get; } = room;

    /// <inheritdoc />
    public override string ToString() => $"{Name}@{Room}";
}
