using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Session;

/// <summary>
/// All rooms and seats of the hub, and the few ways in which they change. One lock orders everything: whoever is in a room is told of the
/// same changes in the same order. All members but <see cref="Members"/>, <see cref="Names"/> and <see cref="Find"/> are called within it.
/// </summary>
/// <remarks>
/// Within the lock nothing waits: messages are posted. What other plugins do when they are told may read <see cref="Members"/>, which
/// takes no lock, so that their locks and this one cannot cross.
/// </remarks>
internal sealed class House(ILiveOptions<SessionOptions> options, IAdmissions admissions, IRosterListener listener, ILogger log, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Room> _rooms = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Seat> _byToken = [];

    public Lock Gate { get; } = new();

    public RoomNews News { get; } = new(log);

    public Door Door { get; } = new(options, log, time);

    public ICollection<Room> Rooms => _rooms.Values;

    /// <summary>A snapshot of the names of rooms with somebody in them.</summary>
    public IReadOnlyCollection<string> Names => [.. _rooms.Values.Where(room => room.Peers.Count > 0).Select(room => room.Name)];

    /// <summary>A snapshot of a room, in order of joining.</summary>
    public IReadOnlyList<Peer> Members(string room) => Find(room)?.Peers ?? [];

    /// <summary>A room by name; one that the configuration names is there by itself.</summary>
    public Room? Find(string name) => _rooms.TryGetValue(name, out Room? room) ? room : IsStanding(name) ? _rooms.GetOrAdd(name, new Room(name)) : null;

    /// <summary>A room that is not there yet.</summary>
    public Room Open(string name, RoomPassword? password) => _rooms[name] = new Room(name) { Password = password };

    /// <summary>Whose token this is, spent ones too.</summary>
    public Seat? FindToken(string digest) => _byToken.GetValueOrDefault(digest);

    /// <summary>Gives somebody a place in a room: new, or back from being lost. The others are told; <see cref="Greet"/> tells the person.</summary>
    public void Sit(Seat seat, bool back)
    {
        if (!back) seat.Room.Add(seat);
        // The first one keeps order, and whoever finds nobody there who does.
        if (!seat.Room.All.Any(other => other.Standing.Role == Role.Moderator)) seat.Standing = new Standing(Role.Moderator);
        seat.Peer = new Peer(seat.Id, seat.Name, seat.Room.Name, seat.Person, seat.Standing);
        seat.HeardAt = time.GetTimestamp();
        seat.Suspect = false;
        seat.Room.Count();
        seat.Admission = admissions.Admit(seat.Peer);
        SessionLog.Joined(log, seat, seat.Id, back, seat.Room.Peers.Count);
        listener.Joined(seat.Peer);
        News.Tell(seat.Room, new MemberJoined(seat.Member, back), except: seat);
        listener.Touched();
    }

    /// <summary>Makes the next resume token of a seat.</summary>
    /// <param name="seat">Whose.</param>
    /// <param name="used">Digest of the one it is given for; null: none.</param>
    public string NextToken(Seat seat, string? used)
    {
        foreach (string digest in seat.Tokens.All) _byToken.Remove(digest);
        string token = seat.Tokens.Next(used);
        Index(seat);
        listener.Touched();
        return token;
    }

    /// <summary>The client has shown that it got the newest token.</summary>
    public void Confirm(Seat seat)
    {
        if (!seat.Tokens.Confirm()) return;
        listener.Touched();
    }

    /// <summary>Tells somebody their seat, over the connection that has it from now on.</summary>
    public void Greet(Seat seat, string token, IChannel control)
    {
        seat.Control = control;
        seat.BeatAt = null;
        seat.HeardAt = time.GetTimestamp();
        News.Tell(seat, new Entered(new Person(seat.Id, seat.Name), seat.Room.Name, [.. seat.Room.Present.Select(s => s.Member)],
            Door.Rules(seat.Room), token, options.Current.Heartbeat, seat.Admission!));
        if (seat.Standing.Role == Role.Moderator && seat.Room.Knocks.Count > 0) News.Tell(seat, Lobby(seat.Room));
    }

    /// <summary>Changes something that everybody sees.</summary>
    public void Change(Seat seat, Action<Seat> change)
    {
        Member before = seat.Member;
        change(seat);
        if (seat.Member == before || seat.Lost) return;
        SessionLog.Changed(log, seat, seat.State);
        News.Tell(seat.Room, new MemberChanged(seat.Member));
    }

    /// <summary>Gives somebody other rights.</summary>
    public void Stand(Seat seat, Standing standing)
    {
        if (seat.Standing == standing) return;
        bool hadLobby = seat.Standing.Role == Role.Moderator;
        Change(seat, s => s.Standing = standing);
        SessionLog.Stands(log, seat, Roles.Name(standing.Role), standing.Muted);
        listener.Touched();
        if (seat.Peer is not { } peer) return;
        peer.Stand(standing);
        listener.Changed(peer);
        if (standing.Role == Role.Moderator && !hadLobby && seat.Room.Knocks.Count > 0) News.Tell(seat, Lobby(seat.Room));
    }

    /// <summary>Nobody has heard from the client for too long: everything it held is freed, but the seat waits.</summary>
    public void Lose(Seat seat, string sentence)
    {
        Vacate(seat, LeaveReason.Lost, sentence);
        seat.HeardAt = time.GetTimestamp();
        seat.Suspect = true;
    }

    /// <summary>The seat is free for good.</summary>
    public void Free(Seat seat, string reason, string sentence)
    {
        if (!seat.Taken) return;
        seat.Taken = false;
        foreach (string digest in seat.Tokens.All) _byToken.Remove(digest);
        Remember(seat);
        seat.Room.Remove(seat);
        if (!seat.Lost) Vacate(seat, reason, sentence);
        else SessionLog.Expired(log, seat, seat.Id);
        listener.Touched();
        // Who replaces it comes in a moment, with its rights.
        if (reason == LeaveReason.Replaced) return;
        if (seat.Room.All.Count == 0) Close(seat.Room);
        else Succeed(seat.Room);
    }

    /// <summary>Something else has changed that a restart must not undo.</summary>
    public void Touch() => listener.Touched();

    /// <summary>For moderators.</summary>
    public static Lobby Lobby(Room room) => new([.. room.Knocks.Select(knock => new Person(knock.Id, knock.Entry.Name))]);

    /// <summary>A seat as it was kept on the disk: it waits.</summary>
    public void Restore(Room room, IEnumerable<Seat> seats)
    {
        _rooms[room.Name] = room;
        foreach (Seat seat in seats)
        {
            seat.HeardAt = time.GetTimestamp();
            seat.Suspect = true;
            room.Add(seat);
            Index(seat);
        }
    }

    private bool IsStanding(string name) => options.Current.Rooms.Contains(name, StringComparer.OrdinalIgnoreCase);

    private void Index(Seat seat)
    {
        foreach (string digest in seat.Tokens.All) _byToken[digest] = seat;
    }

    private void Vacate(Seat seat, string reason, string sentence)
    {
        Peer peer = seat.Peer!;
        seat.Peer = null;
        seat.Admission = null;
        seat.Room.Count();
        SessionLog.Left(log, seat, seat.Id, reason, seat.Quality.Count, seat.Quality.Mean, seat.Quality.Max, seat.Room.Peers.Count);
        if (seat.Control is { } control && reason != LeaveReason.Left)
        {
            News.Tell(seat, new Dismissed(reason, sentence));
            control.Close(sentence);
        }
        seat.Control = null;
        admissions.Revoke(peer, sentence);
        News.Tell(seat.Room, new MemberLeft(seat.Id, seat.Name, reason));
        listener.Left(peer);
    }

    private static void Remember(Seat seat)
    {
        Dictionary<string, Standing> restricted = seat.Room.Restricted;
        restricted.Remove(seat.Person);
        if (seat.Standing is { Role: > Role.Listener, Muted: false }) return;
        // The one that has been remembered longest is forgotten first, as far as a dictionary knows.
        if (restricted.Count >= Room.MaxRemembered) restricted.Remove(restricted.Keys.First());
        restricted[seat.Person] = seat.Standing;
    }

    /// <summary>A room without a moderator gets one: who has been there longest, of those whom nobody has restricted if there are any.</summary>
    private void Succeed(Room room)
    {
        if (room.All.Any(seat => seat.Standing.Role == Role.Moderator)) return;
        Seat? heir = room.Present.FirstOrDefault(seat => seat.Standing is { Role: > Role.Listener, Muted: false }) ?? room.Present.FirstOrDefault();
        if (heir is not null) Stand(heir, new Standing(Role.Moderator));
    }

    private void Close(Room room)
    {
        foreach (Knock knock in room.Knocks)
        {
            News.Tell(knock.Control, new Dismissed(LeaveReason.Closed, "Nobody is in the room any more."));
            knock.Control.Close("The room has ended.");
        }
        room.Knocks.Clear();
        if (!IsStanding(room.Name)) _rooms.TryRemove(room.Name, out _);
    }
}

/// <summary>Hears of people and of what is worth keeping; within the house's lock.</summary>
internal interface IRosterListener
{
    /// <summary>Somebody has a seat, or has it again.</summary>
    void Joined(Peer peer);

    /// <summary>Somebody's standing is another.</summary>
    void Changed(Peer peer);

    /// <summary>Somebody has left or was lost.</summary>
    void Left(Peer peer);

    /// <summary>Something has changed that a restart must not undo.</summary>
    void Touched();
}
