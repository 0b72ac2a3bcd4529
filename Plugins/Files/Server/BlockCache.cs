namespace LanCollab.Plugins.Files;

/// <summary>A block in memory as the frame it is sent in, shared by all who send it at the moment.</summary>
/// <param name="buffer">The frame.</param>
internal sealed class CachedBlock(byte[] buffer)
{
    private readonly Lock _lock = new();
    private int _users;
    private bool _dropped;

    /// <summary>The frame's length, once it has been read.</summary>
    public required Task<int> Loaded { get; init; }

    /// <summary>The frame.</summary>
    public byte[] Buffer => buffer;

    /// <summary>One more user; false when the cache has let go of it.</summary>
    public bool TryUse()
    {
        lock (_lock)
        {
            if (_dropped) return false;
            _users++;
            return true;
        }
    }

    /// <summary>One user less.</summary>
    public void Release()
    {
        lock (_lock)
        {
            if (--_users > 0 || !_dropped) return;
        }
        BlockBuffers.Shared.Return(buffer);
    }

    /// <summary>The cache lets go; the buffer is free when its last user is done.</summary>
    public void Drop()
    {
        lock (_lock)
        {
            _dropped = true;
            if (_users > 0) return;
        }
        BlockBuffers.Shared.Return(buffer);
    }
}

/// <summary>
/// The blocks that were sent last: when many fetch the same file, each block is read from the disk once. Bounded; the block that was used
/// longest ago goes first.
/// </summary>
/// <param name="capacity">Blocks, which are megabytes.</param>
internal sealed class BlockCache(int capacity)
{
    private readonly Dictionary<(string Root, int Block), LinkedListNode<((string, int) Key, CachedBlock Block)>> _blocks = [];
    private readonly LinkedList<((string, int) Key, CachedBlock Block)> _recent = [];
    private readonly Lock _lock = new();
    private long _reads;

    /// <summary>How often a block was read from the disk.</summary>
    public long Reads => Interlocked.Read(ref _reads);

    /// <summary>A block to be sent; the caller releases it when it has been.</summary>
    /// <param name="root">The content.</param>
    /// <param name="block">Its number there.</param>
    /// <param name="read">Reads it into memory that begins with the block's first byte; its length.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public async ValueTask<(CachedBlock Block, int Length)> UseAsync(string root, int block, Func<Memory<byte>, int> read)
    {
        CachedBlock used = Use((root, block), read);
        try
        {
            return (used, await used.Loaded.ConfigureAwait(false));
        }
        catch
        {
            Forget((root, block), used);
            used.Release();
            throw;
        }
    }

    private CachedBlock Use((string Root, int Block) key, Func<Memory<byte>, int> read)
    {
        lock (_lock)
        {
            if (_blocks.TryGetValue(key, out var known))
            {
                _recent.Remove(known);
                _recent.AddLast(known);
                known.Value.Block.TryUse();
                return known.Value.Block;
            }
            var block = Load(key.Block, read);
            block.TryUse();
            _blocks[key] = _recent.AddLast((key, block));
            if (_recent.Count > capacity) Drop(_recent.First!);
            return block;
        }
    }

    private CachedBlock Load(int number, Func<Memory<byte>, int> read)
    {
        byte[] buffer = BlockBuffers.Shared.Rent();
        return new CachedBlock(buffer)
        {
            Loaded = BlockWork.RunFirst(() =>
            {
                Interlocked.Increment(ref _reads);
                BlockLayout.WriteHeader(buffer, number);
                return BlockLayout.DataAt + read(buffer.AsMemory(BlockLayout.DataAt));
            }),
        };
    }

    private void Forget((string Root, int Block) key, CachedBlock block)
    {
        lock (_lock)
        {
            if (_blocks.TryGetValue(key, out var node) && ReferenceEquals(node.Value.Block, block)) Drop(node);
        }
    }

    private void Drop(LinkedListNode<((string, int) Key, CachedBlock Block)> node)
    {
        _recent.Remove(node);
        _blocks.Remove(node.Value.Key);
        node.Value.Block.Drop();
    }
}
