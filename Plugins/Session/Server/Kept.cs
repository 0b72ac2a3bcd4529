namespace LanCollab.Plugins.Session;

/// <summary>What of the house a restart must not undo, as it stands in the file. No password and no token is in it, only digests.</summary>
/// <param name="Rooms">All of them.</param>
internal sealed record KeptHouse(IReadOnlyList<KeptRoom> Rooms)
{
    /// <summary>As it is now; within the house's lock.</summary>
    public static KeptHouse Of(House house) => new([.. house.Rooms.Select(KeptRoom.Of)]);

    /// <summary>Puts all of it into an empty house: everybody is lost and is waited for.</summary>
    public void Restore(House house)
    {
        foreach (KeptRoom room in Rooms) room.Restore(house);
    }
}

/// <summary>One room.</summary>
internal sealed record KeptRoom(
    string Name, byte[]? Salt, byte[]? Hash, bool Locked, bool Lobby, int? Capacity,
    IReadOnlyList<Ban> Bans, IReadOnlyList<KeptStanding> Restricted, IReadOnlyList<KeptSeat> Seats)
{
    public static KeptRoom Of(Room room) => new(
        room.Name, room.Password?.Salt, room.Password?.Hash, room.Locked, room.HasLobby, room.Capacity,
        [.. room.Bans.Select(ban => new Ban(ban.Key, ban.Value))],
        [.. room.Restricted.Select(r => new KeptStanding(r.Key, Roles.Name(r.Value.Role), r.Value.Muted))],
        [.. room.All.Select(KeptSeat.Of)]);

    public void Restore(House house)
    {
        var room = new Room(Name)
        {
            Password = Salt is not null && Hash is not null ? RoomPassword.Kept(Salt, Hash) : null,
            Locked = Locked, HasLobby = Lobby, Capacity = Capacity,
        };
        foreach (Ban ban in Bans) room.Bans[ban.Person] = ban.Name;
        foreach (KeptStanding one in Restricted) room.Restricted[one.Person] = new Standing(Roles.Parse(one.Role), one.Muted);
        house.Restore(room, Seats.Select(seat => seat.In(room)));
    }
}

/// <summary>Rights of somebody who has left.</summary>
internal sealed record KeptStanding(string Person, string Role, bool Muted);

/// <summary>One seat.</summary>
internal sealed record KeptSeat(
    string Id, string Name, byte[] Device, string? Current, string? Former, IReadOnlyList<string> Spent,
    string Role, bool Muted, bool Operator, long? Hand, bool Away)
{
    public static KeptSeat Of(Seat seat) => new(
        seat.Id, seat.Name, seat.Device, seat.Tokens.Current, seat.Tokens.Former, seat.Tokens.Spent,
        Roles.Name(seat.Standing.Role), seat.Standing.Muted, seat.Operator, seat.Hand, seat.Away);

    public Seat In(Room room) => new(Id, room, Name, Device)
    {
        Tokens = new ResumeTokens(Current, Former, Spent),
        Standing = new Standing(Roles.Parse(Role), Muted), Operator = Operator, Hand = Hand, Away = Away,
    };
}
