using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Session;

/// <summary>What all connections to the door share.</summary>
internal sealed record DoorTools(Roster Roster, Chair Chair, Keeper Keeper, ILiveOptions<SessionOptions> Options, ILogger Log, TimeProvider Time);

/// <summary>One connection to the door: first <c>enter</c> or <c>resume</c>, within a time; then beats and wishes, until it closes.</summary>
internal sealed class ControlConnection : IDisposable
{
    private const int ChangesPerSecond = 10, ChangesAtOnce = 20;

    private readonly IChannel _channel;
    private readonly DoorTools _tools;
    private readonly MessageChannel _messages;
    private readonly CancellationTokenSource _unseated;

    // Everybody in the room is told of each of these: one who sends them without end must not fill the others' queues.
    private readonly TokenBucket _changes;

    private Seat? _seat;
    private Knock? _knock;

    public ControlConnection(IChannel channel, DoorTools tools)
    {
        (_channel, _tools) = (channel, tools);
        _unseated = new CancellationTokenSource(Options.EnterWithin, tools.Time);
        _changes = new TokenBucket(ChangesPerSecond, ChangesAtOnce, tools.Time);
        _messages = Listen(new MessageChannel(channel, SessionProtocol.Messages, tools.Log));
    }

    private SessionOptions Options => _tools.Options.Current;

    private Chair Chair => _tools.Chair;

    /// <summary>Serves until the channel has closed.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var deadline = _unseated.Token.Register(TurnAway).ConfigureAwait(false);
        try
        {
            await _messages.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            SessionLog.Broke(_tools.Log, _channel.Remote, e.Message);
        }
        finally
        {
            // The loop may end within the house's own Close: go on elsewhere, not inside its lock.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            if (_knock is { } knock) _tools.Roster.Detach(knock);
            if (Seated is { } seat) _tools.Roster.Detach(seat, _channel);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _unseated.Dispose();

    private Seat? Seated => _seat ?? _knock?.Seat;

    private MessageChannel Listen(MessageChannel messages) => messages
        .On<Enter>((m, token) => ArriveAsync(() => { Throttle(_changes); return _tools.Roster.Enter(m, _channel); }, token))
        .On<ResumeSeat>((m, token) => ArriveAsync(() => _tools.Roster.Resume(m, _channel), token))
        .On<Beat>(Answer)
        .On<Leave>(_ => Stand())
        .On<SetAway>(m => Quick(m, _changes, seat => Chair.SetAway(seat, m.Away)))
        .On<SetHand>((m, token) => KeepAsync(m, seat => Chair.SetHand(seat, m), token))
        .On<SetRole>((m, token) => KeepAsync(m, seat => Chair.SetRole(seat, m), token))
        .On<BeOperator>((m, token) => KeepAsync(m, seat => Chair.BeOperator(seat, m, _channel.Remote.Address), token))
        .On<SetMuted>((m, token) => KeepAsync(m, seat => Chair.SetMuted(seat, m), token))
        .On<MuteAll>((m, token) => KeepAsync(m, Chair.MuteAll, token))
        .On<RemoveMember>((m, token) => KeepAsync(m, seat => Chair.Remove(seat, m), token))
        .On<LiftBan>((m, token) => KeepAsync(m, seat => Chair.Lift(seat, m), token))
        .On<SetRules>((m, token) => KeepAsync(m, seat => SetRules(seat, m), token))
        .On<Admit>((m, token) => AdmitAsync(m, token))
        .On<ListBans>(m => Chair.Bans(Need(m)))
        .On<AskStats>(m => Chair.Stats(Need(m), m.All));

    private async ValueTask<object?> ArriveAsync(Func<Arrival> arrive, CancellationToken cancellationToken)
    {
        if (_seat is not null || _knock is not null) throw new ProtocolErrorException("This connection has a seat already.");
        Arrival arrival = arrive();
        (_seat, _knock) = (arrival.Seat, arrival.Knock);
        _unseated.CancelAfter(Timeout.InfiniteTimeSpan);
        if (arrival.Seat is null) return null;
        // Who is told of a seat finds it again after a restart of the server, however soon that is.
        await _tools.Keeper.SavedAsync(cancellationToken).ConfigureAwait(false);
        if (!_tools.Roster.Greet(arrival, _channel)) throw new UserErrorException("replaced", "The seat has been taken up by another connection.");
        return null;
    }

    private object? Answer(Beat beat)
    {
        if (Seated is { } seat) _tools.Roster.Beat(seat, _channel, beat.RttMs);
        else if (_knock is { } knock) _tools.Roster.Beat(knock);
        else throw Unseated(beat);
        return new Beaten(beat.Sent);
    }

    private object? Stand()
    {
        if (Seated is { } seat) _tools.Roster.Leave(seat);
        else if (_knock is { } knock) _tools.Roster.Detach(knock);
        else throw Unseated(new Leave());
        (_seat, _knock) = (null, null);
        _unseated.CancelAfter(Options.EnterWithin);
        return null;
    }

    private object? Quick(object message, TokenBucket bucket, Action<Seat> act)
    {
        Seat seat = Need(message);
        Throttle(bucket);
        act(seat);
        return null;
    }

    private async ValueTask<object?> KeepAsync(object message, Action<Seat> act, CancellationToken cancellationToken)
    {
        Quick(message, _changes, act);
        await _tools.Keeper.SavedAsync(cancellationToken).ConfigureAwait(false);
        return null;
    }

    private async ValueTask<object?> AdmitAsync(Admit wish, CancellationToken cancellationToken)
    {
        Seat seat = Need(wish);
        Throttle(_changes);
        if (Chair.Decide(seat, wish) is not { } admitted) return null;
        await _tools.Keeper.SavedAsync(cancellationToken).ConfigureAwait(false);
        _tools.Roster.Greet(admitted.Arrival, admitted.Control);
        return null;
    }

    private void SetRules(Seat seat, SetRules wish)
    {
        // Slow on purpose: not within the house's lock.
        RoomPassword? password = string.IsNullOrEmpty(wish.Password) ? null : RoomPassword.Of(wish.Password);
        Chair.SetRules(seat, wish, password);
    }

    private static void Throttle(TokenBucket bucket)
    {
        if (bucket.Take() is { } wait) throw new UserErrorException("throttled", "That is too much at once; wait a moment.") { RetryAfter = wait };
    }

    /// <summary>The seat, once the sender's role has been checked.</summary>
    private Seat Need(object message)
    {
        Seat seat = Seated ?? throw Unseated(message);
        // An anonymous channel has no peer for the shell to check: the seat has, once it is there.
        Role role = seat is { Taken: true, Peer: { } peer } ? peer.Role : throw new UserErrorException("unknown-seat", "The seat is no longer yours.");
        Permissions.Of(message.GetType()).Check(message, role, SessionProtocol.Messages.NameOf(message.GetType()));
        return seat;
    }

    private static ProtocolErrorException Unseated(object message) =>
        new($"{SessionProtocol.Messages.NameOf(message.GetType())} came before session/enter or session/resume.");

    private void TurnAway() => _channel.Close($"Neither session/enter nor session/resume succeeded within {Options.EnterWithin.TotalSeconds:F0} s.");
}
