using System.Net;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Session;

/// <summary>Decides who may come in; changes nothing but the count of wrong passwords. Guarded by the <see cref="House"/>'s lock.</summary>
internal sealed class Door(ILiveOptions<SessionOptions> options, ILogger log, TimeProvider time)
{
    private readonly PasswordThrottle _throttle = new(options.Current.WrongPasswords, options.Current.WrongPasswordEvery, time);

    private SessionOptions Options => options.Current;

    /// <summary>Whether an address may give another password.</summary>
    /// <exception cref="UserErrorException"><c>throttled</c>.</exception>
    public void CheckThrottle(IPAddress address) => _throttle.Check(address);

    /// <summary>Examines a request. Who is in the room is told only to those who know its password.</summary>
    /// <exception cref="UserErrorException">The refusal.</exception>
    public Entry Examine(Enter request, IPAddress address, House house)
    {
        _throttle.Check(address);
        string name = Naming.Person(request.Name), room = Naming.Room(request.Room);
        byte[] device = Secrets.Device(request.Device);
        Room? there = house.Find(room);
        bool isOperator = IsOperator(request.Password);
        if (!isOperator) CheckPassword(request.Password, there, room, address);
        if (there is null) CheckMaking(house, room, isOperator);
        Seat? former = there is null ? null : Former(there, name, device);
        bool newcomer = former is null && !isOperator;
        if (newcomer && there is not null) CheckNewcomer(there, device);
        return new Entry(room, name, device, there, former, isOperator, newcomer && there is { HasLobby: true })
        {
            SetsPassword = there is null && !isOperator && Options.Password.Length == 0 && !string.IsNullOrEmpty(request.Password),
        };
    }

    /// <summary>What may have changed while somebody waited to be let in.</summary>
    /// <exception cref="UserErrorException"><c>name-taken</c>, <c>room-full</c>.</exception>
    public void ExamineAgain(Entry entry, Room room)
    {
        if ((room.Find(entry.Name) ?? WaitedFor(room, entry.Name)) is { } holder) throw NameTaken(holder);
        CheckSpace(room);
    }

    /// <summary>Seats that a room may have.</summary>
    public int MaxMembers => Options.MaxMembers;

    /// <summary>The server has one password for all rooms.</summary>
    public bool HasPassword => Options.Password.Length > 0;

    /// <summary>Seats of a room.</summary>
    public int Capacity(Room room) => Math.Min(room.Capacity ?? Options.MaxMembers, Options.MaxMembers);

    /// <summary>How a room is kept, for the wire.</summary>
    public RoomRules Rules(Room room) => new(room.Locked, room.HasLobby, room.Password is not null || Options.Password.Length > 0, Capacity(room));

    /// <summary>Whether somebody who is in a room already is the server's operator.</summary>
    /// <exception cref="UserErrorException"><c>throttled</c>, <c>wrong-password</c>.</exception>
    public void CheckOperator(string? given, IPAddress address, string room)
    {
        _throttle.Check(address);
        if (IsOperator(given)) return;
        _throttle.Wrong(address);
        SessionLog.WrongPassword(log, address, room);
        throw new UserErrorException("wrong-password", "That is not the operator's password of this server.");
    }

    private bool IsOperator(string? given) =>
        Options.AdminPassword.Length > 0 && !string.IsNullOrEmpty(given) && Secrets.Same(Secrets.Password(given), Secrets.Password(Options.AdminPassword));

    private void CheckPassword(string? given, Room? there, string room, IPAddress address)
    {
        bool needed = there?.Password is not null || Options.Password.Length > 0;
        bool right = there?.Password is { } own ? own.Matches(given) : Secrets.Same(Secrets.Password(given ?? ""), Secrets.Password(Options.Password));
        if (needed && right) return;
        if (string.IsNullOrEmpty(given))
        {
            if (needed) throw new UserErrorException("wrong-password", "This room needs a password.");
            return;
        }
        // Where none is needed it may still be a guess at the operator's.
        if (needed || Options.AdminPassword.Length > 0) _throttle.Wrong(address);
        if (!needed) return;
        SessionLog.WrongPassword(log, address, room);
        throw new UserErrorException("wrong-password", "The password is wrong.");
    }

    private void CheckMaking(House house, string room, bool isOperator)
    {
        if (Options.RoomsBy == RoomMakers.Moderators && !isOperator)
            throw new UserErrorException("no-such-room", $"There is no room \"{room}\", and on this server only its operator makes rooms.");
        if (house.Rooms.Count >= Options.MaxRooms)
            throw new UserErrorException("too-many-rooms", $"This server has {Options.MaxRooms} rooms, which is all it takes; join one of them.");
    }

    private Seat? Former(Room room, string name, byte[] device)
    {
        if ((room.Find(name) ?? WaitedFor(room, name)) is not { } holder) return room.FindLost(name, device);
        return Secrets.Same(holder.Device, device) ? holder : throw NameTaken(holder);
    }

    /// <summary>Who is lost and has the name kept for them.</summary>
    private Seat? WaitedFor(Room room, string name) => Options.KeepNames ? room.FindLost(name) : null;

    private void CheckNewcomer(Room room, byte[] device)
    {
        if (room.Bans.ContainsKey(Secrets.Person(device))) throw new UserErrorException("banned", "A moderator has banned you from this room.");
        if (room.Locked) throw new UserErrorException("room-locked", "The room is locked; ask a moderator to open it.");
        CheckSpace(room);
        if (room.HasLobby && room.Knocks.Count >= Options.MaxKnocking)
            throw new UserErrorException("lobby-full", $"{Options.MaxKnocking} people are waiting to be let in already; try again later.");
    }

    private void CheckSpace(Room room)
    {
        // Seats of people who were lost count: they may come back.
        if (room.All.Count >= Capacity(room)) throw new UserErrorException("room-full", $"The room is full: it has {Capacity(room)} seats.");
    }

    private static UserErrorException NameTaken(Seat holder) => new("name-taken", holder.Lost
        ? $"The seat of {holder.Name}, who was lost a moment ago, is kept for a while; choose another name or try again later."
        : holder.Suspect
        ? $"{holder.Name} was in this room a moment ago; try again in a few seconds or choose another name."
        : $"Somebody named {holder.Name} is already in this room; choose another name.");
}

/// <summary>A request that may pass.</summary>
/// <param name="Room">Canonical.</param>
/// <param name="Name">Canonical.</param>
/// <param name="Device">Digest of the device secret.</param>
/// <param name="There">The room, when it is there already.</param>
/// <param name="Former">The same machine's seat under this name, present or lost, which the new connection takes over.</param>
/// <param name="Operator">The operator's password was given.</param>
/// <param name="MustKnock">A moderator decides.</param>
internal sealed record Entry(string Room, string Name, byte[] Device, Room? There, Seat? Former, bool Operator, bool MustKnock)
{
    /// <summary>The password that was given becomes that of a room that is not there yet.</summary>
    public bool SetsPassword { get; init; }
}
