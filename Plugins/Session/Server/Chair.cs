using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Session;

/// <summary>What people do to each other and to their room: rights, hands, the lobby. The role has been checked before (<see cref="NeedsAttribute"/>).</summary>
internal sealed class Chair(House house, Roster roster, ILogger log)
{
    /// <summary>Away or back.</summary>
    public void SetAway(Seat seat, bool away)
    {
        lock (house.Gate)
        {
            if (seat.Taken) house.Change(seat, s => s.Away = away);
        }
    }

    /// <summary>One's own hand up or down, another's down.</summary>
    public void SetHand(Seat seat, SetHand wish)
    {
        lock (house.Gate)
        {
            Seat whose = wish.Id is { Length: > 0 } id ? Other(seat, id) : seat;
            if (wish.Raised && whose != seat) throw new UserErrorException("bad-request", "Nobody can raise another's hand.");
            if (wish.Raised == whose.Hand.HasValue) return;
            house.Change(whose, s => s.Hand = wish.Raised ? s.Room.NextHand() : null);
            house.Touch();
        }
    }

    /// <summary>Another role for somebody.</summary>
    public void SetRole(Seat seat, SetRole wish)
    {
        Role role = Roles.Parse(wish.Role);
        lock (house.Gate)
        {
            Seat whose = Other(seat, wish.Id);
            if (role < Role.Moderator) RefuseUnseating(whose);
            house.Stand(whose, new Standing(role, role < Role.Moderator && whose.Standing.Muted));
        }
    }

    /// <summary>Somebody shows that they are the server's operator: a moderator whom nobody can unseat.</summary>
    /// <exception cref="UserErrorException">See <see cref="Door.CheckOperator"/>.</exception>
    public void BeOperator(Seat seat, BeOperator wish, System.Net.IPAddress address)
    {
        lock (house.Gate)
        {
            house.Door.CheckOperator(wish.Password, address, seat.Room.Name);
            if (!seat.Taken) return;
            seat.Operator = true;
            house.Stand(seat, new Standing(Role.Moderator));
            house.Touch();
        }
    }

    /// <summary>Silences somebody or takes that back.</summary>
    public void SetMuted(Seat seat, SetMuted wish)
    {
        lock (house.Gate)
        {
            Seat whose = Other(seat, wish.Id);
            if (wish.Muted && whose.Standing.Role == Role.Moderator)
                throw new UserErrorException("is-moderator", $"{whose.Name} is a moderator, and those cannot be silenced.");
            house.Stand(whose, whose.Standing with { Muted = wish.Muted });
        }
    }

    /// <summary>Silences all but moderators.</summary>
    public void MuteAll(Seat seat)
    {
        lock (house.Gate)
        {
            foreach (Seat other in seat.Room.All)
                if (other.Standing.Role < Role.Moderator) house.Stand(other, other.Standing with { Muted = true });
        }
    }

    /// <summary>Shows somebody out, or turns somebody away who waits.</summary>
    public void Remove(Seat seat, RemoveMember wish)
    {
        lock (house.Gate)
        {
            Room room = seat.Room;
            Knock? knock = room.Knocks.Find(k => k.Id == wish.Id);
            if (knock is not null)
            {
                if (wish.Ban) Ban(room, Secrets.Person(knock.Entry.Device), knock.Entry.Name);
                TurnAway(room, knock);
                return;
            }
            Seat whose = Other(seat, wish.Id);
            if (whose == seat) throw new UserErrorException("bad-request", "Nobody can remove themselves; leave instead.");
            RefuseUnseating(whose);
            if (wish.Ban) Ban(room, whose.Person, whose.Name);
            string sentence = wish.Ban ? $"A moderator has banned you from {room.Name}." : $"A moderator has removed you from {room.Name}.";
            // A ban is for the machine, whatever other names it has here.
            foreach (Seat gone in room.All.Where(s => s == whose || (wish.Ban && s.Person == whose.Person && s != seat)).ToArray())
                house.Free(gone, LeaveReason.Removed, sentence);
        }
    }

    /// <summary>Who is banned.</summary>
    public BanList Bans(Seat seat)
    {
        lock (house.Gate) return new BanList([.. seat.Room.Bans.Select(ban => new Ban(ban.Key, ban.Value))]);
    }

    /// <summary>Lifts a ban.</summary>
    public void Lift(Seat seat, LiftBan wish)
    {
        lock (house.Gate)
        {
            if (!seat.Room.Bans.Remove(wish.Person)) throw new UserErrorException("unknown-person", "Nobody of that kind is banned from this room.");
            house.Touch();
        }
    }

    /// <summary>How the room is kept.</summary>
    /// <param name="seat">Whose room.</param>
    /// <param name="wish">What to change.</param>
    /// <param name="password">That of the wish, made ready before the lock; null: none is set.</param>
    public void SetRules(Seat seat, SetRules wish, RoomPassword? password)
    {
        lock (house.Gate)
        {
            Room room = seat.Room;
            int most = house.Door.MaxMembers;
            if (wish.Capacity is { } seats && (seats < 1 || seats > most)) throw new UserErrorException("bad-request", $"A room has 1 to {most} seats.");
            if (wish.Password is not null && house.Door.HasPassword)
                throw new UserErrorException("server-password", "This server has one password for all rooms; a room cannot have its own.");
            if (wish.Password is not null) room.Password = password;
            room.Locked = wish.Locked ?? room.Locked;
            room.HasLobby = wish.Lobby ?? room.HasLobby;
            room.Capacity = wish.Capacity ?? room.Capacity;
            SessionLog.Kept(log, room.Name, seat, room.Locked, room.HasLobby);
            house.News.Tell(room, new RulesChanged(house.Door.Rules(room)));
            house.Touch();
        }
    }

    /// <summary>Lets somebody in who has knocked, or turns them away.</summary>
    /// <returns>Who is to be greeted, and where; null: nobody.</returns>
    public (Arrival Arrival, IChannel Control)? Decide(Seat seat, Admit wish)
    {
        lock (house.Gate)
        {
            Room room = seat.Room;
            Knock knock = room.Knocks.Find(k => k.Id == wish.Id) ?? throw new UserErrorException("unknown-person", "That person does not wait any more.");
            if (!wish.Admitted)
            {
                TurnAway(room, knock);
                return null;
            }
            house.Door.ExamineAgain(knock.Entry, room);
            room.Knocks.Remove(knock);
            Arrival arrival = roster.Seat(knock.Entry, room, knock.Id);
            knock.Seat = arrival.Seat;
            house.News.TellModerators(room, House.Lobby(room));
            return (arrival, knock.Control);
        }
    }

    /// <summary>How good connections are.</summary>
    public StatsList Stats(Seat seat, bool all)
    {
        lock (house.Gate) return new StatsList([.. (all ? seat.Room.Present : [seat]).Select(s => s.Quality.Of(s.Id))]);
    }

    private static Seat Other(Seat seat, string id) => seat.Room.FindId(id)
        ?? throw new UserErrorException("unknown-person", "That person is not in this room any more.");

    private static void RefuseUnseating(Seat whose)
    {
        if (whose.Operator) throw new UserErrorException("is-operator", $"{whose.Name} is the server's operator.");
        if (whose.Standing.Role == Role.Moderator && whose.Room.All.Count(s => s.Standing.Role == Role.Moderator) == 1)
            throw new UserErrorException("last-moderator", $"{whose.Name} is the only moderator; make somebody else one first.");
    }

    private void Ban(Room room, string person, string name)
    {
        if (room.Bans.Count >= Room.MaxRemembered) throw new UserErrorException("too-many-bans", $"{Room.MaxRemembered} machines are banned already; lift a ban first.");
        room.Bans[person] = name;
        house.Touch();
    }

    private void TurnAway(Room room, Knock knock)
    {
        room.Knocks.Remove(knock);
        house.News.Tell(knock.Control, new Dismissed(LeaveReason.Denied, $"A moderator did not let you into {room.Name}."));
        knock.Control.Close("A moderator has turned you away.");
        house.News.TellModerators(room, House.Lobby(room));
    }
}
