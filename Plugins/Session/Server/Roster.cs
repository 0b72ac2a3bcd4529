using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Session;

/// <summary>
/// All rooms and seats of the hub. One lock orders everything: whoever is in a room is told of the same changes in the same order.
/// </summary>
/// <remarks>
/// Within the lock nothing waits: messages are posted. What other plugins do when they are told may read <see cref="Members"/>, which
/// takes no lock, so that their locks and this one cannot cross.
/// </remarks>
internal sealed class Roster(SessionOptions options, IAdmissions admissions, IRosterListener listener, ILogger log, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, Room> _rooms = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Seat> _byResume = [];
    private readonly RoomNews _news = new(log);
    private readonly Door _door = new(options, log, time);

    private readonly Heartbeat _heartbeat = new(
        (int)options.BeatEvery.TotalMilliseconds, (int)options.SuspectAfter.TotalMilliseconds, (int)options.LostAfter.TotalMilliseconds);

    /// <summary>A snapshot of the rooms' names.</summary>
    public IReadOnlyCollection<string> Rooms => [.. _rooms.Values.Select(room => room.Name)];

    /// <summary>A snapshot of a room, in order of joining.</summary>
    public IReadOnlyList<Peer> Members(string room) => _rooms.TryGetValue(room, out Room? found) ? found.Peers : [];

    /// <summary>Gives a seat and posts <see cref="Entered"/> to <paramref name="control"/> before anything else of the room.</summary>
    /// <exception cref="UserErrorException">Every refusal that section 4 of the protocol lists.</exception>
    public Seat Enter(Enter request, IChannel control)
    {
        lock (_gate)
        {
            Entry entry = _door.Examine(request, control.Remote.Address, _rooms);
            Room room = entry.Present ?? new Room(entry.Room, entry.NewPassword);
            var seat = new Seat(new Peer(Secrets.NewId(), entry.Name, room.Name, Secrets.Person(entry.Device)), room, entry.Device, Secrets.NewResume(), time.GetTimestamp()) { Control = control };
            Admission admission = admissions.Admit(seat.Peer);
            if (entry.Former is { } former) Remove(former, LeaveReason.Replaced, $"{entry.Name} joined again from the same machine.");
            Sit(seat, admission);
            return seat;
        }
    }

    /// <summary>Attaches a new channel to a seat that is still kept; an old one is closed.</summary>
    /// <exception cref="UserErrorException"><c>unknown-seat</c>.</exception>
    public Seat Resume(string resume, IChannel control)
    {
        lock (_gate)
        {
            Seat seat = _byResume.GetValueOrDefault(Secrets.ResumeKey(resume))
                ?? throw new UserErrorException("unknown-seat", "The seat is no longer kept; join again.");
            seat.Control?.Close("The client has opened another control connection.");
            seat.Control = control;
            seat.BeatAt = null;
            Greet(seat, admission: null);
            Hear(seat);
            SessionLog.Resumed(log, seat.Peer, seat.Peer.Id, control.Remote);
            return seat;
        }
    }

    /// <summary>A sign of life.</summary>
    public void Beat(Seat seat)
    {
        lock (_gate)
        {
            if (!seat.Taken) return;
            if (seat.BeatAt is { } last)
            {
                double interval = time.GetElapsedTime(last).TotalMilliseconds;
                seat.Beats.Add(interval);
                SessionLog.Beat(log, seat.Peer, interval);
            }
            seat.BeatAt = time.GetTimestamp();
            Hear(seat);
        }
    }

    /// <summary>Away or back.</summary>
    public void SetAway(Seat seat, bool away)
    {
        lock (_gate)
        {
            if (!seat.Taken) return;
            Change(seat, s => s.Away = away);
        }
    }

    /// <summary>Gives the seat back at once.</summary>
    public void Leave(Seat seat)
    {
        lock (_gate) Remove(seat, LeaveReason.Left, "left");
    }

    /// <summary>A control channel broke. The seat is kept for its client to come back, until it is lost.</summary>
    public void Detach(Seat seat, IChannel control)
    {
        lock (_gate)
        {
            if (seat.Control != control) return;
            seat.Control = null;
            if (seat.Taken) Change(seat, s => s.Suspect = true);
        }
    }

    /// <summary>Takes back what has been silent for too long. Called a few times a second.</summary>
    public void Watch()
    {
        lock (_gate)
        {
            foreach (Seat seat in _byResume.Values.ToArray())
            {
                TimeSpan silence = time.GetElapsedTime(seat.HeardAt);
                if (silence >= options.LostAfter) Remove(seat, LeaveReason.Lost, $"Nothing was heard from {seat.Peer.Name} for {silence.TotalSeconds:F1} s.");
                else if (silence >= options.SuspectAfter) Change(seat, s => s.Suspect = true);
            }
        }
    }

    private void Sit(Seat seat, Admission admission)
    {
        seat.Room.Add(seat);
        _rooms[seat.Room.Name] = seat.Room;
        _byResume.Add(Secrets.ResumeKey(seat.Resume), seat);
        SessionLog.Joined(log, seat.Peer, seat.Peer.Id, seat.Control!.Remote, seat.Room.Seats.Count);
        listener.Joined(seat.Peer);
        Greet(seat, admission);
        _news.Tell(seat.Room, new MemberJoined(seat.Member), except: seat);
    }

    private void Greet(Seat seat, Admission? admission) => _news.Tell(seat, new Entered(
        new Person(seat.Peer.Id, seat.Peer.Name), seat.Room.Name, [.. seat.Room.Seats.Select(s => s.Member)], seat.Resume, _heartbeat, admission));

    private void Hear(Seat seat)
    {
        seat.HeardAt = time.GetTimestamp();
        Change(seat, s => s.Suspect = false);
    }

    private void Change(Seat seat, Action<Seat> change)
    {
        string before = seat.State;
        change(seat);
        if (seat.State == before) return;
        SessionLog.Changed(log, seat.Peer, seat.State);
        _news.Tell(seat.Room, new MemberChanged(seat.Member));
    }

    private void Remove(Seat seat, string reason, string sentence)
    {
        if (!seat.Taken) return;
        seat.Taken = false;
        _byResume.Remove(Secrets.ResumeKey(seat.Resume));
        seat.Room.Remove(seat);
        if (seat.Room.Seats.Count == 0) _rooms.TryRemove(seat.Room.Name, out _);
        SessionLog.Left(log, seat.Peer, seat.Peer.Id, reason, seat.Beats.Count, seat.Beats.Mean, seat.Beats.Max, seat.Room.Seats.Count);
        if (reason != LeaveReason.Left) Dismiss(seat, reason, sentence);
        admissions.Revoke(seat.Peer, sentence);
        _news.Tell(seat.Room, new MemberLeft(seat.Peer.Id, seat.Peer.Name, reason));
        listener.Left(seat.Peer);
    }

    private void Dismiss(Seat seat, string reason, string sentence)
    {
        if (seat.Control is not { } control) return;
        _news.Tell(seat, new Dismissed(reason, sentence));
        control.Close(sentence);
    }
}

/// <summary>Hears of people once they have a seat and once they have none any more; within the roster's lock.</summary>
internal interface IRosterListener
{
    void Joined(Peer peer);

    void Changed(Peer peer);

    void Left(Peer peer);
}
