using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LanCollab.Host.Net;

/// <summary>
/// A socket's stream that hands what is short to the kernel at once, by a call that never waits. What the kernel does not take, and every error, goes the runtime's way. A line to a thousand
/// people is a thousand such writes, and the runtime's own way to the same call costs about 1 us each, mostly for what it looks up in memory that is no longer in the cache. 64-bit Linux;
/// elsewhere it is a stream as any other.
/// </summary>
/// <remarks>
/// With a <see cref="ReadyLoop"/> it reads by itself as well, and what awaits a read may go on where that loop was woken. The runtime's own epoll then knows the socket only if a write ever had to
/// wait, and is not woken beside the loop; some kinds of loop then leave it to the runtime (<see cref="ReadyKind.LeavesSenders"/>).
/// </remarks>
internal sealed partial class PromptStream : NetworkStream
{
    /// <summary>What is longer waits for the other side in most cases, and goes the runtime's way at once.</summary>
    public const int Short = 128 * 1024;

    private const int Peek = 2, DontWait = 0x40, NoSignal = 0x4000; // MSG_PEEK, MSG_DONTWAIT, MSG_NOSIGNAL of Linux
    private const int Interrupted = 4, Again = 11; // EINTR, EAGAIN of Linux

    private static readonly bool IsAvailable = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    [SuppressMessage("Usage", "CA2213", Justification = "It is the socket's, which closes it.")]
    private readonly SafeSocketHandle _handle;

    private readonly ReadyWait? _ready;

    // The writer tells the reader.
    private volatile bool _leaves;

    /// <param name="socket">Owned. Used through this stream only, with one write and one read at a time.</param>
    /// <param name="loop">Who waits for what comes; null: the runtime.</param>
    public PromptStream(Socket socket, ReadyLoop? loop = null) : base(socket, ownsSocket: true)
    {
        _handle = socket.SafeHandle;
        if (loop is not null) _ready = new ReadyWait(loop, _handle);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!IsAvailable || buffer.IsEmpty || cancellationToken.IsCancellationRequested) return base.WriteAsync(buffer, cancellationToken);
        int sent = buffer.Length > Short ? 0 : TrySend(buffer.Span);
        if (sent == buffer.Length) return ValueTask.CompletedTask;
        _leaves = _ready is { LeavesSenders: true };
        return base.WriteAsync(buffer[sent..], cancellationToken);
    }

    /// <summary>Hands to the kernel what it takes without waiting.</summary>
    /// <returns>How many bytes; 0 for errors, too: the next write meets them again.</returns>
    public unsafe int TrySend(ReadOnlySpan<byte> buffer)
    {
        if (!IsAvailable || buffer.IsEmpty) return 0;
        fixed (byte* bytes = buffer) return (int)Math.Max(Send(_handle, bytes, (nuint)buffer.Length, DontWait | NoSignal), 0);
    }

    /// <inheritdoc/>
    /// <remarks>With an empty buffer it waits until there is something to read, or seems to be.</remarks>
    /// <exception cref="IOException">The connection broke.</exception>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_ready is null || _leaves) return base.ReadAsync(buffer, cancellationToken);
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<int>(cancellationToken);
        return TryReceive(buffer.Span, out int read) ? new(read) : ReadLaterAsync(_ready, buffer, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadLaterAsync(ReadyWait ready, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int read = 0;
        do await ready.WaitAsync(cancellationToken).ConfigureAwait(false);
        while (!buffer.IsEmpty && !TryReceive(buffer.Span, out read));
        return read;
    }

    /// <summary>False: nothing has come.</summary>
    private unsafe bool TryReceive(Span<byte> buffer, out int read)
    {
        byte probe = 0;
        nint result;
        do
        {
            fixed (byte* bytes = buffer) result = buffer.IsEmpty ? Receive(_handle, &probe, 1, DontWait | Peek) : Receive(_handle, bytes, (nuint)buffer.Length, DontWait);
        }
        while (result < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        read = buffer.IsEmpty ? 0 : (int)Math.Max(result, 0);
        if (result >= 0) return true;
        int error = Marshal.GetLastPInvokeError();
        return error == Again ? false : throw new IOException($"The connection broke: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _ready?.Dispose();
        base.Dispose(disposing);
    }

    // The handle is held during the calls: a number that another thread closes meanwhile may be somebody else's connection.
    [LibraryImport("libc", EntryPoint = "send")]
    private static unsafe partial nint Send(SafeSocketHandle socket, byte* bytes, nuint count, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static unsafe partial nint Receive(SafeSocketHandle socket, byte* bytes, nuint count, int flags);
}
