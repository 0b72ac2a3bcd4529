using LanCollab.Contracts;

namespace LanCollab.Plugins.Chat.Client;

/// <summary>
/// Carries letters over one channel: several are under way together, and each names the one before it, so that none overtakes one that was refused.
/// </summary>
/// <param name="outbox">Where they come from.</param>
/// <param name="request">Sends one and waits for the reply.</param>
/// <param name="time">The clock.</param>
internal sealed class Delivery(Outbox outbox, Func<object, CancellationToken, Task<SayOk>> request, TimeProvider time)
{
    private const int UnderWay = 32;

    private readonly Queue<(Letter Letter, Task<SayOk> Reply)> _sent = new();
    private readonly HashSet<string> _keys = [];
    private string? _last;
    private bool _stopped;
    private TimeSpan _wait;

    /// <summary>Runs until the channel ends.</summary>
    /// <param name="home">Where it leads.</param>
    /// <param name="cancellationToken">Ends with the channel.</param>
    /// <exception cref="UserErrorException"><c>connection-lost</c>; what has no reply yet stays in the outbox.</exception>
    public async Task RunAsync(Func<Home?> home, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task more = outbox.More;
            if (!_stopped && home() is { } there) Send(there, cancellationToken);
            if (_sent.Count == 0 && !_stopped) await more.WaitAsync(cancellationToken).ConfigureAwait(false);
            else if (_sent.Count == 0) await BeginAgainAsync(cancellationToken).ConfigureAwait(false);
            else await OneStepAsync(more, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Send(Home home, CancellationToken cancellationToken)
    {
        outbox.Hold(home);
        foreach (Letter letter in outbox.Next(home, _keys, UnderWay - _sent.Count))
        {
            _sent.Enqueue((letter, request(letter.Post.On(letter.Key, _last), cancellationToken)));
            _keys.Add(letter.Key);
            _last = letter.Key;
        }
    }

    private async Task OneStepAsync(Task more, CancellationToken cancellationToken)
    {
        (Letter letter, Task<SayOk> reply) = _sent.Peek();
        bool room = !_stopped && _sent.Count < UnderWay;
        Task[] next = room ? [reply, more] : [reply];
        await Task.WhenAny(next).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!reply.IsCompleted) return;
        _sent.Dequeue();
        _keys.Remove(letter.Key);
        await SettleAsync(letter, reply).ConfigureAwait(false);
    }

    private async Task SettleAsync(Letter letter, Task<SayOk> reply)
    {
        try
        {
            outbox.Arrived(letter, await reply.ConfigureAwait(false));
        }
        catch (UserErrorException e) when (e.Code != "connection-lost")
        {
            // Those behind it are refused, too: they wait for their turn again.
            _stopped = true;
            if (e.Code is "throttled" && e.RetryAfter is { } wait) Delay(letter, wait);
            else if (e.Code is not "out-of-order") outbox.Refused(letter, e);
        }
    }

    private void Delay(Letter letter, TimeSpan wait)
    {
        if (wait > _wait) _wait = wait;
        outbox.Delayed(letter, wait);
    }

    private async Task BeginAgainAsync(CancellationToken cancellationToken)
    {
        if (_wait > TimeSpan.Zero) await Task.Delay(_wait, time, cancellationToken).ConfigureAwait(false);
        (_stopped, _last, _wait) = (false, null, TimeSpan.Zero);
    }
}
