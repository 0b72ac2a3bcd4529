using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LanCollab.Benchmarks.Audio;

/// <summary>
/// Takes datagrams off a socket, many at a time, with the time at which the kernel put each there (SO_TIMESTAMPNS, recvmmsg(2)): what is measured is when the
/// sender sent, not when the load got round to look. Linux, 64 bit. The layouts are those of socket(7) and netinet/in.h.
/// </summary>
internal sealed unsafe partial class StampedReceiver : IDisposable
{
    private const int Batch = 64, Size = 2048, ControlSize = 64, AddressSize = 16;
    private const int SolSocket = 1, SoTimestampNs = 35, WaitForOne = 0x10000;
    private const int ControlHeader = 16;

    private readonly Socket _socket;
    private readonly byte* _memory;
    private readonly Message* _messages;

    [StructLayout(LayoutKind.Sequential)]
    private struct Vector { public void* Base; public nuint Length; }

    [StructLayout(LayoutKind.Sequential)]
    private struct Header { public void* Name; public uint NameLength; public Vector* Vectors; public nuint VectorCount; public void* Control; public nuint ControlLength; public int Flags; }

    [StructLayout(LayoutKind.Sequential)]
    private struct Message { public Header Header; public uint Length; }

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    private static partial int ReceiveMany(SafeSocketHandle socket, Message* messages, uint count, int flags, nint timeout);

    /// <summary>Takes a datagram: its bytes, the port it came from, and when, in ns of the wall clock.</summary>
    public delegate void Arrived(ReadOnlySpan<byte> datagram, ushort fromPort, long at);

    /// <param name="socket">An IPv4 socket that is used synchronously only.</param>
    public StampedReceiver(Socket socket)
    {
        _socket = socket;
        socket.SetRawSocketOption(SolSocket, SoTimestampNs, BitConverter.GetBytes(1));
        const int each = Size + ControlSize + AddressSize;
        _memory = (byte*)NativeMemory.AllocZeroed(Batch * (nuint)(each + sizeof(Vector) + sizeof(Message)));
        var vectors = (Vector*)(_memory + Batch * each);
        _messages = (Message*)(vectors + Batch);
        for (int i = 0; i < Batch; i++)
        {
            vectors[i] = new Vector { Base = _memory + i * each, Length = Size };
            _messages[i].Header = new Header { Vectors = vectors + i, VectorCount = 1, Control = _memory + i * each + Size, Name = _memory + i * each + Size + ControlSize };
        }
    }

    /// <summary>Waits for one and takes all that are there; none when the socket's time is over.</summary>
    public void Receive(Arrived arrived)
    {
        for (int i = 0; i < Batch; i++) (_messages[i].Header.NameLength, _messages[i].Header.ControlLength) = (AddressSize, ControlSize);
        int count = ReceiveMany(_socket.SafeHandle, _messages, Batch, WaitForOne, 0);
        for (int i = 0; i < count; i++)
        {
            ref Header header = ref _messages[i].Header;
            byte* port = (byte*)header.Name + sizeof(ushort);
            arrived(new ReadOnlySpan<byte>(header.Vectors->Base, (int)_messages[i].Length), (ushort)(port[0] << 8 | port[1]), StampOf(header));
        }
    }

    // One control message: length, level, type, then seconds and nanoseconds.
    private static long StampOf(in Header header) => header.ControlLength < ControlHeader + 2 * sizeof(long)
        ? throw new PlatformNotSupportedException("The kernel stamps no datagrams.")
        : ((long*)header.Control)[2] * 1_000_000_000 + ((long*)header.Control)[3];

    public void Dispose() => NativeMemory.Free(_memory);
}
