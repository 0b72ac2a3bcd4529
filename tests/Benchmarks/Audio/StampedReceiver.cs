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
    private const int WaitForOne = 0x10000;

    private readonly Socket _socket;
    private readonly byte* _memory;
    private readonly Stamped.Message* _messages;

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    private static partial int ReceiveMany(SafeSocketHandle socket, Stamped.Message* messages, uint count, int flags, nint timeout);

    /// <summary>Takes a datagram: its bytes, the port it came from, and when, in ns of the wall clock.</summary>
    public delegate void Arrived(ReadOnlySpan<byte> datagram, ushort fromPort, long at);

    /// <param name="socket">An IPv4 socket that is used synchronously only.</param>
    public StampedReceiver(Socket socket)
    {
        _socket = socket;
        Stamped.Enable(socket);
        const int each = Size + ControlSize + AddressSize;
        _memory = (byte*)NativeMemory.AllocZeroed(Batch * (nuint)(each + sizeof(Stamped.Vector) + sizeof(Stamped.Message)));
        var vectors = (Stamped.Vector*)(_memory + Batch * each);
        _messages = (Stamped.Message*)(vectors + Batch);
        for (int i = 0; i < Batch; i++)
        {
            vectors[i] = new Stamped.Vector { Base = _memory + i * each, Length = Size };
            _messages[i].Header = new Stamped.Header { Vectors = vectors + i, VectorCount = 1, Control = _memory + i * each + Size, Name = _memory + i * each + Size + ControlSize };
        }
    }

    /// <summary>Waits for one and takes all that are there; none when the socket's time is over.</summary>
    public void Receive(Arrived arrived)
    {
        for (int i = 0; i < Batch; i++) (_messages[i].Header.NameLength, _messages[i].Header.ControlLength) = (AddressSize, ControlSize);
        int count = ReceiveMany(_socket.SafeHandle, _messages, Batch, WaitForOne, 0);
        for (int i = 0; i < count; i++)
        {
            ref Stamped.Header header = ref _messages[i].Header;
            byte* port = (byte*)header.Name + sizeof(ushort);
            arrived(new ReadOnlySpan<byte>(header.Vectors->Base, (int)_messages[i].Length), (ushort)(port[0] << 8 | port[1]), Stamped.StampOf(header));
        }
    }

    public void Dispose() => NativeMemory.Free(_memory);
}
