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
/// <param name="bulk">What lies below TLS, to be told of long frames.</param>
internal sealed class FrameWriter(Stream stream, SendQueue queue, Action<int> written, BulkStream? bulk = null)
{
    /// <summary>What one write gathers: four TLS records, and about what a loopback or LAN socket takes at once.</summary>
    private const int GatherSize = 64 * 1024;

    private Frame[] _frames = [];

    /// <summary>Writes until the queue is complete and empty.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await queue.WaitAsync().ConfigureAwait(false))
        {
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

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask DrainAsync(byte[] gather, CancellationToken cancellationToken)
    {
        int count;
        while ((count = queue.Take(ref _frames)) > 0)
        {
            int next = 0;
            while (next < count)
            {
                int used = Gather(_frames, ref next, count, gather, out ReadOnlyMemory<byte> rest);
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
            piece = rest[..Math.Min(rest.Length, GatherSize)];
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

    /// <summary>Copies as many whole frames as there is room for; one that is longer than all of it comes alone, and what does not fit of it is <paramref name="rest"/>.</summary>
    private static int Gather(Frame[] frames, ref int next, int count, byte[] gather, out ReadOnlyMemory<byte> rest)
    {
        int used = 0;
        rest = default;
        while (next < count && (used == 0 || used + FrameLayout.HeaderSize + frames[next].Payload.Length <= gather.Length))
        {
            Frame frame = frames[next++];
            FrameLayout.WriteHeader(gather.AsSpan(used), (byte)frame.Kind, frame.Payload.Length);
            used += FrameLayout.HeaderSize;
            int fits = Math.Min(frame.Payload.Length, gather.Length - used);
            frame.Payload.Span[..fits].CopyTo(gather.AsSpan(used));
            used += fits;
            rest = frame.Payload[fits..];
        }
        return used;
    }
}
