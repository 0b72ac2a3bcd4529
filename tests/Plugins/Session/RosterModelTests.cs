using System.Net;
using CsCheck;
using LanCollab.Plugins.Session;
using LanCollab.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Session;

/// <summary>Random lives of five people, against a model that is nothing but a table. A failure prints its seed.</summary>
public class RosterModelTests
{
    private const int People = 5;
    private static readonly string[] Names = ["Ada", "Bob", "ADA"];

    private static readonly Gen<Action<World>> Steps = Gen.OneOf(
        Gen.Select(Gen.Int[0, People - 1], Gen.Int[0, 2], Gen.Int[0, 1], (who, name, room) => (Action<World>)(w => w.Enter(who, Names[name], room))),
        Gen.Int[0, People - 1].Select(who => (Action<World>)(w => w.Leave(who))),
        Gen.Int[0, People - 1].Select(who => (Action<World>)(w => w.Beat(who))),
        Gen.Int[0, People - 1].Select(who => (Action<World>)(w => w.Break(who))),
        Gen.Int[0, People - 1].Select(who => (Action<World>)(w => w.Resume(who))),
        Gen.Select(Gen.Int[0, People - 1], Gen.Bool, (who, away) => (Action<World>)(w => w.Away(who, away))),
        Gen.Int[1, 12].Select(ticks => (Action<World>)(w => w.Pass(ticks))));

    [Fact]
    public void Whatever_people_do_the_roster_is_what_the_model_says() => Steps.Array[0, 60].Sample(steps =>
    {
        var world = new World();
        foreach (Action<World> step in steps)
        {
            step(world);
            world.Check();
        }
    }, iter: 150);

    /// <summary>What the model knows of a seat.</summary>
    private sealed class Seated
    {
        public required Seat Seat { get; init; }
        public required string Room { get; init; }
        public required string Name { get; init; }
        public required int Who { get; init; }
        public required InMemoryChannel? Control { get; set; }
        public required int HeardAt { get; set; }
        public bool Suspect { get; set; }
        public bool Away { get; set; }
        public string State => Suspect ? "suspect" : Away ? "away" : "present";
    }

    private sealed class World : IRosterListener
    {
        private readonly FakeTimeProvider _time = new();
        private readonly Roster _roster;
        private readonly List<Seated> _model = [];
        private readonly List<Peer> _told = [];
        private readonly Desk _desk = new();
        private readonly Seated?[] _own = new Seated?[People];
        private int _now;

        public World() => _roster = new Roster(new SessionOptions(), _desk, this, new TestLog(), new NoWallClock(_time));

        public void Enter(int who, string name, int room)
        {
            string roomName = $"room {room}";
            Seated? holder = _model.Find(s => s.Room == roomName && s.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            InMemoryChannel control = NewChannel();
            var request = new Enter(roomName, name, Caller.Device(who));
            if (holder is not null && holder.Who != who)
            {
                Assert.Equal("name-taken", Assert.Throws<UserErrorException>(() => _roster.Enter(request, control)).Code);
                return;
            }
            Seat seat = _roster.Enter(request, control);
            if (holder is not null) _model.Remove(holder);
            // A person may hold several seats; the model follows the last one, the others fall silent.
            _model.Add(_own[who] = new Seated { Seat = seat, Room = roomName, Name = name, Who = who, Control = control, HeardAt = _now });
        }

        public void Leave(int who)
        {
            if (_own[who] is not { } own) return;
            _roster.Leave(own.Seat);
            _model.Remove(own);
        }

        public void Beat(int who)
        {
            if (_own[who] is not { Control: not null } own) return;
            _roster.Beat(own.Seat);
            (own.HeardAt, own.Suspect) = (_now, false);
        }

        public void Break(int who)
        {
            if (_own[who] is not { Control: { } control } own) return;
            _roster.Detach(own.Seat, control);
            (own.Control, own.Suspect) = (null, true);
        }

        public void Resume(int who)
        {
            if (_own[who] is not { } own) return;
            InMemoryChannel control = NewChannel();
            if (!_model.Contains(own))
            {
                Assert.Equal("unknown-seat", Assert.Throws<UserErrorException>(() => _roster.Resume(own.Seat.Resume, control)).Code);
                return;
            }
            Assert.Same(own.Seat, _roster.Resume(own.Seat.Resume, control));
            (own.Control, own.HeardAt, own.Suspect) = (control, _now, false);
        }

        public void Away(int who, bool away)
        {
            if (_own[who] is not { Control: not null } own) return;
            _roster.SetAway(own.Seat, away);
            own.Away = away;
        }

        public void Pass(int ticks)
        {
            for (int i = 0; i < ticks; i++)
            {
                _time.Advance(TimeSpan.FromMilliseconds(250));
                _now += 250;
                _roster.Watch();
                _model.RemoveAll(s => _now - s.HeardAt >= 7500);
                foreach (Seated s in _model.Where(s => _now - s.HeardAt >= 5000)) s.Suspect = true;
            }
        }

        public void Check()
        {
            foreach (string room in new[] { "room 0", "room 1" })
            {
                List<Seated> expected = _model.FindAll(s => s.Room == room);
                Assert.Equal(expected.Select(s => s.Seat.Peer), _roster.Members(room));
                Assert.Equal(expected.Select(s => s.State), expected.Select(s => s.Seat.State));
            }
            Assert.Equal(_model.Select(s => s.Seat.Peer).ToHashSet(), _told.ToHashSet());
            Assert.Equal(_model.Select(s => s.Seat.Peer).ToHashSet(), _desk.Admitted.ToHashSet());
            Assert.Equal(_model.Count, _told.Count);
        }

        void IRosterListener.Joined(Peer peer) => _told.Add(peer);

        void IRosterListener.Changed(Peer peer) { }

        void IRosterListener.Left(Peer peer) => Assert.True(_told.Remove(peer), $"{peer} left twice");

        private static InMemoryChannel NewChannel() => InMemoryChannel.Pair(capacity: 1000, clientAddress: IPAddress.Loopback).Hub;
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
