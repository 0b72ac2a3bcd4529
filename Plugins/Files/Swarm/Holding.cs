using System.Collections;

namespace LanCollab.Plugins.Files;

/// <summary>Blocks of one file that this client has on its disk and gives to others. Each is checked again when it is read: a person may have changed the file.</summary>
/// <param name="file">The file.</param>
/// <param name="hashes">Of its blocks.</param>
/// <param name="read">Reads a part, whole; throws when it cannot.</param>
internal sealed class Holding(SharedFile file, BlockHash[] hashes, Action<long, Memory<byte>> read)
{
    private readonly BitArray _have = new(hashes.Length);
    private readonly HashSet<int> _untold = [];
    private readonly Lock _lock = new();
    private volatile Action<long, Memory<byte>>? _read = read;

    public SharedFile File => file;

    /// <summary>Blocks it has, as ranges.</summary>
    public int[][] Blocks
    {
        get { lock (_lock) return BlockRanges.Of(Enumerable.Range(0, hashes.Length).Where(block => _have[block])); }
    }

    /// <summary>A block is there and was checked.</summary>
    public void Add(int block)
    {
        lock (_lock)
        {
            if (_have[block]) return;
            _have[block] = true;
            _untold.Add(block);
        }
    }

    /// <summary>What was added since the last call, as ranges; empty when there is nothing.</summary>
    public int[][] TakeUntold()
    {
        lock (_lock)
        {
            if (_untold.Count == 0) return [];
            int[][] blocks = BlockRanges.Of(_untold.Order());
            _untold.Clear();
            return blocks;
        }
    }

    /// <summary>From now on it is read elsewhere.</summary>
    public void Move(Action<long, Memory<byte>> read) => _read = read;

    /// <summary>It gives nothing any more.</summary>
    public void End() => _read = null;

    /// <summary>Reads a block; false when it is not here, or not what it was.</summary>
    /// <param name="block">Its number.</param>
    /// <param name="target">At least as long as a block.</param>
    /// <param name="length">Its bytes.</param>
    public bool TryRead(int block, Memory<byte> target, out int length)
    {
        length = 0;
        lock (_lock)
        {
            if (block < 0 || block >= hashes.Length || !_have[block]) return false;
        }
        if (_read is not { } source) return false;
        length = BlockLayout.Length(file.Size, block);
        try
        {
            source(BlockLayout.Offset(block), target[..length]);
            return BlockHash.Of(target.Span[..length]) == hashes[block];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // Removed, or moved away: others get the block elsewhere.
            return false;
        }
    }
}
