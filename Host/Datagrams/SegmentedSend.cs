using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LanCollab.Host.Datagrams;

/// <summary>
/// Sends many datagrams of one size to one address in one system call: UDP segmentation offload of Linux (udp(7), UDP_SEGMENT), asked for with each
/// call and not as an option of the socket, which other threads send through at the same time. Elsewhere, and where the kernel refuses, one by one.
/// </summary>
internal static unsafe partial class SegmentedSend
{
    /// <summary>Most datagrams of a call: together they must be shorter than the longest UDP datagram, 65,507 bytes.</summary>
    public const int MostSegments = 48;

    private const int SolUdp = 17, UdpSegment = 103, NoSignal = 0x4000;
    private const int ErrorIo = 5, ErrorInvalid = 22, ErrorNoOption = 92, ErrorNotSupported = 95, ErrorRefused = 111;

    private static volatile bool _refused;

    /// <summary>True while it is done in one call.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && Environment.Is64BitProcess && !_refused;

    /// <summary>Sends.</summary>
    /// <param name="socket">A UDP socket.</param>
    /// <param name="to">The address.</param>
    /// <param name="datagrams">One after the other, each <paramref name="size"/> bytes but the last, which may be shorter.</param>
    /// <param name="size">Of a datagram.</param>
    /// <returns>How many the system took.</returns>
    public static int Send(Socket socket, SocketAddress to, ReadOnlySpan<byte> datagrams, int size)
    {
        int count = (datagrams.Length + size - 1) / size;
        if (count == 1 || !IsSupported) return SendEach(socket, to, datagrams, size);
        int error = SendAtOnce(socket, to, datagrams, size);
        // What an earlier datagram met with (nobody listens there any more) is told to the next call, which then sends nothing.
        if (error == ErrorRefused) error = SendAtOnce(socket, to, datagrams, size);
        if (error == 0) return count;
        if (error is not (ErrorIo or ErrorInvalid or ErrorNoOption or ErrorNotSupported)) return 0;
        _refused = true;
        return SendEach(socket, to, datagrams, size);
    }

    /// <summary>The portable way.</summary>
    public static int SendEach(Socket socket, SocketAddress to, ReadOnlySpan<byte> datagrams, int size)
    {
        int taken = 0;
        for (; datagrams.Length > 0; datagrams = datagrams[Math.Min(size, datagrams.Length)..])
            if (TrySend(socket, to, datagrams[..Math.Min(size, datagrams.Length)])) taken++;
        return taken;
    }

    // A full buffer, no route, a port nobody listens on: a lost packet, as UDP has them.
    private static bool TrySend(Socket socket, SocketAddress to, ReadOnlySpan<byte> datagram)
    {
        try
        {
            return socket.SendTo(datagram, SocketFlags.None, to) == datagram.Length;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private static int SendAtOnce(Socket socket, SocketAddress to, ReadOnlySpan<byte> datagrams, int size)
    {
        SafeSocketHandle handle = socket.SafeHandle;
        bool held = false;
        try
        {
            handle.DangerousAddRef(ref held);
            fixed (byte* bytes = datagrams, address = to.Buffer.Span)
            {
                var part = new SocketMessage.Part { Base = bytes, Length = (nuint)datagrams.Length };
                var control = new SocketMessage.Control { Length = ControlLength, Level = SolUdp, Type = UdpSegment, Value = (ushort)size };
                var message = new SocketMessage { Name = address, NameLength = (uint)to.Size, Parts = &part, PartCount = 1, Controls = &control, ControlLength = (nuint)sizeof(SocketMessage.Control) };
                return SendMessage((int)handle.DangerousGetHandle(), &message, NoSignal) >= 0 ? 0 : Marshal.GetLastPInvokeError();
            }
        }
        catch (ObjectDisposedException)
        {
            return ErrorRefused;
        }
        finally
        {
            if (held) handle.DangerousRelease();
        }
    }

    // CMSG_LEN(sizeof(uint16_t)): the header and the value, without what is filled up behind it.
    private const int ControlLength = SocketMessage.Control.HeaderBytes + sizeof(ushort);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint SendMessage(int socket, SocketMessage* message, int flags);
}
