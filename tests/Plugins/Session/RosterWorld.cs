using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using LanCollab.Plugins.Session;
using LanCollab.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Session;

/// <summary>The real roster and the model, led through the same life.</summary>
internal sealed class RosterWorld : IRosterListener
{
    public const int People = 5;

    private const Role Moderator = LanCollab.Contracts.Role.Moderator;

    private static readonly string[] Rooms = ["room 0", "room 1"];
    private static readonly SessionOptions Options = new();
    private static readonly Meter Meter = new("test");

    private readonly FakeTimeProvider _time = new();
    private readonly JumpingClock _clock;
    private readonly TestLog _log = new();
    private readonly RosterModel _model = new();
    private readonly List<Peer> _told = [];
    private readonly ModelSeat?[] _own = new ModelSeat?[People];
    private readonly Dictionary<string, Seat> _seats = [];
    private Desk _desk = new();
    private House _house = null!;
    private Roster _roster = null!;
    private Chair _chair = null!;
    private long _now;

    public RosterWorld()
    {
        _clock = new JumpingClock(_time);
        Start();
    }

    public void Enter(int who, string name, int number)
    {
        string room = Rooms[number];
        ModelSeat? holder = _model.Named(room, name);
        InMemoryChannel control = NewChannel();
        var request = new Enter(room, name, Caller.Device(who));
        if (holder is not null && holder.Who != who)
        {
            Assert.Equal("name-taken", Assert.Throws<UserErrorException>(() => _roster.Enter(request, control)).Code);
            return;
        }
        ModelSeat? lost = holder is null ? _model.In(room).FirstOrDefault(s => s.Lost && s.Who == who && s.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) : null;
        Arrival arrival = _roster.Enter(request, control);
        Assert.True(_roster.Greet(arrival, control));
        if (lost is not null) TakeUp(lost, arrival, control, used: null);
        else Sit(who, name, room, holder, arrival, control);
    }

    public void Leave(int who)
    {
        if (Own(who) is not { Lost: false } own) return;
        _roster.Leave(_seats[own.Id]);
        _model.Free(own);
    }

    public void Beat(int who)
    {
        if (Own(who) is not { Control: InMemoryChannel control } own) return;
        _roster.Beat(_seats[own.Id], control, 1.5);
        (own.HeardAt, own.Suspect, own.Confirmed) = (_now, false, true);
    }

    public void Break(int who)
    {
        if (Own(who) is not { Control: InMemoryChannel control } own) return;
        _roster.Detach(_seats[own.Id], control);
        if (!own.Suspect) own.HeardAt = _now;
        (own.Control, own.Suspect) = (null, true);
    }

    /// <summary>Shows the newest token, or one that is so many older.</summary>
    public void Resume(int who, int age)
    {
        if (_own[who] is not { } own || age >= own.Tokens.Count) return;
        string token = own.Tokens[^(1 + age)];
        InMemoryChannel control = NewChannel();
        var request = new ResumeSeat(token, Caller.Device(who));
        if (!_model.Seats.Contains(own) || !own.IsGood(token))
        {
            string code = Assert.Throws<UserErrorException>(() => _roster.Resume(request, control)).Code;
            Assert.True(code == "unknown-seat" || (code == "replaced" && _model.Seats.Contains(own)), code);
            return;
        }
        Arrival arrival = _roster.Resume(request, control);
        Assert.Same(_seats[own.Id], arrival.Seat);
        Assert.True(_roster.Greet(arrival, control));
        TakeUp(own, arrival, control, token);
    }

    public void ResumeAnothers(int who, int whose)
    {
        if (who == whose || _own[whose] is not { } other) return;
        var request = new ResumeSeat(other.Newest, Caller.Device(who));
        Assert.Equal("unknown-seat", Assert.Throws<UserErrorException>(() => _roster.Resume(request, NewChannel())).Code);
    }

    public void Away(int who, bool away)
    {
        if (Own(who) is not { Lost: false } own) return;
        _chair.SetAway(_seats[own.Id], away);
        own.Away = away;
    }

    public void Hand(int who, bool up)
    {
        if (Own(who) is not { Lost: false } own) return;
        _chair.SetHand(_seats[own.Id], new SetHand(up));
        if (up == own.Hand.HasValue) return;
        own.Hand = up ? _seats[own.Id].Hand : null;
        if (up) Assert.True(_model.In(own.Room).All(s => s == own || s.Hand is null || s.Hand < own.Hand), "who raises a hand is the last in the queue");
    }

    public void Role(int who, int whose, Role role)
    {
        if (Pair(who, whose) is not ({ } own, { } other)) return;
        var wish = new SetRole(other.Id, role.ToString().ToLowerInvariant());
        bool last = other.Role == Moderator && role < Moderator && _model.In(own.Room).Count(s => s.Role == Moderator) == 1;
        if (last)
        {
            Assert.Equal("last-moderator", Assert.Throws<UserErrorException>(() => _chair.SetRole(_seats[own.Id], wish)).Code);
            return;
        }
        _chair.SetRole(_seats[own.Id], wish);
        (other.Role, other.Muted) = (role, other.Muted && role < Moderator);
    }

    public void Mute(int who, int whose, bool muted)
    {
        if (Pair(who, whose) is not ({ } own, { } other)) return;
        var wish = new SetMuted(other.Id, muted);
        if (muted && other.Role == Moderator)
        {
            Assert.Equal("is-moderator", Assert.Throws<UserErrorException>(() => _chair.SetMuted(_seats[own.Id], wish)).Code);
            return;
        }
        _chair.SetMuted(_seats[own.Id], wish);
        other.Muted = muted;
    }

    public void Remove(int who, int whose)
    {
        if (Pair(who, whose) is not ({ } own, { } other) || own == other) return;
        _chair.Remove(_seats[own.Id], new RemoveMember(other.Id));
        _model.Free(other);
    }

    public void Pass(int ticks)
    {
        for (int i = 0; i < ticks; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            _now += 100;
            _roster.Watch();
            _model.Watch(_now);
        }
    }

    /// <summary>The wall clock is set; nobody should notice.</summary>
    public void Jump(int seconds) => _clock.Jump(TimeSpan.FromSeconds(seconds));

    /// <summary>The hub ends and starts again with what is in its file.</summary>
    public void Restart()
    {
        string file = JsonSerializer.Serialize(KeptHouse.Of(_house), KeptJson.Default.KeptHouse);
        Start();
        JsonSerializer.Deserialize(file, KeptJson.Default.KeptHouse)!.Restore(_house);
        _seats.Clear();
        foreach (Seat seat in _house.Rooms.SelectMany(r => r.All)) _seats[seat.Id] = seat;
        foreach (ModelSeat seat in _model.Seats) (seat.Lost, seat.Suspect, seat.Control, seat.HeardAt) = (true, true, null, _now);
    }

    public void Check()
    {
        foreach (string room in Rooms)
        {
            ModelSeat[] expected = [.. _model.In(room)];
            Seat[] actual = [.. _house.Find(room)?.All ?? []];
            Assert.Equal(expected.Select(Line), actual.Select(Line));
            Assert.Equal(expected.Where(s => !s.Lost).Select(s => s.Id), _house.Members(room).Select(p => p.Id));
            Assert.True(!_model.Present(room).Any() || _model.HasModerator(room), "a room with somebody in it has a moderator, present or waited for");
        }
        HashSet<Peer> present = [.. _seats.Values.Where(s => s.Taken).Select(s => s.Peer).OfType<Peer>()];
        Assert.Equal(present, _told.ToHashSet());
        Assert.Equal(present, _desk.Admitted.ToHashSet());
        Assert.All(present, peer => Assert.Equal(_seats[peer.Id].Standing, peer.Standing));
    }

    void IRosterListener.Joined(Peer peer) => _told.Add(peer);

    void IRosterListener.Changed(Peer peer) => Assert.Contains(peer, _told);

    void IRosterListener.Left(Peer peer) => Assert.True(_told.Remove(peer), $"{peer} left twice");

    void IRosterListener.Touched() { }

    private static string Line(ModelSeat s) => $"{s.Id} {s.Name} {s.State} lost={s.Lost} {s.Role} muted={s.Muted} hand={s.Hand}";

    private static string Line(Seat s) => $"{s.Id} {s.Name} {s.State} lost={s.Lost} {s.Standing.Role} muted={s.Standing.Muted} hand={s.Hand}";

    private static InMemoryChannel NewChannel() => InMemoryChannel.Pair(capacity: 1000, clientAddress: IPAddress.Loopback).Hub;

    private void Start()
    {
        var options = new TestLiveOptions<SessionOptions>(Options);
        (_desk, _told.Capacity) = (new Desk(), 16);
        _told.Clear();
        _house = new House(options, _desk, this, _log, _clock);
        _roster = new Roster(_house, options, _log, _clock, new BeatMeter(Meter, _house));
        _chair = new Chair(_house, _roster, _log);
    }

    /// <summary>The last seat a person got, while it exists.</summary>
    private ModelSeat? Own(int who) => _own[who] is { } own && _model.Seats.Contains(own) ? own : null;

    private (ModelSeat? Own, ModelSeat? Other) Pair(int who, int whose) =>
        Own(who) is { Lost: false, Role: Moderator } own && Own(whose) is { } other && other.Room == own.Room ? (own, other) : (null, null);

    private void Sit(int who, string name, string room, ModelSeat? former, Arrival arrival, InMemoryChannel control)
    {
        var seat = new ModelSeat { Id = arrival.Seat!.Id, Room = room, Name = name, Who = who, Newest = arrival.Token, Control = control, HeardAt = _now };
        seat.Tokens.Add(arrival.Token);
        if (former is not null) (seat.Role, seat.Muted, seat.Hand) = (former.Role, former.Muted, former.Hand);
        else if (_model.Remembered.TryGetValue((room, who), out var remembered)) (seat.Role, seat.Muted) = remembered;
        if (former is not null) _model.Free(former, replaced: true);
        if (!_model.HasModerator(room)) (seat.Role, seat.Muted) = (Moderator, false);
        _model.Seats.Add(seat);
        _own[who] = seat;
        _seats[seat.Id] = arrival.Seat;
    }

    private void TakeUp(ModelSeat seat, Arrival arrival, InMemoryChannel control, string? used)
    {
        if (seat.Lost)
        {
            string name = seat.Name;
            for (int number = 2; _model.Named(seat.Room, seat.Name) is not null; number++) seat.Name = $"{name} {number}";
            if (!_model.HasModerator(seat.Room)) (seat.Role, seat.Muted) = (Moderator, false);
        }
        (seat.Newest, seat.UsedForNewest, seat.Confirmed) = (arrival.Token, used, false);
        seat.Tokens.Add(arrival.Token);
        (seat.Control, seat.HeardAt, seat.Suspect, seat.Lost) = (control, _now, false, false);
        _own[seat.Who] = seat;
    }

    private sealed class Desk : IAdmissions
    {
        public List<Peer> Admitted { get; } = [];

        public Admission Admit(Peer peer)
        {
            Admitted.Add(peer);
            return new Admission("token", 1, "secret", []);
        }

        public void Revoke(Peer peer, string reason) => Assert.True(Admitted.Remove(peer), $"{peer} revoked twice");
    }
}
