using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LanCollab.Benchmarks;

/// <summary>What recvmmsg(2) with the kernel's stamps (SO_TIMESTAMPNS) needs: the layouts of socket(7) and recvmmsg(2). Linux, 64 bit.</summary>
internal static unsafe class Stamped
{
    private const int SolSocket = 1, SoTimestampNs = 35, ControlHeader = 16;

    /// <summary>From now on the kernel says when each datagram came.</summary>
    public static void Enable(Socket socket) => socket.SetRawSocketOption(SolSocket, SoTimestampNs, BitConverter.GetBytes(1));

    /// <summary>When a message came, in ns of the wall clock; the stamp is the first control message: length, level, type, then seconds and nanoseconds.</summary>
    /// <exception cref="PlatformNotSupportedException">There is none.</exception>
    public static long StampOf(in Header header) => header.ControlLength < ControlHeader + 2 * sizeof(long)
        ? throw new PlatformNotSupportedException("The kernel stamps no datagrams.")
        : ((long*)header.Control)[2] * 1_000_000_000 + ((long*)header.Control)[3];

    [StructLayout(LayoutKind.Sequential)]
    public struct Vector { public void* Base; public nuint Length; }

    [StructLayout(LayoutKind.Sequential)]
    public struct Header { public void* Name; public uint NameLength; public Vector* Vectors; public nuint VectorCount; public void* Control; public nuint ControlLength; public int Flags; }

    [StructLayout(LayoutKind.Sequential)]
    public struct Message { public Header Header; public uint Length; }
}
