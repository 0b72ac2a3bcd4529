namespace LanCollab.Plugins.Files;

/// <summary>
/// What is known of a source's blocks; kept over lost connections, so that going on does not begin with reading everything again.
/// A source that is seen to have changed begins with a new one; one that changed unseen is found out by the hub, block by block.
/// </summary>
/// <param name="count">How many blocks.</param>
internal sealed class KnownBlocks(int count)
{
    /// <summary>Of all blocks that were read.</summary>
    public KnownValues<BlockChecksum> Checksums { get; } = new(count);

    /// <summary>Of those that the hub may have already.</summary>
    public KnownValues<BlockHash> Hashes { get; } = new(count);
}

/// <summary>A value for each block, as far as it is known.</summary>
/// <remarks>Each block is written by one thread at a time; readers come after it.</remarks>
/// <param name="count">How many blocks.</param>
internal sealed class KnownValues<T>(int count)
{
    private readonly T[] _values = new T[count];
    private readonly bool[] _known = new bool[count];

    /// <summary>A block's value.</summary>
    public T this[int block]
    {
        get => _values[block];
        set
        {
            _values[block] = value;
            Volatile.Write(ref _known[block], true);
        }
    }

    /// <summary>Whether it is known.</summary>
    public bool Has(int block) => Volatile.Read(ref _known[block]);

    /// <summary>It is not known any more.</summary>
    public void Forget(int block) => Volatile.Write(ref _known[block], false);

    /// <summary>Those of some blocks.</summary>
    public ReadOnlySpan<T> Of(int first, int number) => _values.AsSpan(first, number);
}
