namespace LanCollab.Contracts;

/// <summary>What the daemon lends to a plugin's client half.</summary>
public interface IClientContext : IPluginContext
{
    /// <summary>
    /// Keeps one channel to a service of the hub open for as long as this client is in a room: opened after each join, opened again
    /// with back-off when it breaks.
    /// </summary>
    /// <param name="service">The service's name on the wire.</param>
    /// <param name="run">Called for each new channel, never twice at a time; the channel is closed when it returns.</param>
    /// <param name="maxFrame">The longest payload the hub may send, in bytes.</param>
    void OpenStream(string service, Func<IChannel, CancellationToken, Task> run, int maxFrame = FrameLimits.Control);

    /// <summary>Opens one more channel to a service, once; the caller owns it.</summary>
    /// <exception cref="UserErrorException"><c>not-joined</c>: this client is in no room; <c>unreachable</c>: the hub does not answer.</exception>
    Task<IChannel> ConnectAsync(string service, int maxFrame, CancellationToken cancellationToken);

    /// <summary>Channels to other clients, past the hub.</summary>
    IDirectLinks Direct { get; }

    /// <summary>A UDP port towards a service of the hub, re-keyed by the shell at each join.</summary>
    /// <param name="service">The service's name on the wire.</param>
    /// <param name="handler">See <see cref="ClientDatagramHandler"/>.</param>
    IClientDatagrams OpenDatagrams(string service, ClientDatagramHandler handler);

    /// <summary>This plugin's part of the bridge to the page.</summary>
    /// <param name="messages">All messages of the plugin.</param>
    IBridge Bridge(MessageSet messages);
}
