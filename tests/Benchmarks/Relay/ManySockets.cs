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
    private const int SolUdp = 17, UdpGro = 104;
    private const int DoNotWait = 0x40, Truncate = 0x20;

    private readonly byte* _memory;
    private readonly Stamped.Message* _messages;

    /// <summary>Takes a batch: the first datagram, when it came in ns of the wall clock, and how many bytes each has.</summary>
    public delegate void Arrived(int socket, ReadOnlySpan<byte> first, long at, ReadOnlySpan<int> lengths);

    public ManySockets()
    {
        _memory = (byte*)NativeMemory.AllocZeroed(Whole + Batch * (nuint)(Start + sizeof(Stamped.Vector) + sizeof(Stamped.Message)) + ControlSize);
        byte* starts = _memory + Whole, control = starts + Batch * Start;
        var vectors = (Stamped.Vector*)(control + ControlSize);
        _messages = (Stamped.Message*)(vectors + Batch);
        for (int i = 0; i < Batch; i++)
        {
            vectors[i] = i == 0 ? new Stamped.Vector { Base = _memory, Length = Whole } : new Stamped.Vector { Base = starts + i * Start, Length = Start };
            _messages[i].Header = new Stamped.Header { Vectors = vectors + i, VectorCount = 1, Control = i == 0 ? control : null };
        }
    }

    /// <summary>Prepares a socket.</summary>
    /// <param name="socket">Of UDP.</param>
    /// <param name="together">Takes what was sent in one call as one piece where the kernel can (UDP_GRO).</param>
    public static void Prepare(Socket socket, bool together)
    {
        Stamped.Enable(socket);
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
            if (count > 0) arrived(number, new ReadOnlySpan<byte>(_memory, Math.Min(lengths[0], Whole)), Stamped.StampOf(_messages[0].Header), lengths[..count]);
        }
        while (count == Batch);
    }

    public void Dispose() => NativeMemory.Free(_memory);

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    private static partial int ReceiveMany(int socket, Stamped.Message* messages, uint count, int flags, nint timeout);
}
