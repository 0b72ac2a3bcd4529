namespace LanCollab.Plugins.Files;

/// <summary>
/// The hashes of a source's blocks as far as they are known; kept over lost connections, so that going on does not begin with reading everything again.
/// A source that is seen to have changed begins with a new one; one that changed unseen is found out by the hub, block by block.
/// </summary>
/// <remarks>Each block is written by one thread at a time; readers come after it.</remarks>
/// <param name="count">How many blocks.</param>
internal sealed class KnownHashes(int count)
{
    private readonly BlockHash[] _hashes = new BlockHash[count];
    private readonly bool[] _known = new bool[count];

    /// <summary>A block's hash.</summary>
    public BlockHash this[int block]
    {
        get => _hashes[block];
        set
        {
            _hashes[block] = value;
            Volatile.Write(ref _known[block], true);
        }
    }

    /// <summary>Whether it is known.</summary>
    public bool Has(int block) => Volatile.Read(ref _known[block]);

    /// <summary>Those of some blocks.</summary>
    public ReadOnlySpan<BlockHash> Of(int first, int number) => _hashes.AsSpan(first, number);
}
