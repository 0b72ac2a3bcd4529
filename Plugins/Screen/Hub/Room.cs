using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Screen;

/// <summary>One room on the hub: who has the slot, the stage that everybody in it looks at, and what is drawn on it.</summary>
internal sealed class Room(string name, ILiveOptions<ScreenOptions> options, TimeProvider time, ILogger log)
{
    private readonly Lock _gate = new();
    private readonly Audience _audience = new();
    private readonly Slot _slot = new(() => options.Current.Policy, time);
    private readonly Board _board = new();
    private Deck _deck = new(0);
    private (MessageChannel Owner, TilePicture Picture)? _current;
    private long _presentations;

    // Who presented last and was stopped by somebody else: frames of theirs may still be under way.
    private MessageChannel? _dismissed;

    /// <summary>What the room sees.</summary>
    public Stage Stage { get; } = new();

    /// <summary>Somebody has come: is told how things are.</summary>
    public void Enter(MessageChannel channel)
    {
        lock (_gate)
        {
            _audience.Add(channel);
            Tell(channel);
            Audience.Tell(channel, _slot.Requests);
            Audience.Tell(channel, _deck.State);
            Audience.Tell(channel, _board.All);
        }
    }

    /// <summary>A channel has gone.</summary>
    public void Leave(MessageChannel channel)
    {
        lock (_gate)
        {
            _audience.Remove(channel);
            if (_current?.Owner == channel) End("the channel has closed", interrupted: true);
            if (_audience.Of(channel.Peer.Id) is null && _slot.Withdraw(channel.Peer.Id)) _audience.Tell(_slot.Requests);
        }
    }

    /// <summary>Somebody's role has changed, or they were silenced: they are told, and stop presenting when they no longer may.</summary>
    public void Stand(Peer peer)
    {
        lock (_gate)
        {
            if (_audience.Of(peer.Id) is not { } channel) return;
            Tell(channel);
            if (_current?.Owner.Peer.Id == peer.Id && (peer.Muted || peer.Role < Role.Member)) Dismiss("You may no longer present.", "no longer may");
        }
    }

    /// <summary>Gives the slot to a channel.</summary>
    /// <exception cref="UserErrorException">See <see cref="Slot.Take"/>; <c>not-allowed</c> for somebody who was silenced.</exception>
    public Granted Present(MessageChannel channel, bool takeOver)
    {
        lock (_gate)
        {
            if (channel.Peer.Muted) throw new UserErrorException("not-allowed", "A moderator has silenced you; ask before you present.");
            Take(channel, takeOver);
            if (_current is { } before && before.Owner.Peer.Id != channel.Peer.Id) Audience.Tell(before.Owner, new Ended($"{channel.Peer.Name} has taken over."));
            var picture = new TilePicture(options.Current.MaxPictureMiB * 1024L * 1024);
            _current = (channel, picture);
            _presentations++;
            Wipe();
            _audience.Tell(_slot.Requests);
            Stage.Show(new Presenter(channel.Peer.Id, channel.Peer.Name, _presentations), picture);
            ScreenLog.Presents(log, channel.Peer.Name, name, _presentations);
            return new Granted(_presentations);
        }
    }

    /// <summary>Somebody would like to present, or no longer.</summary>
    public void Ask(MessageChannel channel, AskForStage wish)
    {
        lock (_gate)
            if (wish.Withdraw ? _slot.Withdraw(channel.Peer.Id) : _slot.Note(channel.Peer)) _audience.Tell(_slot.Requests);
    }

    /// <summary>A moderator lets somebody present, or does not.</summary>
    /// <exception cref="UserErrorException"><c>unknown-person</c>.</exception>
    public void Grant(MessageChannel by, GrantStage grant)
    {
        lock (_gate)
        {
            if (grant.Decline) _slot.Withdraw(grant.Id);
            else Invite(by, grant.Id, $"{by.Peer.Name} has given the stage to somebody else.");
            _audience.Tell(_slot.Requests);
        }
    }

    /// <summary>The presenter lets somebody else go on.</summary>
    /// <exception cref="UserErrorException"><c>not-presenting</c>, <c>unknown-person</c>.</exception>
    public void HandOver(MessageChannel by, string id)
    {
        lock (_gate)
        {
            if (_current?.Owner != by) throw new UserErrorException("not-presenting", "Only who presents can hand over.");
            Invite(by, id, "You have handed over.");
            _audience.Tell(_slot.Requests);
        }
    }

    /// <summary>A moderator ends the presentation.</summary>
    public void Release(MessageChannel by)
    {
        lock (_gate) Dismiss($"{by.Peer.Name} has ended your presentation.", "ended by a moderator");
    }

    /// <summary>Frees the slot, if this channel has it.</summary>
    public void Free(MessageChannel channel, string reason)
    {
        lock (_gate)
            if (_current?.Owner == channel) End(reason, interrupted: false);
    }

    /// <summary>Somebody points; others see it, and nobody keeps it.</summary>
    public void Point(MessageChannel by, Point point)
    {
        lock (_gate)
            if (_current is not null && !by.Peer.Muted && Board.IsPlace(point.X) && Board.IsPlace(point.Y))
                _audience.TellOthers(by, new Pointed(by.Peer.Id, by.Peer.Name, _audience.ColourOf(by.Peer), point.X, point.Y));
    }

    /// <summary>Somebody draws.</summary>
    /// <exception cref="UserErrorException"><c>no-picture</c>, <c>bad-drawing</c>, <c>not-allowed</c>.</exception>
    public void Draw(MessageChannel by, Draw draw)
    {
        lock (_gate)
        {
            if (_current is null) throw new UserErrorException("no-picture", "Nobody presents; there is nothing to draw on.");
            if (by.Peer.Muted) throw new UserErrorException("not-allowed", "A moderator has silenced you.");
            var drawn = new Drawn(by.Peer.Id, by.Peer.Name, _audience.ColourOf(by.Peer), draw.Stroke, draw.Points);
            if (_board.Add(drawn)) _audience.Tell(drawn);
        }
    }

    /// <summary>Takes somebody's last line away.</summary>
    public void Undo(MessageChannel by)
    {
        lock (_gate)
            if (_board.Undo(by.Peer.Id) is { } gone) _audience.Tell(gone);
    }

    /// <summary>Takes somebody's lines away, or all.</summary>
    /// <exception cref="UserErrorException"><c>not-allowed</c>: all, by somebody who neither presents nor moderates.</exception>
    public void Clear(MessageChannel by, ClearDrawings clear)
    {
        lock (_gate)
        {
            if (clear.All && _current?.Owner.Peer.Id != by.Peer.Id && by.Peer.Role < Role.Moderator)
                throw new UserErrorException("not-allowed", "Only the presenter and moderators can take everybody's lines away.");
            var gone = new Erased(clear.All ? null : by.Peer.Id);
            if (_board.Erase(gone)) _audience.Tell(gone);
        }
    }

    /// <summary>The presenter shows slides.</summary>
    /// <exception cref="UserErrorException"><c>not-presenting</c>, <c>bad-deck</c>.</exception>
    public void ShowDeck(MessageChannel by, DeckState state)
    {
        lock (_gate)
        {
            if (_current?.Owner != by) throw new UserErrorException("not-presenting", "Only who presents can show slides.");
            bool turned = state != _deck.State;
            _deck.Show(state);
            // What was drawn belongs to the page it was drawn on.
            if (turned && _board.Erase(new Erased())) _audience.Tell(new Erased());
            _audience.Tell(state);
        }
    }

    /// <summary>A page of the slides.</summary>
    /// <exception cref="UserErrorException"><c>no-page</c>, <c>not-yet</c>.</exception>
    public ReadOnlyMemory<byte> Page(AskForPage wanted)
    {
        lock (_gate) return _deck.Page(wanted);
    }

    /// <summary>Takes a frame from the presenter, and acknowledges each complete update.</summary>
    /// <exception cref="ProtocolErrorException">It is wrong, or somebody else presents.</exception>
    public async ValueTask ReceiveAsync(MessageChannel channel, ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        if (PictureOf(channel) is not { } picture) return;
        if (PageFrame.Is(frame.Span))
        {
            lock (_gate) _deck.Keep(frame.Span);
            return;
        }
        TileGrid before = picture.Grid;
        if (!picture.Apply(frame.Span)) return;
        if (picture.Grid != before) ScreenLog.Size(log, name, picture.Grid.Width, picture.Grid.Height);
        await channel.SendAsync(new Shown(picture.Number), cancellationToken).ConfigureAwait(false);
    }

    private TilePicture? PictureOf(MessageChannel channel)
    {
        lock (_gate)
        {
            if (_current is { } current && current.Owner == channel) return current.Picture;
            // Who was dismissed may not know it yet: what is under way is of no use, and no fault.
            return _dismissed == channel ? null : throw new ProtocolErrorException($"Tiles came from {channel.Peer.Name}, who does not present.");
        }
    }

    private void Take(MessageChannel channel, bool takeOver)
    {
        try
        {
            _slot.Take(channel.Peer, takeOver);
        }
        catch (UserErrorException e) when (e.Code == "needs-grant")
        {
            if (_slot.Note(channel.Peer)) _audience.Tell(_slot.Requests);
            throw;
        }
        if (_current is { } before && before.Owner != channel) _dismissed = before.Owner;
        if (_dismissed == channel) _dismissed = null;
    }

    private void Invite(MessageChannel by, string id, string reason)
    {
        MessageChannel invited = _audience.Of(id) ?? throw new UserErrorException("unknown-person", "That person is not here any more.");
        if (_current is not null) Dismiss(reason, $"handed over to {invited.Peer.Name}");
        _slot.Invite(invited.Peer);
        Audience.Tell(invited, new Invited(by.Peer.Name));
    }

    private void Dismiss(string reason, string logged)
    {
        if (_current is not { } current) return;
        _dismissed = current.Owner;
        Audience.Tell(current.Owner, new Ended(reason));
        End(logged, interrupted: false);
    }

    private void End(string reason, bool interrupted)
    {
        if (_current is not { } current) return;
        _current = null;
        _slot.Free(interrupted);
        Wipe();
        Stage.Clear();
        ScreenLog.Stopped(log, current.Owner.Peer.Name, name, reason);
    }

    /// <summary>Another presentation: nothing of the one before stays.</summary>
    private void Wipe()
    {
        if (_deck.State.Pages > 0) _audience.Tell(new DeckState("", 0, 0));
        _deck = new Deck(options.Current.MaxDeckMiB * 1024L * 1024);
        if (_board.Erase(new Erased())) _audience.Tell(new Erased());
    }

    private void Tell(MessageChannel channel) => Audience.Tell(channel, new You(channel.Peer.Id, channel.Peer.Role.ToString().ToLowerInvariant(), options.Current.Policy));
}
