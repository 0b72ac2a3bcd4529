using System.Threading.Channels;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Chat.Client;

/// <summary>
/// Lines on their way to the hub: one after the other, each until the hub has it. A broken channel or a hub that asks to slow down
/// costs time and no line; the key makes sure that a line sent twice is one line.
/// </summary>
internal sealed class Outbox(ChatOptions options, TimeProvider time)
{
    private readonly Channel<Letter> _letters = Channel.CreateBounded<Letter>(new BoundedChannelOptions(options.PendingLines) { SingleReader = true });

    private sealed record Letter(Say Say, Home Home)
    {
        public TaskCompletionSource<SayOk> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Waits until the hub has the line on disk. A caller who goes away does not take the line back.</summary>
    /// <exception cref="UserErrorException">The hub's refusal; <c>too-many-lines</c>; <c>not-sent</c>: the hub did not answer in time.</exception>
    public async Task<SayOk> SendAsync(Say say, Home home, CancellationToken cancellationToken)
    {
        var letter = new Letter(say, home);
        if (!_letters.Writer.TryWrite(letter))
            throw new UserErrorException("too-many-lines", $"{options.PendingLines} lines wait for the server already; try again when they have gone.");
        try
        {
            return await letter.Done.Task.WaitAsync(TimeSpan.FromSeconds(options.SendTimeoutSeconds), time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            var late = new UserErrorException("not-sent", "The server could not be reached in time; send the line again.");
            letter.Done.TrySetException(late);
            throw late;
        }
    }

    /// <summary>Sends what waits, and what comes, over one channel.</summary>
    /// <param name="home">Where that channel leads; lines for another place are refused.</param>
    /// <param name="request">Sends one line and waits for the reply.</param>
    /// <param name="cancellationToken">Ends with the channel.</param>
    /// <exception cref="UserErrorException"><c>connection-lost</c>; the line stays first.</exception>
    public async Task DeliverAsync(Func<Home?> home, Func<Say, CancellationToken, Task<SayOk>> request, CancellationToken cancellationToken)
    {
        while (await _letters.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!_letters.Reader.TryPeek(out Letter? letter)) continue;
            if (!letter.Done.Task.IsCompleted) await DeliverAsync(letter, home(), request, cancellationToken).ConfigureAwait(false);
            _letters.Reader.TryRead(out _);
        }
    }

    private async Task DeliverAsync(Letter letter, Home? home, Func<Say, CancellationToken, Task<SayOk>> request, CancellationToken cancellationToken)
    {
        if (home is null || !letter.Home.Leads(home))
        {
            letter.Done.TrySetException(new UserErrorException("other-room", "This line was for a room that you have left; it was not sent."));
            return;
        }
        try
        {
            letter.Done.TrySetResult(await RequestAsync(letter, request, cancellationToken).ConfigureAwait(false));
        }
        catch (UserErrorException e) when (e.Code != "connection-lost")
        {
            letter.Done.TrySetException(e);
        }
    }

    private async Task<SayOk> RequestAsync(Letter letter, Func<Say, CancellationToken, Task<SayOk>> request, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await request(letter.Say, cancellationToken).ConfigureAwait(false);
            }
            catch (UserErrorException e) when (e is { Code: "throttled", RetryAfter: not null } && !letter.Done.Task.IsCompleted)
            {
                await Task.Delay(e.RetryAfter.Value, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
