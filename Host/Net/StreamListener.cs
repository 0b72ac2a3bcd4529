using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using LanCollab.Contracts;
using LanCollab.Host.Metrics;
using LanCollab.Host.Net.Tls;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Net;

/// <summary>What a plugin asked to be served.</summary>
/// <param name="Plugin">The plugin's name.</param>
/// <param name="Service">Name, limits.</param>
/// <param name="Handler">Called for each channel.</param>
internal sealed record StreamMapping(string Plugin, StreamService Service, Func<IChannel, CancellationToken, Task> Handler);

/// <summary>What all listeners share.</summary>
internal sealed record ListenerShared(X509Certificate2 Certificate, AdmissionDesk Desk, HandshakeGate Gate, TimeProvider Time, ILogger Log)
{
    /// <summary>False for frames on bare TCP, on loopback addresses only.</summary>
    public bool Tls { get; init; } = true;

    /// <summary>How often limits were hit.</summary>
    public LimitTally Limits { get; init; } = new();

    /// <summary>Keeps an eye on half-sent frames; null watches nothing.</summary>
    public FrameRateWatch? Rate { get; init; }

    /// <summary>Keeps an eye on channels whose client has gone; null watches nothing.</summary>
    public SilenceWatch? Silence { get; init; }

    /// <summary>Does TLS for all listeners: clients resume on one service the session that they have with another.</summary>
    public ITlsServer Handshake { get; init; } = TlsLibraries.Default.Serve(Certificate, asksCallers: false);
}

/// <summary>
/// One TCP service of the hub: accepts, does TLS and the first frame within their time limits, then hands the channel to the plugin.
/// Trouble with one connection ends that connection and nothing else.
/// </summary>
internal sealed class StreamListener(StreamMapping mapping, ListenerShared shared, CancellationToken stopping)
{
    private static readonly TimeSpan TlsTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HelloTime = TimeSpan.FromSeconds(5);

    /// <summary>Connections that the system has completed and this process has not accepted yet; the kernel's own limit (net.core.somaxconn) is 4096.</summary>
    private const int Backlog = 4096;

    private Socket? _socket;
    private AcceptLoop? _accepting;

    public StreamService Service => mapping.Service;

    /// <summary>What is counted of this service.</summary>
    public ServiceTally Tally { get; } = new(mapping.Service.Name);

    /// <exception cref="PortInUseException">Somebody else has the port.</exception>
    public IPEndPoint Bind(IPEndPoint endpoint, string key)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (endpoint.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
        try
        {
            socket.Bind(endpoint);
            socket.Listen(Backlog);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            socket.Dispose();
            throw new PortInUseException(Service.Name, "tcp", endpoint.ToString(), key);
        }
        _socket = socket;
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    public void Start()
    {
        _accepting = new AcceptLoop(Service.Name, ServeAsync, shared.Time, shared.Log, stopping);
        _accepting.Start(_socket!);
    }

    /// <summary>Accepts nothing more and waits for the handlers.</summary>
    public async Task StopAsync()
    {
        if (_accepting is null) _socket?.Dispose();
        else await _accepting.StopAsync().ConfigureAwait(false);
    }

    private async Task ServeAsync(Socket accepted)
    {
        string remote = "?";
        try
        {
            using (accepted)
            {
                var endpoint = (IPEndPoint)accepted.RemoteEndPoint!;
                remote = endpoint.ToString();
                await ServeAsync(accepted, endpoint).ConfigureAwait(false);
            }
        }
        // Whatever one connection does wrong ends that connection; the sentence goes to the log, at debug since strangers can cause it.
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException or OperationCanceledException or ProtocolErrorException or RefusedException or ObjectDisposedException)
        {
            HostLog.TurnedAway(shared.Log, Service.Name, remote, e.Message);
        }
    }

    private async Task ServeAsync(Socket accepted, IPEndPoint remote)
    {
        if (!await shared.Gate.EnterAsync(remote.Address, stopping).ConfigureAwait(false))
        {
            shared.Limits.Handshakes.Add();
            Tally.Refused.Add();
            throw new ProtocolErrorException("too many connections that have not said who they are");
        }
        FrameChannel channel;
        Seat? seat;
        try
        {
            (channel, seat) = await AdmitAsync(accepted, remote).ConfigureAwait(false);
        }
        finally
        {
            shared.Gate.Leave(remote.Address);
        }
        await using (channel.ConfigureAwait(false)) await HandleAsync(channel, seat).ConfigureAwait(false);
    }

    private async Task<(FrameChannel Channel, Seat? Seat)> AdmitAsync(Socket accepted, IPEndPoint remote)
    {
        FrameChannel? channel = null;
        try
        {
            SocketTuning.Apply(accepted);
            channel = await SecureAsync(accepted, remote).ConfigureAwait(false);
            return (channel, await GreetAsync(channel).ConfigureAwait(false));
        }
        catch (Exception e)
        {
            // Who said a hello has got an answer; everything else is no client of ours, or a broken one.
            (e is RefusedException ? Tally.Refused : Tally.Failed).Add();
            if (channel is not null)
            {
                channel.Close(e.Message);
                await channel.DisposeAsync().ConfigureAwait(false);
            }
            throw;
        }
    }

    private async Task<FrameChannel> SecureAsync(Socket accepted, IPEndPoint remote)
    {
        var stream = new PromptStream(accepted, ReadyLoop.For(Service.Reading));
        if (!shared.Tls) return new FrameChannel(stream, remote, FrameLimits.Hello, atHub: true, shared.Time) { Tally = Tally };
        using var limit = new CancellationTokenSource(TlsTime, shared.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        Secured secured = await shared.Handshake.AcceptAsync(stream, either.Token).ConfigureAwait(false);
        return new FrameChannel(secured.Stream, remote, FrameLimits.Hello, atHub: true, shared.Time, secured.LongFrames) { Tally = Tally };
    }

    /// <summary>Reads the first frame. The answer to a wrong one is a sentence, then the end.</summary>
    private async Task<Seat?> GreetAsync(FrameChannel channel)
    {
        using var limit = new CancellationTokenSource(HelloTime, shared.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        Frame first = await channel.ReceiveAsync(either.Token).ConfigureAwait(false) ?? throw new ProtocolErrorException("closed before saying hello");
        Hello hello = HelloJson.ReadHello(first);
        Seat? seat = hello.Token is { } token ? shared.Desk.FindByToken(token) : null;
        (string Code, string Message)? refusal = Refusal(hello, seat);
        if (refusal is null && seat is not null && !seat.TryAttach(channel)) refusal = seat.IsFull ? TooMany : BadToken;
        // Before the answer: who has it may look at the count.
        if (refusal is null) Tally.Accepted.Add();
        channel.TryPost(HelloJson.Encode(new Welcome(Hello.CurrentVersion, refusal?.Code, refusal?.Message, refusal is null ? true : null)));
        if (refusal == TooMany) shared.Limits.Channels.Add();
        if (refusal is { } said) throw new RefusedException(said.Message);
        channel.Peer = Service.Anonymous ? null : seat!.Peer;
        channel.MaxPayload = Service.MaxFrame;
        return seat;
    }

    /// <summary>The first frame was understood and answered with a refusal.</summary>
    private sealed class RefusedException(string message) : Exception(message);

    private static readonly (string Code, string Message) BadToken = ("bad-token", "This session is not known here; join again.");

    private static readonly (string Code, string Message) TooMany =
        ("too-many-channels", $"You have {Seat.MaxChannels} connections to this server already; close some first.");

    private (string Code, string Message)? Refusal(Hello hello, Seat? seat) => hello switch
    {
        { Version: not Hello.CurrentVersion } => ("version", $"This server speaks protocol version {Hello.CurrentVersion}, the client {hello.Version}; install the same version on both."),
        _ when hello.Feature != Service.Name => ("wrong-service", $"This port serves {Service.Name}, not {hello.Feature}."),
        _ when !Service.Anonymous && seat is null => BadToken,
        _ => null,
    };

    private async Task HandleAsync(FrameChannel channel, Seat? seat)
    {
        string who = channel.Peer?.ToString() ?? "a stranger";
        HostLog.ChannelOpened(shared.Log, Service.Name, who, channel.Remote.ToString());
        using var either = CancellationTokenSource.CreateLinkedTokenSource(channel.Closed, stopping);
        Tally.Channels.Add();
        shared.Rate?.Add(channel);
        shared.Silence?.Add(channel);
        try
        {
            await mapping.Handler(channel, either.Token).ConfigureAwait(false);
            HostLog.ChannelClosed(shared.Log, Service.Name, who, channel.Reason ?? "the client closed it");
        }
        catch (ProtocolErrorException e)
        {
            shared.Limits.Frames.Add();
            HostLog.ProtocolBroken(shared.Log, Service.Name, who, e.Message);
            channel.Close(e.Message);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            HostLog.ChannelClosed(shared.Log, Service.Name, who, channel.Reason ?? e.Message);
        }
        // A fault of the plugin, with this channel: told by name, the service goes on.
        catch (Exception e)
        {
            HostLog.PluginFault(shared.Log, mapping.Plugin, $"a channel of {who}", e.Message, e);
            channel.Close("The server made a mistake; its log tells more.");
        }
        finally
        {
            seat?.Detach(channel);
            shared.Rate?.Remove(channel);
            shared.Silence?.Remove(channel);
            Tally.Channels.Add(-1);
        }
    }
}
