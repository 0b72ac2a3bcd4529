using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LanCollab.Benchmarks.Relay;

/// <summary>
/// Empties many UDP sockets at little cost, without waiting: recvmmsg(2) takes up to 64 datagrams a call, of which the first is copied whole and of the others
/// the first bytes only, with their lengths. The kernel's stamp tells when the first came (SO_TIMESTAMPNS). Linux, 64 bit.
/// </summary>
internal sealed unsafe partial class ManySockets : IDisposable
{
    private const int Batch = 64, Whole = 65536, Start = 16, ControlSize = 128;
    private const int SolSocket = 1, SoTimestampNs = 35, SolUdp = 17, UdpGro = 104;
    private const int DoNotWait = 0x40, Truncate = 0x20;
    private const int ControlHeader = 16;

    private readonly byte* _memory;
    private readonly Message* _messages;

    /// <summary>Takes a batch: the first datagram, when it came in ns of the wall clock, and how many bytes each has.</summary>
    public delegate void Arrived(int socket, ReadOnlySpan<byte> first, long at, ReadOnlySpan<int> lengths);

    public ManySockets()
    {
        _memory = (byte*)NativeMemory.AllocZeroed(Whole + Batch * (nuint)(Start + sizeof(Vector) + sizeof(Message)) + ControlSize);
        byte* starts = _memory + Whole, control = starts + Batch * Start;
        var vectors = (Vector*)(control + ControlSize);
        _messages = (Message*)(vectors + Batch);
        for (int i = 0; i < Batch; i++)
        {
            vectors[i] = i == 0 ? new Vector { Base = _memory, Length = Whole } : new Vector { Base = starts + i * Start, Length = Start };
            _messages[i].Header = new Header { Vectors = vectors + i, VectorCount = 1, Control = i == 0 ? control : null };
        }
    }

    /// <summary>Prepares a socket.</summary>
    /// <param name="socket">Of UDP.</param>
    /// <param name="together">Takes what was sent in one call as one piece where the kernel can (UDP_GRO).</param>
    public static void Prepare(Socket socket, bool together)
    {
        socket.SetRawSocketOption(SolSocket, SoTimestampNs, BitConverter.GetBytes(1));
        if (together) socket.SetRawSocketOption(SolUdp, UdpGro, BitConverter.GetBytes(1));
    }

    /// <summary>Takes all that has come to a socket.</summary>
    public void Drain(int number, Socket socket, Arrived arrived)
    {
        Span<int> lengths = stackalloc int[Batch];
        int handle = (int)socket.SafeHandle.DangerousGetHandle(), count;
        do
        {
            for (int i = 0; i < Batch; i++) _messages[i].Header.ControlLength = i == 0 ? ControlSize : 0u;
            count = ReceiveMany(handle, _messages, Batch, DoNotWait | Truncate, 0);
            for (int i = 0; i < count; i++) lengths[i] = (int)_messages[i].Length;
            if (count > 0) arrived(number, new ReadOnlySpan<byte>(_memory, Math.Min(lengths[0], Whole)), StampOf(_messages[0].Header), lengths[..count]);
        }
        while (count == Batch);
    }

    // The stamp is the first control message: length, level, type, then seconds and nanoseconds.
    private static long StampOf(in Header header) => header.ControlLength < ControlHeader + 2 * sizeof(long)
        ? throw new PlatformNotSupportedException("The kernel stamps no datagrams.")
        : ((long*)header.Control)[2] * 1_000_000_000 + ((long*)header.Control)[3];

    public void Dispose() => NativeMemory.Free(_memory);

    [StructLayout(LayoutKind.Sequential)]
    private struct Vector { public void* Base; public nuint Length; }

    [StructLayout(LayoutKind.Sequential)]
    private struct Header { public void* Name; public uint NameLength; public Vector* Vectors; public nuint VectorCount; public void* Control; public nuint ControlLength; public int Flags; }

    [StructLayout(LayoutKind.Sequential)]
    private struct Message { public Header Header; public uint Length; }

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    private static partial int ReceiveMany(int socket, Message* messages, uint count, int flags, nint timeout);
}
