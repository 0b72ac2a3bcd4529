using Microsoft.Extensions.Logging;

namespace LanCollab.Contracts;

/// <summary>
/// A client plugin's standing message channel to its service: kept open by the shell while joined; requests made in between are refused
/// with one clear sentence.
/// </summary>
public sealed class ServiceLink
{
    private readonly string _service;
    private volatile MessageChannel? _current;

    private ServiceLink(string service) => _service = service;

    /// <summary>Opens it; see <see cref="IClientContext.OpenStream"/>.</summary>
    /// <param name="context">The plugin's.</param>
    /// <param name="service">The service's name on the wire.</param>
    /// <param name="messages">The plugin's messages.</param>
    /// <param name="log">For refusals.</param>
    /// <param name="configure">Sets the handlers of each new channel.</param>
    /// <param name="opened">Called when a channel is up and receiving, beside its receive loop; may send requests.</param>
    /// <param name="closed">Called when a channel has gone.</param>
    /// <param name="maxFrame">The longest payload the hub may send, in bytes.</param>
    public static ServiceLink Open(
        IClientContext context, string service, MessageSet messages, ILogger log, Action<MessageChannel> configure,
        Func<MessageChannel, CancellationToken, Task>? opened = null, Action? closed = null, int maxFrame = FrameLimits.Control)
    {
        var link = new ServiceLink(service);
        context.OpenStream(service, async (channel, token) =>
        {
            var messageChannel = new MessageChannel(channel, messages, log);
            configure(messageChannel);
            link._current = messageChannel;
            try
            {
                Task receiving = messageChannel.RunAsync(token);
                if (opened is not null) await opened(messageChannel, token).ConfigureAwait(false);
                await receiving.ConfigureAwait(false);
            }
            finally
            {
                link._current = null;
                closed?.Invoke();
            }
        }, maxFrame);
        return link;
    }

    /// <summary>True while the channel is up.</summary>
    public bool IsOpen => _current is not null;

    /// <summary>The channel of this moment.</summary>
    /// <exception cref="UserErrorException"><c>not-joined</c>.</exception>
    public MessageChannel Current => _current
        ?? throw new UserErrorException("not-joined", $"There is no connection to the server's {_service} service; join a room first.");
}
