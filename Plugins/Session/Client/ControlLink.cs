using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Session;

/// <summary>One control channel to the hub.</summary>
internal sealed class ControlLink : IAsyncDisposable
{
    private static readonly TimeSpan LastWordLimit = TimeSpan.FromMilliseconds(200);

    private readonly MessageChannel _messages;
    private readonly Task _receiving;
    private readonly StayTools _tools;
    private volatile Dismissed? _dismissed;
    private double? _roundTrip;

    private ControlLink(MessageChannel messages, StayTools tools)
    {
        (_messages, _tools) = (messages, tools);
        messages.On<Dismissed>(dismissed => { _dismissed = dismissed; });
        _receiving = messages.RunAsync(messages.Channel.Closed);
    }

    /// <summary>The channel.</summary>
    public IChannel Channel => _messages.Channel;

    /// <summary>The hub's last word, when it gave one.</summary>
    public Dismissed? Dismissed => _dismissed;

    /// <summary>Dials the hub.</summary>
    /// <param name="tools">The shell's way to the hub among them.</param>
    /// <param name="address">host or host:port.</param>
    /// <param name="configure">Sets the handlers before anything is received.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="UserErrorException">See <see cref="IServerLink.DialAsync"/>.</exception>
    public static async Task<ControlLink> DialAsync(StayTools tools, string address, Action<MessageChannel> configure, CancellationToken cancellationToken)
    {
        IChannel channel = await Redial.DialAsync(token => tools.Link.DialAsync(address, SessionProtocol.Dialled, token), tools.Time, cancellationToken).ConfigureAwait(false);
        var messages = new MessageChannel(channel, SessionProtocol.Messages, tools.Log);
        configure(messages);
        return new ControlLink(messages, tools);
    }

    /// <summary>Asks and waits for <c>ok</c>; events that the hub sent before it have been handled then.</summary>
    /// <exception cref="UserErrorException">The refusal, or <c>connection-lost</c>.</exception>
    public Task AskAsync(object request, CancellationToken cancellationToken) => _messages.RequestAsync(request, cancellationToken);

    /// <summary>Asks and waits for the reply.</summary>
    /// <exception cref="UserErrorException">The refusal, or <c>connection-lost</c>.</exception>
    public async Task<object?> AskAsync<T>(object request, CancellationToken cancellationToken) where T : notnull =>
        await _messages.RequestAsync<T>(request, cancellationToken).ConfigureAwait(false);

    /// <summary>Beats, at once and then in the interval, until the channel breaks.</summary>
    /// <returns>Why it broke, as a sentence.</returns>
    public async Task<string> ServeAsync(Heartbeat heartbeat, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<string> beating = BeatAsync(heartbeat, over.Token), receiving = ReceivedAsync();
        Task<string> first = await Task.WhenAny(beating, receiving).ConfigureAwait(false);
        // A beat that found the connection closed may be ahead of the hub's last word, which lies there unread.
        if (first == beating) await Task.WhenAny(receiving, Task.Delay(LastWordLimit, _tools.Time, over.Token)).ConfigureAwait(false);
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
        using var timer = new PeriodicTimer(interval, _tools.Time);
        try
        {
            // The first one at once: it shows the hub that the resume token has arrived.
            do await BeatOnceAsync(patience, cancellationToken).ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
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

    private async Task BeatOnceAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        long sent = _tools.Time.GetTimestamp();
        await AskAsync(new Beat(sent, _roundTrip), cancellationToken).WaitAsync(patience, _tools.Time, cancellationToken).ConfigureAwait(false);
        _roundTrip = _tools.Time.GetElapsedTime(sent).TotalMilliseconds;
        SessionLog.RoundTrip(_tools.Log, _roundTrip.Value);
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
