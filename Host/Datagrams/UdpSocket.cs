using System.Net;
using System.Net.Sockets;

namespace LanCollab.Host.Datagrams;

/// <summary>Sockets with room for a burst: a key frame is a hundred packets within a millisecond.</summary>
internal static class UdpSocket
{
    private const int BufferSize = 4 * 1024 * 1024;

    // Linux SO_RCVBUFFORCE: goes beyond net.core.rmem_max when allowed to (root); else the ordinary limit stays.
    private const int SolSocket = 1;
    private const int ReceiveBufferForce = 33;

    public static Socket Bind(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (endpoint.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.ReceiveBufferSize = BufferSize;
            socket.SendBufferSize = BufferSize;
            if (OperatingSystem.IsLinux()) TryForce(socket);
            socket.Bind(endpoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void TryForce(Socket socket)
    {
        try
        {
            socket.SetRawSocketOption(SolSocket, ReceiveBufferForce, BitConverter.GetBytes(BufferSize));
        }
        catch (SocketException)
        {
            // Not root: the ordinary limit stays.
        }
    }
}
