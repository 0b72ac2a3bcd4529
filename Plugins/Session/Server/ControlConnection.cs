using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Session;

/// <summary>One connection to the door: first <c>enter</c> or <c>resume</c>, within a time; then beats, until it closes.</summary>
internal sealed class ControlConnection(IChannel channel, Roster roster, SessionOptions options, ILogger log, TimeProvider time) : IDisposable
{
    private const int ChangesPerSecond = 10, ChangesAtOnce = 20;

    private readonly CancellationTokenSource _unseated = new(options.EnterWithin, time);

    // Everybody in the room is told of each of these: one who sends them without end must not fill the others' queues.
    private readonly TokenBucket _changes = new(ChangesPerSecond, ChangesAtOnce, time);

    private Seat? _seat;

    /// <summary>Serves until the channel has closed.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        MessageChannel messages = new MessageChannel(channel, SessionProtocol.Messages, log)
            .On<Enter>(m => { Throttle(); return Sit(() => roster.Enter(m, channel)); })
            .On<ResumeSeat>(m => Sit(() => roster.Resume(m.Resume, channel)))
            .On<Beat>(Answer)
            .On<SetAway>(m => { Seat seat = Seated("session/away"); Throttle(); roster.SetAway(seat, m.Away); return null; })
            .On<Leave>(_ => Stand());
        await using var deadline = _unseated.Token.Register(TurnAway).ConfigureAwait(false);
        try
        {
            await messages.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            SessionLog.Broke(log, channel.Remote, e.Message);
        }
        finally
        {
            // The loop may end within the roster's own Close: go on elsewhere, not inside its lock.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            if (_seat is { } seat) roster.Detach(seat, channel);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _unseated.Dispose();

    private object? Sit(Func<Seat> take)
    {
        if (_seat is not null) throw new ProtocolErrorException("This connection has a seat already.");
        _seat = take();
        _unseated.CancelAfter(Timeout.InfiniteTimeSpan);
        return null;
    }

    private object Answer(Beat beat)
    {
        roster.Beat(Seated("session/beat"));
        return new Beaten(beat.Sent);
    }

    private object? Stand()
    {
        roster.Leave(Seated("session/leave"));
        _seat = null;
        _unseated.CancelAfter(options.EnterWithin);
        return null;
    }

    private void Throttle()
    {
        if (_changes.Take() is { } wait) throw new UserErrorException("throttled", "That is too much at once; wait a moment.") { RetryAfter = wait };
    }

    private Seat Seated(string message) => _seat
        ?? throw new ProtocolErrorException($"{message} came before session/enter or session/resume.");

    private void TurnAway() => channel.Close($"Neither session/enter nor session/resume succeeded within {options.EnterWithin.TotalSeconds:F0} s.");
}
