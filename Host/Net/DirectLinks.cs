using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using LanCollab.Contracts;
using LanCollab.Host.Net.Tls;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Net;

/// <summary>See <see cref="IDirectLinks"/>.</summary>
internal sealed class DirectLinks : IDirectLinks, IAsyncDisposable
{
    private readonly X509Certificate2? _certificate;
    private readonly ITlsServer? _handshake;
    private readonly Dialer _dialer;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly List<DirectListener> _listeners = [];

    /// <param name="tls">Who does TLS; null where the client speaks without it: then nobody is known by a certificate.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    public DirectLinks(ITls? tls, TimeProvider time, ILogger log)
    {
        (_time, _log) = (time, log);
        if (tls is not null)
        {
            _certificate = ServerIdentity.CreateForThisRun(time);
            // Callers are known by what they show, and whether one may come in is asked then.
            _handshake = tls.Serve(_certificate, asksCallers: true);
            Fingerprint = ServerIdentity.Fingerprint(_certificate);
        }
        _dialer = new Dialer(time) { Handshake = tls?.Call(_certificate) };
    }

    public string? Fingerprint { get; }

    public int Listen(StreamService service, Func<DirectCaller, bool> admit, Func<DirectCaller, IChannel, CancellationToken, Task> handler)
    {
        if (_handshake is null) throw new InvalidOperationException("Without TLS there are no direct channels.");
        var listener = new DirectListener(service, Bind(service.DefaultPort), _handshake, admit, handler, _time, _log);
        lock (_listeners) _listeners.Add(listener);
        HostLog.DirectListening(_log, service.Name, listener.Port);
        return listener.Port;
    }

    public async Task<IChannel> DialAsync(IPEndPoint address, string fingerprint, StreamService service, string token, CancellationToken cancellationToken)
    {
        if (_handshake is null) throw new UserErrorException("unreachable", "Without TLS there are no direct channels.");
        (FrameChannel channel, _) = await _dialer.DialAsync(
            new ServerAddress(address.Address.ToString(), address.Port), fingerprint, new Hello(Hello.CurrentVersion, service.Name, token), service.MaxFrame, cancellationToken).ConfigureAwait(false);
        return channel;
    }

    /// <summary>Takes nobody in any more, and waits for the handlers.</summary>
    public Task StopAsync()
    {
        lock (_listeners) return Task.WhenAll(_listeners.Select(listener => listener.StopAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _certificate?.Dispose();
    }

    /// <summary>On every address of the machine; where there is no IPv6, on those of IPv4.</summary>
    private static Socket Bind(int port)
    {
        bool six = Socket.OSSupportsIPv6;
        var socket = new Socket(six ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (six) socket.DualMode = true;
            socket.Bind(new IPEndPoint(six ? IPAddress.IPv6Any : IPAddress.Any, port));
            socket.Listen();
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException($"Port {port} cannot be listened on: {e.Message}", e);
        }
    }
}
