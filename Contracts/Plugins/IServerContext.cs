namespace LanCollab.Contracts;

/// <summary>What the hub lends to a plugin's server half.</summary>
public interface IServerContext : IPluginContext
{
    /// <summary>
    /// Serves a TCP port. The shell does TLS, framing, limits and the check of the session token; the handler gets channels of
    /// people who are in a room.
    /// </summary>
    /// <param name="service">Name, port and limits.</param>
    /// <param name="handler">
    /// Called once for each channel, many at a time, on the thread pool or as <see cref="StreamService.Reading"/> says. The channel is closed when it returns. A
    /// <see cref="ProtocolErrorException"/> closes the channel with that reason; anything else is logged as the plugin's fault.
    /// The token ends when the channel has closed or the program stops.
    /// </param>
    void MapStream(StreamService service, Func<IChannel, CancellationToken, Task> handler);

    /// <summary>Serves a UDP port with the shell's encryption and replay window.</summary>
    /// <param name="service">Name and port.</param>
    /// <param name="handler">See <see cref="DatagramHandler"/>.</param>
    /// <returns>The way to send on that port.</returns>
    IServerDatagrams MapDatagrams(DatagramService service, DatagramHandler handler);
}

/// <summary>A TCP service of a plugin.</summary>
/// <param name="Name">Its name on the wire; by habit the plugin's own.</param>
/// <param name="DefaultPort">Used unless the configuration has <see cref="PortKey"/>; 0 = any free port.</param>
public sealed record StreamService(string Name, int DefaultPort)
{
    /// <summary>The key below <c>Plugins:&lt;name&gt;</c> that holds the port.</summary>
    public string PortKey { get; init; } = "Port";

    /// <summary>The longest payload a client may send, in bytes; a longer one closes the channel before anything is allocated.</summary>
    public int MaxFrame { get; init; } = FrameLimits.Control;

    /// <summary>True for the one service people reach before they have a session token. Its handler must do the checking.</summary>
    public bool Anonymous { get; init; }

    /// <summary>Who goes on with the handler when something has come.</summary>
    public StreamReading Reading { get; init; }
}

/// <summary>A UDP service of a plugin.</summary>
/// <param name="Name">Its name on the wire; keys are derived for it alone.</param>
/// <param name="DefaultPort">Used unless the configuration has <see cref="PortKey"/>; 0 = any free port.</param>
/// <param name="PortKey">The key below <c>Plugins:&lt;name&gt;</c> that holds the port.</param>
public sealed record DatagramService(string Name, int DefaultPort, string PortKey = "Port");
