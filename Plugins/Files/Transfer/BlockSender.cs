using System.Collections;
using System.Collections.Concurrent;
using System.Threading.Channels;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>
/// The sending end of an upload, in three stages that run beside each other: read blocks, announce their checksums (and the hashes of those that the hub may have), send those that
/// the hub wants. A block counts as done when it is acknowledged.
/// </summary>
/// <param name="content">What is sent.</param>
/// <param name="messages">The transfer's channel.</param>
/// <param name="window">Blocks that may be in memory here, which bounds those under way.</param>
/// <param name="known">What an earlier connection found out; grows.</param>
internal sealed class BlockSender(IContent content, MessageChannel messages, int window, KnownBlocks known)
{
    private const int ReadAhead = 4;
    private const int MostAnnounced = 8;
    private const int MostRefusals = 5;

    private readonly int _count = BlockLayout.Count(content.Size);
    private readonly SemaphoreSlim _slots = new(window);
    private readonly Channel<Prepared> _prepared = Channel.CreateBounded<Prepared>(ReadAhead);
    private readonly Channel<(Prepared[] Blocks, Task<HashSet<int>> Wanted)> _announced = Channel.CreateBounded<(Prepared[], Task<HashSet<int>>)>(2);
    private readonly ConcurrentDictionary<int, byte[]> _underWay = new();
    private readonly ConcurrentDictionary<int, int> _refusals = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _failed = new();
    private readonly BitArray _acknowledged = new(BlockLayout.Count(content.Size));
    private readonly Lock _lock = new();
    private int _left = BlockLayout.Count(content.Size);
    private long _bytes;

    /// <param name="block">Its number.</param>
    /// <param name="buffer">Its bytes when they are ready; null: it was only known.</param>
    /// <param name="ready">It was read.</param>
    private sealed class Prepared(int block, byte[]? buffer, Task ready)
    {
        public int Block => block;

        public Task Ready => ready;

        public byte[]? Buffer { get; set; } = buffer;
    }

    /// <summary>Called before each block with its length; may wait.</summary>
    public Func<int, CancellationToken, ValueTask>? Pace { get; init; }

    /// <summary>Called with the bytes that are acknowledged.</summary>
    public Action<long>? Moved { get; init; }

    /// <summary>Returns when all blocks are acknowledged.</summary>
    /// <exception cref="EndOfStreamException">The content became shorter.</exception>
    /// <exception cref="UserErrorException">The hub refuses, or the connection has gone.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (_count == 0) return;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _failed.Token);
        Task[] stages = [PrepareAsync(stop.Token), AnnounceAsync(stop.Token), SendAsync(stop.Token), _done.Task.WaitAsync(stop.Token)];
        while (stages.Length > 0)
        {
            Task ended = await Task.WhenAny(stages).ConfigureAwait(false);
            stages = [.. stages.Where(stage => stage != ended)];
            if (ended.IsCompletedSuccessfully) continue;
            // The first failure ends the others, and is the one that is told.
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(stages).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_done.Task.IsFaulted) await _done.Task.ConfigureAwait(false);
            await ended.ConfigureAwait(false);
        }
    }

    /// <summary>The hub has these blocks for good.</summary>
    /// <exception cref="ProtocolErrorException">There are no such blocks.</exception>
    public void Acknowledge(Acknowledged message)
    {
        foreach (int block in BlockRanges.Blocks(message.Blocks, _count))
        {
            if (_underWay.TryRemove(block, out byte[]? buffer)) Release(buffer);
            lock (_lock)
            {
                if (_acknowledged[block]) continue;
                _acknowledged[block] = true;
                _bytes += BlockLayout.Length(content.Size, block);
                if (--_left == 0) _done.TrySetResult();
            }
        }
        Moved?.Invoke(Interlocked.Read(ref _bytes));
    }

    /// <summary>The hub wants a block again; done beside the receive loop.</summary>
    public void Again(SendAgain message, CancellationToken cancellationToken)
    {
        if (message.Block < 0 || message.Block >= _count) throw new ProtocolErrorException($"Block {message.Block} is asked for again; there are {_count}.");
        _ = AgainAsync(message, cancellationToken);
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        for (int block = 0; block < _count; block++)
        {
            await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
            await _prepared.Writer.WriteAsync(Prepare(block), cancellationToken).ConfigureAwait(false);
        }
        _prepared.Writer.Complete();
    }

    private Prepared Prepare(int block)
    {
        // After a lost connection most blocks are only announced once more: read is what the hub turns out not to have.
        if (known.Checksums.Has(block)) return new Prepared(block, null, Task.CompletedTask);
        byte[] buffer = BlockBuffers.Shared.Rent();
        return new Prepared(block, buffer, BlockWork.Run(() => Fill(block, buffer)));
    }

    private async Task AnnounceAsync(CancellationToken cancellationToken)
    {
        var part = new List<Prepared>(MostAnnounced);
        while (await _prepared.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            while (part.Count < MostAnnounced && _prepared.Reader.TryRead(out Prepared? block))
            {
                await block.Ready.ConfigureAwait(false);
                part.Add(block);
            }
            Prepared[] blocks = [.. part];
            await _announced.Writer.WriteAsync((blocks, AskAsync(blocks, cancellationToken)), cancellationToken).ConfigureAwait(false);
            part.Clear();
        }
        _announced.Writer.Complete();
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        await foreach (var (blocks, asked) in _announced.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            HashSet<int> wanted = await asked.ConfigureAwait(false);
            foreach (Prepared block in blocks)
            {
                if (wanted.Contains(block.Block)) await SendAsync(block.Block, block.Buffer ?? await ReadAsync(block.Block).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
                else Release(block.Buffer);
            }
        }
    }

    private async Task AgainAsync(SendAgain message, CancellationToken cancellationToken)
    {
        try
        {
            if (_refusals.AddOrUpdate(message.Block, 1, (_, count) => count + 1) > MostRefusals)
                throw new UserErrorException("block-refused", $"The server refuses a part of the file again and again. {message.Reason}");
            if (!_underWay.TryRemove(message.Block, out byte[]? buffer))
            {
                await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
                buffer = BlockBuffers.Shared.Rent();
            }
            await BlockWork.Run(() => Fill(message.Block, buffer)).ConfigureAwait(false);
            // It may have changed since; what it was before is worth nothing now.
            known.Hashes.Forget(message.Block);
            var block = new Prepared(message.Block, buffer, Task.CompletedTask);
            if ((await AskAsync([block], cancellationToken).ConfigureAwait(false)).Count > 0) await SendAsync(message.Block, buffer, cancellationToken).ConfigureAwait(false);
            else Release(buffer);
        }
        // Whatever it is ends the whole attempt, which judges it.
        catch (Exception e)
        {
            _done.TrySetException(e);
            await _failed.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Announces blocks that lie behind each other.</summary>
    /// <returns>Those that the hub does not have.</returns>
    private async Task<HashSet<int>> AskAsync(Prepared[] blocks, CancellationToken cancellationToken)
    {
        int first = blocks[0].Block;
        var announced = new BlockChecksums(first, PackedValues.Pack(known.Checksums.Of(first, blocks.Length)));
        WantBlocks answer = await messages.RequestAsync<WantBlocks>(announced, cancellationToken).ConfigureAwait(false);
        HashSet<int> wanted = [.. BlockRanges.Blocks(answer.Blocks, _count)];
        if (answer.Likely is not { Length: > 0 } likely) return wanted;
        HashSet<int> asked = [.. BlockRanges.Blocks(likely, _count)];
        if (asked.Any(block => block < first || block >= first + blocks.Length)) throw new ProtocolErrorException($"Hashes of {string.Join(", ", asked)} are asked for; announced were {blocks.Length} blocks from {first}.");
        await HashAsync([.. blocks.Where(block => asked.Contains(block.Block) && !known.Hashes.Has(block.Block))]).ConfigureAwait(false);
        foreach (int[] range in likely) wanted.UnionWith(await AskAsync(range[0], range[1], cancellationToken).ConfigureAwait(false));
        return wanted;
    }

    private async Task<IEnumerable<int>> AskAsync(int first, int last, CancellationToken cancellationToken)
    {
        var announced = new BlockHashes(first, BlockHash.Pack(known.Hashes.Of(first, last - first + 1)));
        return BlockRanges.Blocks((await messages.RequestAsync<WantBlocks>(announced, cancellationToken).ConfigureAwait(false)).Blocks, _count);
    }

    /// <summary>Two beside each other, on several cores, none of them the one that sends.</summary>
    private Task HashAsync(Prepared[] blocks) => Task.WhenAll(blocks.Chunk(2).Select(two => BlockWork.Run(() =>
    {
        foreach (Prepared block in two) block.Buffer ??= Read(block.Block);
        if (two is [var first, var second]) (known.Hashes[first.Block], known.Hashes[second.Block]) = Sha256Pair.Of(Data(first), Data(second));
        else known.Hashes[two[0].Block] = BlockHash.Of(Data(two[0]));
    })));

    private ReadOnlySpan<byte> Data(Prepared block) => block.Buffer.AsSpan(BlockLayout.DataAt, BlockLayout.Length(content.Size, block.Block));

    private async Task SendAsync(int block, byte[] buffer, CancellationToken cancellationToken)
    {
        int length = BlockLayout.Length(content.Size, block);
        if (Pace is { } pace) await pace(length, cancellationToken).ConfigureAwait(false);
        // Before the send: the acknowledgement may come while it still waits.
        _underWay[block] = buffer;
        await messages.Channel.SendAsync(new Frame(FrameKind.Binary, buffer.AsMemory(0, BlockLayout.DataAt + length)), cancellationToken).ConfigureAwait(false);
    }

    private void Fill(int block, byte[] buffer) => known.Checksums[block] = BlockChecksum.Of(Read(block, buffer).Span);

    private Memory<byte> Read(int block, byte[] buffer)
    {
        Memory<byte> data = buffer.AsMemory(BlockLayout.DataAt, BlockLayout.Length(content.Size, block));
        BlockLayout.WriteHeader(buffer, block);
        content.Read(BlockLayout.Offset(block), data);
        return data;
    }

    private byte[] Read(int block)
    {
        byte[] buffer = BlockBuffers.Shared.Rent();
        Read(block, buffer);
        return buffer;
    }

    private async Task<byte[]> ReadAsync(int block)
    {
        byte[] buffer = BlockBuffers.Shared.Rent();
        await BlockWork.Run(() => Read(block, buffer)).ConfigureAwait(false);
        return buffer;
    }

    private void Release(byte[]? buffer)
    {
        if (buffer is not null) BlockBuffers.Shared.Return(buffer);
        _slots.Release();
    }
}
