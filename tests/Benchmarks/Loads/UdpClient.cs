using System.Net;
using System.Net.Sockets;
using LanCollab.Host.Datagrams;

namespace LanCollab.Benchmarks.Loads;

/// <summary>A person's real flow over a real socket, without the loops around it, so that each side's cost can be told apart.</summary>
internal sealed class UdpClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Socket _socket = UdpSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly byte[] _buffer = new byte[2048];
    private readonly DatagramFlow _flow;
    private readonly SocketAddress _hub;

    public UdpClient(Admission admission, string service, IPEndPoint hub)
    {
        _flow = new DatagramFlow(admission.Session, Convert.FromBase64String(admission.Secret), service, atServer: false, peer: null);
        _hub = hub.Serialize();
        _socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        // The hub's answer means: it knows this address now.
        _flow.TrySend(_socket, _hub, DatagramLayout.Ping, new byte[sizeof(long)]);
        _socket.Receive(_buffer);
    }

    public void Send(ReadOnlySpan<byte> payload)
    {
        if (!_flow.TrySend(_socket, _hub, DatagramLayout.Data, payload)) throw new IOException("a datagram could not be sent");
    }

    /// <summary>Takes what has arrived off the socket; gives how many datagrams.</summary>
    public int Drain()
    {
        int count = 0;
        for (; _socket.Available > 0; count++) _socket.Receive(_buffer);
        return count;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _flow.Dispose();
    }
}
