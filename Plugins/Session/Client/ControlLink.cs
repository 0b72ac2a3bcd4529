using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Session;

/// <summary>One control channel to the hub.</summary>
internal sealed class ControlLink : IAsyncDisposable
{
    private readonly MessageChannel _messages;
    private readonly Task _receiving;
    private readonly ILogger _log;
    private readonly TimeProvider _time;

    private ControlLink(MessageChannel messages, ILogger log, TimeProvider time)
    {
        (_messages, _log, _time) = (messages, log, time);
        _receiving = messages.RunAsync(messages.Channel.Closed);
    }

    /// <summary>Dials the hub.</summary>
    /// <param name="link">The shell's.</param>
    /// <param name="address">host or host:port.</param>
    /// <param name="configure">Sets the handlers before anything is received.</param>
    /// <param name="log">The plugin's log.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="UserErrorException">See <see cref="IServerLink.DialAsync"/>.</exception>
    public static async Task<ControlLink> DialAsync(
        IServerLink link, string address, Action<MessageChannel> configure, ILogger log, TimeProvider time, CancellationToken cancellationToken)
    {
        IChannel channel = await link.DialAsync(address, SessionProtocol.Dialled, cancellationToken).ConfigureAwait(false);
        var messages = new MessageChannel(channel, SessionProtocol.Messages, log);
        configure(messages);
        return new ControlLink(messages, log, time);
    }

    /// <summary>Asks and waits for <c>ok</c>; events that the hub sent before it have been handled then.</summary>
    /// <exception cref="UserErrorException">The refusal, or <c>connection-lost</c>.</exception>
    public Task AskAsync(object request, CancellationToken cancellationToken) => _messages.RequestAsync(request, cancellationToken);

    /// <summary>Beats until the channel breaks.</summary>
    /// <returns>Why it broke, as a sentence.</returns>
    public async Task<string> ServeAsync(Heartbeat heartbeat, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<string> beating = BeatAsync(heartbeat, over.Token), receiving = ReceivedAsync();
        Task<string> first = await Task.WhenAny(beating, receiving).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return await first.ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _messages.Channel.Close("The client has done with this control connection.");
        await _messages.Channel.DisposeAsync().ConfigureAwait(false);
        await ReceivedAsync().ConfigureAwait(false);
    }

    private async Task<string> BeatAsync(Heartbeat heartbeat, CancellationToken cancellationToken)
    {
        // An answer that is as late as the hub's own suspicion means that the connection is dead, however open it looks.
        TimeSpan interval = TimeSpan.FromMilliseconds(heartbeat.IntervalMs);
        TimeSpan patience = TimeSpan.FromMilliseconds(Math.Max(heartbeat.IntervalMs, heartbeat.SuspectMs - heartbeat.IntervalMs));
        using var timer = new PeriodicTimer(interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                long sent = _time.GetTimestamp();
                await AskAsync(new Beat(sent), cancellationToken).WaitAsync(patience, _time, cancellationToken).ConfigureAwait(false);
                SessionLog.RoundTrip(_log, _time.GetElapsedTime(sent).TotalMilliseconds);
            }
            return "stopped";
        }
        catch (TimeoutException)
        {
            return $"The server has not answered for {patience.TotalSeconds:F0} s.";
        }
        catch (UserErrorException e)
        {
            return e.Message;
        }
        catch (OperationCanceledException)
        {
            return "stopped";
        }
    }

    private async Task<string> ReceivedAsync()
    {
        try
        {
            await _receiving.ConfigureAwait(false);
            return "The server closed the connection.";
        }
        catch (OperationCanceledException)
        {
            return "The connection to the server was closed.";
        }
        catch (Exception e) when (e is IOException or ProtocolErrorException or UserErrorException)
        {
            return "The connection to the server was lost.";
        }
    }
}
