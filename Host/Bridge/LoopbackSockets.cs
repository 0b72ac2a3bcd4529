using System.Net;
using System.Net.Sockets;

namespace LanCollab.Host.Bridge;

/// <summary>
/// Listening sockets on one port of 127.0.0.1 and, where there is IPv6, of ::1. Claimed here and handed to Kestrel open, so that nobody can take
/// the port in between and both families have the same number.
/// </summary>
internal sealed class LoopbackSockets : IDisposable
{
    private const int Attempts = 100;
    private const int Backlog = 128;
    private readonly Dictionary<IPAddress, Socket> _sockets = [];

    private LoopbackSockets(int port) => Port = port;

    /// <summary>The port.</summary>
    public int Port { get; private set; }

    /// <summary>The addresses that listen.</summary>
    public IEnumerable<IPAddress> Addresses => _sockets.Keys;

    /// <summary>The listening socket of an address.</summary>
    public Socket this[IPAddress address] => _sockets[address];

    /// <summary>Claims a port, or the next free one after it; 0 = any.</summary>
    /// <exception cref="IOException">A hundred ports in a row are in use.</exception>
    public static LoopbackSockets Claim(int port)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            int candidate = port == 0 || port + attempt > IPEndPoint.MaxPort ? 0 : port + attempt;
            if (TryClaim(candidate) is { } claimed) return claimed;
        }
        throw new IOException($"No free port for the page: {port} and the {Attempts - 1} after it are in use.");
    }

    /// <summary>Claims just this port (0 = any); null when it is in use.</summary>
    public static LoopbackSockets? TryClaim(int port)
    {
        var claim = new LoopbackSockets(port);
        try
        {
            claim.Listen(IPAddress.Loopback);
            if (Socket.OSSupportsIPv6) claim.Listen(IPAddress.IPv6Loopback);
            return claim;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable && claim._sockets.Count == 1)
        {
            return claim; // The machine has IPv6 switched off on its loopback.
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            claim.Dispose();
            return null;
        }
    }

    private void Listen(IPAddress address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = false;
            socket.Bind(new IPEndPoint(address, Port));
            // Only listening makes the claim: with the address reuse that .NET sets, a second bind alone would succeed.
            socket.Listen(Backlog);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        Port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        _sockets[address] = socket;
    }

    /// <summary>Gives the port back.</summary>
    public void Dispose()
    {
        foreach (Socket socket in _sockets.Values) socket.Dispose();
    }
}
