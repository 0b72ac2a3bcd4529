using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LanCollab.Host.Net;

/// <summary>
/// A socket's stream that hands what is short to the kernel at once, by a call that never waits. What the kernel does not take, and every error, goes the runtime's way. A line to a thousand
/// people is a thousand such writes, and the runtime's own way to the same call costs about 1 us each, mostly for what it looks up in memory that is no longer in the cache. 64-bit Linux;
/// elsewhere it is a stream as any other.
/// </summary>
/// <param name="socket">Owned. Used through this stream only, with one write at a time.</param>
internal sealed unsafe partial class PromptStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    /// <summary>What is longer waits for the other side in most cases, and goes the runtime's way at once.</summary>
    public const int Short = 128 * 1024;

    private const int DontWait = 0x40, NoSignal = 0x4000; // MSG_DONTWAIT, MSG_NOSIGNAL of Linux

    private static readonly bool IsAvailable = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2213", Justification = "It is the socket's, which closes it.")]
    private readonly SafeSocketHandle _handle = socket.SafeHandle;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!IsAvailable || buffer.Length is 0 or > Short || cancellationToken.IsCancellationRequested) return base.WriteAsync(buffer, cancellationToken);
        int sent = TrySend(buffer.Span);
        return sent == buffer.Length ? ValueTask.CompletedTask : base.WriteAsync(buffer[sent..], cancellationToken);
    }

    /// <summary>Hands to the kernel what it takes without waiting.</summary>
    /// <returns>How many bytes; 0 for errors, too: the next write meets them again.</returns>
    public int TrySend(ReadOnlySpan<byte> buffer)
    {
        if (!IsAvailable || buffer.IsEmpty) return 0;
        fixed (byte* bytes = buffer) return (int)Math.Max(Send(_handle, bytes, (nuint)buffer.Length, DontWait | NoSignal), 0);
    }

    // The handle is held during the call: a number that another thread closes meanwhile may be somebody else's connection.
    [LibraryImport("libc", EntryPoint = "send")]
    private static partial nint Send(SafeSocketHandle socket, byte* bytes, nuint count, int flags);
}
