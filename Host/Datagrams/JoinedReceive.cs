using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LanCollab.Host.Datagrams;

/// <summary>
/// Takes datagrams of one sender that lie together in one system call: UDP's receive offload of Linux (udp(7), UDP_GRO), the counterpart of
/// <see cref="SegmentedSend"/>. The kernel then need not cut what was sent in one call, and a frame wakes the receiver up once. Linux, 64 bit.
/// </summary>
internal static unsafe partial class JoinedReceive
{
    /// <summary>Bytes that a call may give.</summary>
    public const int Longest = 65_536;

    private const int SolUdp = 17, UdpGro = 104, ControlBytes = 64;
    private const int ErrorInterrupted = 4, ErrorRefused = 111;

    /// <summary>Asks the kernel for it; false where it is not there, and there is nothing to call then.</summary>
    public static bool TryEnable(Socket socket)
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess) return false;
        try
        {
            socket.SetRawSocketOption(SolUdp, UdpGro, BitConverter.GetBytes(1));
            return true;
        }
        catch (SocketException)
        {
            return false; // older than Linux 5.0
        }
    }

    /// <summary>Waits for datagrams.</summary>
    /// <param name="socket">That <see cref="TryEnable"/> was called for; used synchronously only.</param>
    /// <param name="buffer"><see cref="Longest"/> bytes.</param>
    /// <param name="from">Filled with the sender.</param>
    /// <param name="each">Bytes of a datagram; the last one may be shorter.</param>
    /// <returns>Bytes of all of them, one after the other; 0 as well when the socket was disposed meanwhile.</returns>
    /// <exception cref="SocketException">As of <see cref="Socket.ReceiveFrom(Span{byte}, SocketFlags, SocketAddress)"/>.</exception>
    /// <exception cref="ObjectDisposedException">The socket was disposed before.</exception>
    public static int Receive(Socket socket, Span<byte> buffer, SocketAddress from, out int each)
    {
        SafeSocketHandle handle = socket.SafeHandle;
        bool held = false;
        try
        {
            handle.DangerousAddRef(ref held);
            fixed (byte* bytes = buffer, address = from.Buffer.Span)
            {
                var part = new SocketMessage.Part { Base = bytes, Length = (nuint)buffer.Length };
                byte* control = stackalloc byte[ControlBytes];
                var message = new SocketMessage { Name = address, NameLength = (uint)from.Buffer.Length, Parts = &part, PartCount = 1, Controls = (SocketMessage.Control*)control, ControlLength = ControlBytes };
                int size = Wait((int)handle.DangerousGetHandle(), ref message);
                from.Size = (int)message.NameLength;
                each = SizeOfEach(message) is > 0 and var told ? told : size;
                return size;
            }
        }
        finally
        {
            if (held) handle.DangerousRelease();
        }
    }

    private static int Wait(int socket, ref SocketMessage message)
    {
        while (true)
        {
            nint size = ReceiveMessage(socket, ref message, 0);
            if (size >= 0) return (int)size;
            int error = Marshal.GetLastPInvokeError();
            if (error == ErrorRefused) throw new SocketException((int)SocketError.ConnectionRefused);
            if (error != ErrorInterrupted) throw new SocketException((int)SocketError.SocketError, $"recvmsg: error {error} of the system.");
        }
    }

    // One that came alone has no such message.
    private static int SizeOfEach(in SocketMessage message)
    {
        SocketMessage.Control* control = message.Controls;
        return message.ControlLength >= (nuint)sizeof(SocketMessage.Control) && control->Level == SolUdp && control->Type == UdpGro ? control->Value : 0;
    }

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static partial nint ReceiveMessage(int socket, ref SocketMessage message, int flags);
}
