using System.Buffers;
using System.Runtime.CompilerServices;
using LanCollab.Contracts;

namespace LanCollab.Host.Net;

/// <summary>
/// Writes what waits in a <see cref="SendQueue"/>: as many frames as fit share a write, and with it a system call and TLS records of full length. A
/// channel that is silent holds no buffer.
/// </summary>
/// <param name="stream">The other side.</param>
/// <param name="queue">What to write.</param>
/// <param name="written">Called with the size of each write.</param>
/// <param name="bulk">Who is to be told of long frames.</param>
internal sealed class FrameWriter(Stream stream, SendQueue queue, Action<int> written, ILongFrames? bulk = null)
{
    /// <summary>What one write gathers: eight TLS records. Each write costs a system call and often wakes the receiver, so that less would cost a hub at full rate more.</summary>
    private const int GatherSize = 128 * 1024;

    /// <summary>What a frame that is longer than <see cref="GatherSize"/> goes in.</summary>
    private const int PieceSize = 64 * 1024;

    /// <summary>What <see cref="TryWrite"/> takes at most, in bytes with headers.</summary>
    public const int Short = 4096;

    /// <summary>For one write at a time of each thread; a write that does not end within the call keeps it.</summary>
    [ThreadStatic]
    private static byte[]? _shortBuffer;

    private Frame[] _frames = [];
    private CancellationToken _stopping;
    private (Task Writing, int Bytes)? _begun;

    /// <summary>Writes until the queue is complete and empty.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _stopping = cancellationToken;
        queue.ReadBy(this);
        while (await queue.WaitAsync().ConfigureAwait(false))
        {
            await FinishBegunAsync().ConfigureAwait(false);
            byte[] gather = ArrayPool<byte>.Shared.Rent(GatherSize);
            try
            {
                await DrainAsync(gather, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(gather);
            }
        }
    }

    /// <summary>
    /// Called by the queue in place of the sleeping loop: writes a few short frames on the caller's thread. It goes without the loop and its buffer: less than half the memory is touched for a
    /// receiver, and for a thousand receivers that is what it costs.
    /// </summary>
    /// <returns>False: it is not done yet, or has failed; the loop, once woken, goes on from there.</returns>
    public bool TryWrite(ReadOnlySpan<Frame> frames)
    {
        byte[] buffer = _shortBuffer ??= new byte[Short];
        int next = 0, used = Gather(frames, ref next, buffer, out _);
        ValueTask writing;
        try
        {
            writing = stream.WriteAsync(buffer.AsMemory(0, used), _stopping);
        }
        // Whatever it is, it ends the loop and not the one who tells.
        catch (Exception e)
        {
            writing = ValueTask.FromException(e);
        }
        if (writing.IsCompletedSuccessfully)
        {
            writing.GetAwaiter().GetResult();
            written(used);
            return true;
        }
        (_shortBuffer, _begun) = (null, (writing.AsTask(), used));
        return false;
    }

    private async ValueTask FinishBegunAsync()
    {
        if (_begun is not { } begun) return;
        _begun = null;
        await begun.Writing.ConfigureAwait(false);
        Done(begun.Bytes);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask DrainAsync(byte[] gather, CancellationToken cancellationToken)
    {
        int count;
        while ((count = queue.Take(ref _frames)) > 0)
        {
            int next = 0;
            while (next < count)
            {
                int used = Gather(_frames.AsSpan(0, count), ref next, gather, out ReadOnlyMemory<byte> rest);
                await WriteAsync(gather.AsMemory(0, used), rest, cancellationToken).ConfigureAwait(false);
            }
            // Payloads that were written shall not be kept alive by a channel that falls silent.
            Array.Clear(_frames, 0, count);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WriteAsync(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> rest, CancellationToken cancellationToken)
    {
        if (!rest.IsEmpty) bulk?.Gather();
        await stream.WriteAsync(first, cancellationToken).ConfigureAwait(false);
        Done(first.Length);
        if (rest.IsEmpty) return;
        // In pieces, so that a watch sees a long payload move on a slow link.
        for (ReadOnlyMemory<byte> piece; !rest.IsEmpty; rest = rest[piece.Length..])
        {
            piece = rest[..Math.Min(rest.Length, PieceSize)];
            await stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
            Done(piece.Length);
        }
        if (bulk is not null) await bulk.ReleaseAsync(cancellationToken).ConfigureAwait(false);
    }

    private void Done(int bytes)
    {
        queue.Written(bytes);
        written(bytes);
    }

    /// <summary>Copies as many whole frames as there is room for; one that is longer than all of it comes alone, nothing behind it, and what does not fit of it is <paramref name="rest"/>.</summary>
    private static int Gather(ReadOnlySpan<Frame> frames, ref int next, byte[] gather, out ReadOnlyMemory<byte> rest)
    {
        int used = 0;
        rest = default;
        while (next < frames.Length && rest.IsEmpty && (used == 0 || used + FrameLayout.HeaderSize + frames[next].Payload.Length <= gather.Length))
        {
            Frame frame = frames[next++];
            FrameLayout.WriteHeader(gather.AsSpan(used), (byte)frame.Kind, frame.Payload.Length);
            used += FrameLayout.HeaderSize;
            int fits = frame.Payload.Length <= gather.Length - used ? frame.Payload.Length : PieceSize - used;
            frame.Payload.Span[..fits].CopyTo(gather.AsSpan(used));
            used += fits;
            rest = frame.Payload[fits..];
        }
        return used;
    }
}
