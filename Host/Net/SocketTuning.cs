using System.Net.Sockets;

namespace LanCollab.Host.Net;

/// <summary>Settings of every TCP socket.</summary>
internal static class SocketTuning
{
    private const int TcpUserTimeout = 18; // Linux TCP_USER_TIMEOUT, milliseconds
    private const int UserTimeoutMs = 15_000;

    /// <summary>No delay for small messages; a peer that has vanished is noticed within 15 s even while data is in flight.</summary>
    public static void Apply(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 2);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        if (OperatingSystem.IsLinux()) socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, TcpUserTimeout, BitConverter.GetBytes(UserTimeoutMs));
    }
}
