using System.Net;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Session;

/// <summary>Decides who may come in; changes nothing but the count of wrong passwords. Guarded by the <see cref="Roster"/>'s lock.</summary>
internal sealed class Door(SessionOptions options, ILogger log, TimeProvider time)
{
    private readonly PasswordThrottle _throttle = new(options.WrongPasswords, options.WrongPasswordEvery, time);
    private readonly byte[]? _serverPassword = options.Password.Length == 0 ? null : Secrets.Password(options.Password);

    /// <summary>Examines a request. Who is in the room is told only to those who know its password.</summary>
    /// <exception cref="UserErrorException">The refusal.</exception>
    public Entry Examine(Enter request, IPAddress address, IReadOnlyDictionary<string, Room> rooms)
    {
        _throttle.Check(address);
        string name = Naming.Person(request.Name), room = Naming.Room(request.Room);
        byte[] device = Secrets.Device(request.Device);
        Room? present = rooms.GetValueOrDefault(room);
        CheckPassword(request.Password, present?.Password ?? _serverPassword, room, address);
        Seat? former = present?.Find(name);
        if (former is not null && !Secrets.Same(former.Device, device)) throw NameTaken(former);
        CheckSpace(present, former, rooms.Count);
        return new Entry(room, name, device, present, former, NewPassword(request.Password));
    }

    // A room's own password exists only on a server that has none.
    private byte[]? NewPassword(string? given) => _serverPassword is null && !string.IsNullOrEmpty(given) ? Secrets.Password(given) : null;

    private void CheckPassword(string? given, byte[]? expected, string room, IPAddress address)
    {
        if (expected is null || Secrets.Same(Secrets.Password(given ?? ""), expected)) return;
        if (string.IsNullOrEmpty(given)) throw new UserErrorException("wrong-password", "This room needs a password.");
        _throttle.Wrong(address);
        SessionLog.WrongPassword(log, address, room);
        throw new UserErrorException("wrong-password", "The password is wrong.");
    }

    private void CheckSpace(Room? present, Seat? former, int rooms)
    {
        if (present is null && rooms >= options.MaxRooms)
            throw new UserErrorException("too-many-rooms", $"This server has {options.MaxRooms} rooms, which is all it takes; join one of them.");
        if (present is not null && former is null && present.Seats.Count >= options.MaxMembers)
            throw new UserErrorException("room-full", $"The room is full: {options.MaxMembers} people are in it.");
    }

    private static UserErrorException NameTaken(Seat holder) => new("name-taken", holder.Suspect
        ? $"{holder.Peer.Name} was in this room a moment ago; try again in a few seconds or choose another name."
        : $"Somebody named {holder.Peer.Name} is already in this room; choose another name.");
}

/// <summary>A request that may pass.</summary>
/// <param name="Room">Canonical.</param>
/// <param name="Name">Canonical.</param>
/// <param name="Device">Digest of the device secret.</param>
/// <param name="Present">The room, when it is there already.</param>
/// <param name="Former">The same machine's seat under this name, which the new one replaces.</param>
/// <param name="NewPassword">Digest of the password for a room that is not there yet.</param>
internal sealed record Entry(string Room, string Name, byte[] Device, Room? Present, Seat? Former, byte[]? NewPassword);
