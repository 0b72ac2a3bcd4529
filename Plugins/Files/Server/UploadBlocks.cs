using System.Collections;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>What is said and known of the blocks of one upload. May be used by several threads.</summary>
/// <param name="size">Bytes of the content.</param>
internal sealed class UploadBlocks(long size)
{
    private readonly Lock _lock = new();
    private readonly BlockClaim[] _claims = new BlockClaim[BlockLayout.Count(size)];
    private readonly BlockHash[] _hashes = new BlockHash[BlockLayout.Count(size)];
    private readonly BitArray _announced = new(BlockLayout.Count(size));
    private readonly BitArray _received = new(BlockLayout.Count(size));
    private readonly BitArray _durable = new(BlockLayout.Count(size));
    private int _missing = BlockLayout.Count(size);

    /// <summary>How many there are.</summary>
    public int Count => _hashes.Length;

    /// <summary>Bytes on the disk for good.</summary>
    public long Stored { get; private set; }

    /// <summary>Whether all are.</summary>
    public bool AreComplete
    {
        get
        {
            lock (_lock) return _missing == 0;
        }
    }

    /// <summary>Whether something that had come is not what the upload is made of: a hash over what came is none of the content.</summary>
    public bool AnyReplaced { get; private set; }

    /// <summary>The hashes of the blocks that are durable; all of them when they are complete.</summary>
    public ReadOnlySpan<BlockHash> Hashes => _hashes;

    /// <summary>A block was durable before.</summary>
    public void Know(UploadedBlock block)
    {
        lock (_lock)
        {
            _announced[block.Block] = true;
            _claims[block.Block] = block.Checksum is { } checksum ? new BlockClaim(ByHash: false, default, checksum) : new BlockClaim(ByHash: true, block.Hash, default);
            MarkDurable(block.Block, block.Hash);
        }
    }

    /// <summary>The uploader says what a block is by its hash.</summary>
    /// <returns>It is durable as such.</returns>
    public bool Announce(int block, BlockHash hash)
    {
        lock (_lock)
        {
            if (_durable[block] && _hashes[block] == hash) return true;
            return Announce(block, _claims[block] with { ByHash = true, Hash = hash });
        }
    }

    /// <summary>The uploader says what a block is by its checksum. Of the same upload that is enough: it is the same person's word for the same place of the same content.</summary>
    /// <returns>It is durable as such.</returns>
    public bool Announce(int block, BlockChecksum checksum)
    {
        lock (_lock) return Announce(block, new BlockClaim(ByHash: false, default, checksum));
    }

    /// <summary>A block has come.</summary>
    /// <returns>What it is said to be.</returns>
    /// <exception cref="ProtocolErrorException">It was not announced.</exception>
    public BlockClaim Receive(int block)
    {
        lock (_lock)
        {
            if (!_announced[block]) throw new ProtocolErrorException($"Block {block} was sent before it was announced.");
            _received[block] = true;
            return _claims[block];
        }
    }

    /// <summary>What came of a block was not what was said.</summary>
    public void Refuse()
    {
        lock (_lock) AnyReplaced = true;
    }

    /// <summary>A block is durable.</summary>
    /// <returns>False: it has been announced as another one meanwhile.</returns>
    public bool Settle(StoredBlock block)
    {
        lock (_lock)
        {
            if (!_claims[block.Block].Fits(block.Hash, block.Checksum)) return false;
            MarkDurable(block.Block, block.Hash);
            return true;
        }
    }

    /// <summary>The hash of a durable block.</summary>
    public BlockHash Hash(int block)
    {
        lock (_lock) return _hashes[block];
    }

    private bool Announce(int block, BlockClaim claim)
    {
        bool same = _announced[block] && _claims[block] == claim;
        if (same && _durable[block]) return true;
        // The source has changed there: what was stored of it is replaced when the new bytes are durable.
        AnyReplaced |= !same && (_received[block] || _durable[block]);
        if (!same) Forget(block);
        (_announced[block], _claims[block]) = (true, claim);
        return false;
    }

    private void MarkDurable(int block, BlockHash hash)
    {
        _hashes[block] = hash;
        if (_durable[block]) return;
        _durable[block] = true;
        _missing--;
        Stored += BlockLayout.Length(size, block);
    }

    private void Forget(int block)
    {
        if (!_durable[block]) return;
        _durable[block] = false;
        _missing++;
        Stored -= BlockLayout.Length(size, block);
    }
}
