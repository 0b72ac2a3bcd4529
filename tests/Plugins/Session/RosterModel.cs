namespace LanCollab.Tests.Plugins.Session;

/// <summary>What the model knows of a seat: plain fields, times in milliseconds.</summary>
internal sealed class ModelSeat
{
    public required string Id { get; init; }
    public required string Room { get; init; }
    public required string Name { get; set; }
    public required int Who { get; init; }
    public required string Newest { get; set; }
    public string? UsedForNewest { get; set; }
    public bool Confirmed { get; set; }
    public List<string> Tokens { get; } = [];
    public object? Control { get; set; }
    public long HeardAt { get; set; }
    public bool Suspect { get; set; }
    public bool Lost { get; set; }
    public bool Away { get; set; }
    public Role Role { get; set; } = Role.Member;
    public bool Muted { get; set; }
    public long? Hand { get; set; }

    public string State => Suspect ? "suspect" : Away ? "away" : "present";

    /// <summary>The rule of tokens in one sentence: the newest, or the one it was given for as long as nobody has shown that it arrived.</summary>
    public bool IsGood(string token) => token == Newest || (token == UsedForNewest && !Confirmed);
}

/// <summary>The model: a list of seats in order of joining, and the rules of the protocol told a second time.</summary>
internal sealed class RosterModel
{
    public const int SuspectAfter = 5000, LostAfter = 7800, KeepFor = 60_000;

    public List<ModelSeat> Seats { get; } = [];

    /// <summary>What restricted people had when they left: room and person.</summary>
    public Dictionary<(string Room, int Who), (Role Role, bool Muted)> Remembered { get; } = [];

    public IEnumerable<ModelSeat> In(string room) => Seats.Where(s => s.Room == room);

    public IEnumerable<ModelSeat> Present(string room) => In(room).Where(s => !s.Lost);

    public ModelSeat? Named(string room, string name) => Present(room).FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    public bool HasModerator(string room) => In(room).Any(s => s.Role == Role.Moderator);

    public void Free(ModelSeat seat, bool replaced = false)
    {
        Seats.Remove(seat);
        if (seat.Role == Role.Listener || seat.Muted) Remembered[(seat.Room, seat.Who)] = (seat.Role, seat.Muted);
        else Remembered.Remove((seat.Room, seat.Who));
        if (replaced) return;
        if (!In(seat.Room).Any())
        {
            foreach (var key in Remembered.Keys.Where(k => k.Room == seat.Room).ToArray()) Remembered.Remove(key);
        }
        else if (!HasModerator(seat.Room) && Present(seat.Room).Any())
        {
            ModelSeat heir = Present(seat.Room).FirstOrDefault(s => s.Role > Role.Listener && !s.Muted) ?? Present(seat.Room).First();
            (heir.Role, heir.Muted) = (Role.Moderator, false);
        }
    }

    public void Watch(long now)
    {
        foreach (ModelSeat seat in Seats.ToArray())
        {
            long silence = now - seat.HeardAt;
            if (seat.Lost && silence >= KeepFor) Free(seat);
            else if (!seat.Lost && silence >= LostAfter) (seat.Lost, seat.Suspect, seat.Control, seat.HeardAt) = (true, true, null, now);
            else if (silence >= SuspectAfter) seat.Suspect = true;
        }
    }
}
