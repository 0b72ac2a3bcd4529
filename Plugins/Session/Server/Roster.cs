using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Session;

/// <summary>How people come, stay and go: what connections and the watchdog do to the <see cref="House"/>.</summary>
internal sealed class Roster(House house, ILiveOptions<SessionOptions> options, ILogger log, TimeProvider time, BeatMeter meter)
{
    private SessionOptions Options => options.Current;

    /// <summary>Gives a seat, or a place in the lobby. Who got a seat is greeted by <see cref="Greet"/>, once the seat is kept.</summary>
    /// <exception cref="UserErrorException">Every refusal that section 4 of the protocol lists.</exception>
    public Arrival Enter(Enter request, IChannel control)
    {
        RoomPassword? made = Prepare(request, control);
        lock (house.Gate)
        {
            Entry entry = house.Door.Examine(request, control.Remote.Address, house);
            if (entry.MustKnock) return new Arrival(null, "", Knock(entry, control));
            Room room = entry.There ?? house.Open(entry.Room, entry.SetsPassword ? made ?? RoomPassword.Of(request.Password!) : null);
            return Seat(entry, room, Secrets.NewId());
        }
    }

    /// <summary>Takes a seat up that is kept. Nothing changes when the token is refused.</summary>
    /// <exception cref="UserErrorException"><c>unknown-seat</c>, <c>replaced</c>, <c>bad-device</c>.</exception>
    public Arrival Resume(ResumeSeat request, IChannel control)
    {
        byte[] device = Secrets.Device(request.Device);
        string digest = Secrets.ResumeKey(request.Resume);
        lock (house.Gate)
        {
            Seat? seat = house.FindToken(digest);
            if (seat is null || !Secrets.Same(seat.Device, device)) throw Unknown(seat, control);
            if (seat.Tokens.Worth(digest) != TokenWorth.Good)
                throw new UserErrorException("replaced", $"The seat of {seat.Name} has been taken up by another program with the same data; this one stays out.");
            return TakeUp(seat, digest);
        }
    }

    /// <summary>Tells somebody their seat. Any change since is in it.</summary>
    /// <returns>False when the seat has been taken over meanwhile.</returns>
    public bool Greet(Arrival arrival, IChannel control)
    {
        lock (house.Gate)
        {
            if (arrival.Seat is not { Taken: true, Lost: false } seat || seat.Tokens.Current != Secrets.ResumeKey(arrival.Token)) return false;
            house.Greet(seat, arrival.Token, control);
            return true;
        }
    }

    /// <summary>A sign of life.</summary>
    public void Beat(Seat seat, IChannel control, double? roundTrip)
    {
        lock (house.Gate)
        {
            // A connection that was replaced says nothing about the one that replaced it.
            if (!seat.Taken || seat.Lost || seat.Control != control) return;
            if (seat.BeatAt is { } last)
            {
                double interval = time.GetElapsedTime(last).TotalMilliseconds;
                seat.Quality.Add(interval);
                meter.Interval(interval);
                SessionLog.Beat(log, seat, interval, seat.Quality.RoundTrip ?? 0, seat.Quality.Jitter);
            }
            if (roundTrip is >= 0 and < 3_600_000)
            {
                seat.Quality.AddRoundTrip(roundTrip.Value);
                meter.RoundTrip(roundTrip.Value);
            }
            seat.BeatAt = seat.HeardAt = time.GetTimestamp();
            house.Confirm(seat);
            house.Change(seat, s => s.Suspect = false);
        }
    }

    /// <summary>A sign of life of somebody in the lobby.</summary>
    public void Beat(Knock knock)
    {
        lock (house.Gate) knock.HeardAt = time.GetTimestamp();
    }

    /// <summary>Gives the seat back at once.</summary>
    public void Leave(Seat seat)
    {
        lock (house.Gate) house.Free(seat, LeaveReason.Left, "left");
    }

    /// <summary>A control channel broke. The seat is kept for its client to come back, until it is lost.</summary>
    public void Detach(Seat seat, IChannel control)
    {
        lock (house.Gate)
        {
            if (seat.Control != control) return;
            seat.Control = null;
            if (seat.Lost || !seat.Taken) return;
            // That it broke tells that it was alive until then.
            if (!seat.Suspect) seat.HeardAt = time.GetTimestamp();
            house.Change(seat, s => s.Suspect = true);
        }
    }

    /// <summary>Somebody in the lobby has gone.</summary>
    public void Detach(Knock knock)
    {
        lock (house.Gate)
        {
            if (house.Find(knock.Entry.Room) is { } room && room.Knocks.Remove(knock)) house.News.TellModerators(room, House.Lobby(room));
        }
    }

    /// <summary>Notices who has been silent for too long. Called a few times a second.</summary>
    public void Watch()
    {
        lock (house.Gate)
        {
            foreach (Room room in house.Rooms)
            {
                foreach (Seat seat in room.All.ToArray()) Watch(seat);
                foreach (Knock knock in room.Knocks.Where(knock => time.GetElapsedTime(knock.HeardAt) >= Options.LostAfter).ToArray())
                    knock.Control.Close("Nothing was heard from you for too long.");
            }
        }
    }

    private void Watch(Seat seat)
    {
        TimeSpan silence = time.GetElapsedTime(seat.HeardAt);
        if (seat.Lost && silence >= Options.KeepFor) house.Free(seat, LeaveReason.Lost, "The seat is no longer kept.");
        else if (seat.Lost) return;
        else if (silence >= Options.LostAfter - SessionServer.Notice)
        {
            SessionLog.Silent(log, seat, silence.TotalMilliseconds);
            house.Lose(seat, $"Nothing was heard from {seat.Name} for {silence.TotalSeconds:F1} s.");
        }
        else if (silence >= Options.SuspectAfter) house.Change(seat, s => s.Suspect = true);
    }

    private RoomPassword? Prepare(Enter request, IChannel control)
    {
        if (string.IsNullOrEmpty(request.Password)) return null;
        lock (house.Gate) house.Door.CheckThrottle(control.Remote.Address);
        // Slow on purpose, so it is done before anybody has to wait for it.
        if (house.Find(Naming.Room(request.Room)) is not { } room) return Options.Password.Length == 0 ? RoomPassword.Of(request.Password) : null;
        room.Password?.Prepare(request.Password);
        return null;
    }

    private Knock Knock(Entry entry, IChannel control)
    {
        Room room = entry.There!;
        // Who knocks again from the same machine does not wait twice.
        foreach (Knock earlier in room.Knocks.Where(k => Secrets.Same(k.Entry.Device, entry.Device)).ToArray())
        {
            room.Knocks.Remove(earlier);
            earlier.Control.Close("You have knocked again.");
        }
        var knock = new Knock(Secrets.NewId(), entry, control) { HeardAt = time.GetTimestamp() };
        room.Knocks.Add(knock);
        SessionLog.Knocked(log, entry.Name, room.Name, control.Remote);
        house.News.Tell(control, new Waiting(room.Name, Options.Heartbeat));
        house.News.TellModerators(room, House.Lobby(room));
        return knock;
    }

    /// <summary>Within the lock: a seat for a request that may pass.</summary>
    public Arrival Seat(Entry entry, Room room, string id)
    {
        if (entry.Former is { Lost: true } lost)
        {
            lost.Operator |= entry.Operator;
            return TakeUp(lost, used: null);
        }
        var seat = new Seat(id, room, entry.Name, entry.Device) { Operator = entry.Operator, Standing = Standing(entry, room), Hand = entry.Former?.Hand };
        if (entry.Former is { } former) house.Free(former, LeaveReason.Replaced, $"{entry.Name} joined again from the same machine.");
        house.Sit(seat, back: false);
        return new Arrival(seat, house.NextToken(seat, used: null), null);
    }

    private static Standing Standing(Entry entry, Room room) => entry.Operator ? new Standing(Role.Moderator)
        : entry.Former?.Standing ?? room.Restricted.GetValueOrDefault(Secrets.Person(entry.Device)) ?? new Standing(Role.Member);

    private Arrival TakeUp(Seat seat, string? used)
    {
        string token = house.NextToken(seat, used);
        if (seat.Control is { } control)
        {
            const string sentence = "The seat has been taken up by another connection.";
            house.News.Tell(seat, new Dismissed(LeaveReason.Replaced, sentence));
            control.Close(sentence);
            seat.Control = null;
        }
        if (seat.Operator) seat.Standing = new Standing(Role.Moderator);
        if (seat.Lost)
        {
            seat.Name = Free(seat);
            house.Sit(seat, back: true);
        }
        else
        {
            seat.HeardAt = time.GetTimestamp();
            house.Change(seat, s => s.Suspect = false);
        }
        SessionLog.Resumed(log, seat, seat.Id);
        return new Arrival(seat, token, null);
    }

    /// <summary>The seat's name, or the next one like it when somebody else has taken that meanwhile.</summary>
    private static string Free(Seat seat)
    {
        string name = seat.Name;
        for (int number = 2; seat.Room.Find(name) is not null; number++)
        {
            string ending = $" {number}";
            name = Naming.Shorten(seat.Name, Naming.MaxLength - ending.Length) + ending;
        }
        return name;
    }

    private UserErrorException Unknown(Seat? seat, IChannel control)
    {
        if (seat is not null) SessionLog.ForeignToken(log, seat, control.Remote);
        return new UserErrorException("unknown-seat", "The seat is no longer kept; join again.");
    }
}

/// <summary>How somebody came in.</summary>
/// <param name="Seat">Theirs; null: they wait in the lobby.</param>
/// <param name="Token">The next resume token.</param>
/// <param name="Knock">Their place in the lobby; null: they have a seat.</param>
internal sealed record Arrival(Seat? Seat, string Token, Knock? Knock);
