using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>
/// Blocks that a channel has been given and has not written yet. Their memory is free when it has, which is before the other end says that it has them: so less of it is in use.
/// </summary>
/// <remarks>One sender. What others send over the same channel only makes a block count as unwritten for longer.</remarks>
/// <typeparam name="T">What is known of a block.</typeparam>
/// <param name="channel">The channel.</param>
/// <param name="written">Called once for each block, in their order; on the sender's thread, or that of <see cref="Release"/>.</param>
internal sealed class UnwrittenBlocks<T>(IChannel channel, Action<T> written)
{
    private readonly Queue<(T Block, long End)> _blocks = new();
    private readonly Lock _lock = new();
    private long _given;

    /// <summary>Gives a block to the channel; waits while its queue is full.</summary>
    /// <exception cref="IOException">The channel has closed. The block is never said to be written: the channel may still be at work in it.</exception>
    public async ValueTask SendAsync(T block, ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        await channel.SendAsync(new Frame(FrameKind.Binary, frame), cancellationToken).ConfigureAwait(false);
        // Not before: what is not in the queue yet is not missing there when it has gone.
        lock (_lock) _blocks.Enqueue((block, _given += frame.Length));
        Release();
    }

    /// <summary>Looks for what has been written since; may be called by anybody.</summary>
    public void Release()
    {
        while (TryTake(out T block)) written(block);
    }

    private bool TryTake(out T block)
    {
        lock (_lock)
        {
            bool isWritten = _blocks.TryPeek(out var oldest) && oldest.End <= _given - channel.Queued;
            block = isWritten ? _blocks.Dequeue().Block : default!;
            return isWritten;
        }
    }
}
