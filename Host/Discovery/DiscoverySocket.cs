using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace LanCollab.Host.Discovery;

/// <summary>A real UDP socket for discovery.</summary>
internal sealed class DiscoverySocket : IDiscoverySocket
{
    // Linux <netinet/in.h>, ip(7): unicast and directed broadcasts leave by this interface whatever the routes say, without binding the socket to it.
    private const int IpProtocol = 0, IpUnicastInterface = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly IPEndPoint _any;

    private DiscoverySocket(AddressFamily family)
    {
        _socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp) { SendTimeout = (int)Patience.TotalMilliseconds };
        _any = new IPEndPoint(family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
    }

    private bool IsIPv6 => _socket.AddressFamily == AddressFamily.InterNetworkV6;

    private SocketOptionLevel Level => IsIPv6 ? SocketOptionLevel.IPv6 : SocketOptionLevel.IP;

    public static DiscoverySocket Listen(AddressFamily family, int port) => Made(family, socket =>
    {
        if (socket.IsIPv6) socket._socket.DualMode = false;
        // .NET sets SO_REUSEADDR and SO_REUSEPORT with it: a server and several clients on one machine all hear what goes to a group.
        socket._socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket._socket.Bind(new IPEndPoint(socket._any.Address, port));
    });

    public static DiscoverySocket Open(NetworkLink link, LinkAddress address) => Made(address.Address.AddressFamily, socket =>
    {
        socket._socket.Bind(new IPEndPoint(address.Address, 0));
        socket._socket.SetSocketOption(socket.Level, SocketOptionName.MulticastInterface, socket.IsIPv6 ? link.Index : BinaryPrimitives.ReverseEndianness(link.Index));
        // One hop: nothing of this ever leaves the subnet. Looped back, for programs on the same machine.
        socket._socket.SetSocketOption(socket.Level, SocketOptionName.MulticastTimeToLive, 1);
        socket._socket.SetSocketOption(socket.Level, SocketOptionName.MulticastLoopback, true);
        if (socket.IsIPv6) return;
        socket._socket.EnableBroadcast = true;
        if (OperatingSystem.IsLinux()) socket.TryLeaveBy(link.Index);
    });

    public void Join(IPAddress group, int link)
    {
        if (IsIPv6) _socket.SetSocketOption(Level, SocketOptionName.AddMembership, new IPv6MulticastOption(group, link));
        else _socket.SetSocketOption(Level, SocketOptionName.AddMembership, new MulticastOption(group, link));
    }

    public void Leave(IPAddress group, int link)
    {
        try
        {
            if (IsIPv6) _socket.SetSocketOption(Level, SocketOptionName.DropMembership, new IPv6MulticastOption(group, link));
            else _socket.SetSocketOption(Level, SocketOptionName.DropMembership, new MulticastOption(group, link));
        }
        catch (SocketException)
        {
            // The interface went, and its memberships with it.
        }
    }

    public void Send(ReadOnlySpan<byte> datagram, IPEndPoint to) => _socket.SendTo(datagram, SocketFlags.None, to);

    public async ValueTask<HeardDatagram> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        SocketReceiveMessageFromResult heard = await _socket.ReceiveMessageFromAsync(buffer, SocketFlags.None, _any, cancellationToken).ConfigureAwait(false);
        return new HeardDatagram(heard.ReceivedBytes, (IPEndPoint)heard.RemoteEndPoint, heard.PacketInformation.Interface);
    }

    public void Dispose() => _socket.Dispose();

    private static DiscoverySocket Made(AddressFamily family, Action<DiscoverySocket> prepare)
    {
        var made = new DiscoverySocket(family);
        try
        {
            made._socket.SetSocketOption(made.Level, SocketOptionName.PacketInformation, true);
            prepare(made);
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    private void TryLeaveBy(int link)
    {
        try
        {
            _socket.SetRawSocketOption(IpProtocol, IpUnicastInterface, BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(link)));
        }
        catch (SocketException)
        {
            // Two interfaces in one subnet share a route then; multicast still leaves by each.
        }
    }
}
