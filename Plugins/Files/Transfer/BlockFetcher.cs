using System.Threading.Channels;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>Takes a verified block; the memory is valid until the task ends. Several at a time, in any order.</summary>
internal delegate ValueTask TakeBlock(int block, ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

/// <summary>
/// The receiving end of a download: asks for blocks, checks each against its hash beside the receive loop, and asks again for one that is
/// wrong. Memory is bounded by the window.
/// </summary>
/// <param name="size">Bytes of the content.</param>
/// <param name="hashes">Of its blocks.</param>
/// <param name="take">Where blocks go.</param>
/// <param name="got">How many blocks have come over this channel before.</param>
internal sealed class BlockFetcher(long size, BlockHash[] hashes, TakeBlock take, int got = 0) : IDisposable
{
    private const int MostWrong = 3;
    private const int MostAsked = 4;

    /// <summary>Threads that check blocks at a time. One that is busy lets blocks gather, and two are hashed in little more time than one.</summary>
    private static readonly int MostCheckers = Math.Max(1, Environment.ProcessorCount / 2);

    private readonly Channel<int> _wanted = Channel.CreateUnbounded<int>();
    private readonly Dictionary<int, int> _wrong = [];
    private readonly Queue<(int Block, ReceivedBlock Received)> _come = new();
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    // Never disposed: tasks still release it after the end, and without a wait handle there is nothing to free.
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2213", Justification = "See the comment.")]
    private SemaphoreSlim? _slots;
    private int _left, _checkers;
    private int _got = got;

    /// <summary>How many blocks have come over this channel.</summary>
    public int Got => Volatile.Read(ref _got);

    /// <summary>The hub's list of hashes, checked.</summary>
    /// <param name="messages">The transfer's channel, after <c>fetch</c>.</param>
    /// <param name="count">Of blocks.</param>
    /// <param name="root">What the list must give.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ProtocolErrorException">It is another list.</exception>
    public static async Task<BlockHash[]> ManifestAsync(MessageChannel messages, int count, string root, CancellationToken cancellationToken)
    {
        const int most = 16384;
        var hashes = new BlockHash[count];
        for (int first = 0; first < count; first += most)
        {
            int asked = Math.Min(most, count - first);
            BlockHashes part = await messages.RequestAsync<BlockHashes>(new AskHashes(first, asked), cancellationToken).ConfigureAwait(false);
            BlockHash[] got = BlockHash.Unpack(part.Sha256);
            if (part.First != first || got.Length != asked) throw new ProtocolErrorException($"{got.Length} hashes came from block {part.First} on; {asked} from {first} on were asked for.");
            got.CopyTo(hashes, first);
        }
        return BlockHash.Root(hashes) == root ? hashes : throw new ProtocolErrorException("The list of hashes is not that of the file.");
    }

    /// <summary>Returns when all of these blocks have been taken.</summary>
    /// <param name="messages">The channel.</param>
    /// <param name="blocks">Which.</param>
    /// <param name="window">How many at a time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="UserErrorException"><c>hash-mismatch</c>: a block came wrong again and again.</exception>
    public async Task RunAsync(MessageChannel messages, IReadOnlyCollection<int> blocks, int window, CancellationToken cancellationToken)
    {
        if (blocks.Count == 0) return;
        _left = blocks.Count;
        _slots = new SemaphoreSlim(Math.Max(window, 1));
        foreach (int block in blocks) _wanted.Writer.TryWrite(block);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task asking = AskAsync(messages, stop.Token);
        try
        {
            Task ended = await Task.WhenAny(asking, _done.Task.WaitAsync(stop.Token)).ConfigureAwait(false);
            await ended.ConfigureAwait(false);
            await _done.Task.WaitAsync(stop.Token).ConfigureAwait(false);
            // The sender's memory for the last ones is free at once.
            messages.TryPost(new GetBlocks([], Got));
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A block has come; it is kept until it has been taken.</summary>
    /// <exception cref="ProtocolErrorException">It is none of this content.</exception>
    public void Receive(IChannel channel, ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        (int block, _) = BlockLayout.Read(frame, size);
        Interlocked.Increment(ref _got);
        ReceivedBlock received = ReceivedBlock.Keep(channel, frame);
        lock (_lock)
        {
            _come.Enqueue((block, received));
            if (_checkers == MostCheckers) return;
            _checkers++;
        }
        _ = BlockWork.Run(() => Check(cancellationToken));
    }

    public void Dispose() => _wanted.Writer.TryComplete();

    private async Task AskAsync(MessageChannel messages, CancellationToken cancellationToken)
    {
        var blocks = new List<int>(MostAsked);
        while (await _wanted.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            await _slots!.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (!_wanted.Reader.TryRead(out int block)) continue;
            blocks.Add(block);
            while (blocks.Count < MostAsked && _wanted.Reader.TryPeek(out _) && _slots.Wait(0, CancellationToken.None) && _wanted.Reader.TryRead(out int next)) blocks.Add(next);
            await messages.SendAsync(new GetBlocks(BlockRanges.Of(blocks), Got), cancellationToken).ConfigureAwait(false);
            blocks.Clear();
        }
    }

    /// <summary>Checks what has come, two at a time when there are two, and queues for the rest: other transfers' blocks have their turn between.</summary>
    private void Check(CancellationToken cancellationToken)
    {
        if (!TryNext(out var first, out var second)) return;
        if (second.Received is null) _ = TakeAsync(first.Block, first.Received, BlockHash.Of(first.Received.Data.Span), cancellationToken);
        else
        {
            (BlockHash one, BlockHash other) = Sha256Pair.Of(first.Received.Data.Span, second.Received.Data.Span);
            // One that waits for its turn does not keep the other from being taken.
            _ = TakeAsync(first.Block, first.Received, one, cancellationToken);
            _ = TakeAsync(second.Block, second.Received, other, cancellationToken);
        }
        _ = BlockWork.Run(() => Check(cancellationToken));
    }

    private bool TryNext(out (int Block, ReceivedBlock Received) first, out (int Block, ReceivedBlock Received) second)
    {
        lock (_lock)
        {
            second = default;
            if (_come.TryDequeue(out first))
            {
                _come.TryDequeue(out second);
                return true;
            }
            _checkers--;
            return false;
        }
    }

    private async Task TakeAsync(int block, ReceivedBlock received, BlockHash hash, CancellationToken cancellationToken)
    {
        try
        {
            ReadOnlyMemory<byte> data = received.Data;
            if (hash == hashes[block])
            {
                await take(block, data, cancellationToken).ConfigureAwait(false);
                if (Interlocked.Decrement(ref _left) == 0) _done.TrySetResult();
            }
            else AskAgain(block);
        }
        // The attempt ends with it and judges it.
        catch (Exception e)
        {
            _done.TrySetException(e);
        }
        finally
        {
            received.Release();
            _slots!.Release();
        }
    }

    private void AskAgain(int block)
    {
        lock (_lock)
        {
            int wrong = _wrong[block] = _wrong.GetValueOrDefault(block) + 1;
            if (wrong >= MostWrong) throw new UserErrorException("hash-mismatch", $"Block {block} does not arrive as it was shared.");
        }
        _wanted.Writer.TryWrite(block);
    }
}
