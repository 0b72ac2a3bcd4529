using System.Collections;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>
/// One connection's work on one upload: which blocks are announced, written, durable. Blocks are checked and written beside each other, in any
/// order; two connections of one upload do each other no harm, since a block is what its hash says.
/// </summary>
internal sealed class UploadSession : ICommitListener, IDisposable
{
    /// <summary>Blocks in flight that the client is told; the hub's own bound is for all uploads together (<see cref="FilesHub.Incoming"/>).</summary>
    public const int Window = 24;

    private readonly FilesHub _hub;
    private readonly MessageChannel _messages;
    private readonly Lock _lock = new();
    private readonly BlockHash[] _hashes;
    private readonly BitArray _announced;
    private readonly BitArray _durable;
    private readonly WholeHash _whole;
    private int _missing;
    private bool _changed;
    private volatile bool _ended;

    public UploadSession(FilesHub hub, MessageChannel messages, UploadRow row)
    {
        (_hub, _messages, Row) = (hub, messages, row);
        int count = BlockLayout.Count(row.Size);
        (_hashes, _announced, _durable) = (new BlockHash[count], new BitArray(count), new BitArray(count));
        _missing = count;
        var known = hub.Store.UploadBlocks(row.Key).Where(b => b.Block < count).ToList();
        foreach ((int block, BlockHash hash) in known) Know(block, hash);
        _whole = new WholeHash(count, ReadStored);
        if (count > 1) _whole.Stored(known.Select(b => b.Block));
    }

    /// <summary>The upload.</summary>
    public UploadRow Row { get; }

    /// <summary>Bytes on the disk for good.</summary>
    public long Stored { get; private set; }

    /// <summary>The uploader tells what some blocks are.</summary>
    /// <returns>Those that have to be sent.</returns>
    /// <exception cref="UserErrorException"><c>bad-request</c>.</exception>
    public WantBlocks Announce(BlockHashes part)
    {
        BlockHash[] hashes = BlockHash.Unpack(part.Sha256);
        if (part.First < 0 || hashes.Length == 0 || hashes.Length > _hashes.Length - part.First)
            throw new UserErrorException("bad-request", $"Blocks {part.First} to {(long)part.First + hashes.Length - 1} are announced; the upload has {_hashes.Length}.");
        var have = new List<int>();
        var want = new List<int>();
        for (int i = 0; i < hashes.Length; i++) Announce(part.First + i, hashes[i], have, want);
        if (have.Count > 0) Acknowledge(have);
        return new WantBlocks(BlockRanges.Of(want));
    }

    /// <summary>Takes the block that has just been received. Waits while too many are under way.</summary>
    /// <exception cref="ProtocolErrorException">It is none of this upload, or was not announced.</exception>
    public async ValueTask TakeAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        (int block, _) = BlockLayout.Read(frame, Row.Size);
        BlockHash hash;
        lock (_lock)
        {
            if (!_announced[block]) throw new ProtocolErrorException($"Block {block} was sent before its hash.");
            hash = _hashes[block];
        }
        await _hub.Incoming.EnterAsync(cancellationToken).ConfigureAwait(false);
        ReceivedBlock received = ReceivedBlock.Keep(_messages.Channel, frame, _hub.Incoming.Leave);
        if (_hashes.Length > 1 && _whole.Offer(block, received, own => Store(block, hash, received, own))) return;
        // Hashed on another core than the one that receives.
        _ = BlockWork.Run(() => Store(block, hash, received, BlockHash.Of(received.Data.Span)));
    }

    /// <summary>All blocks are durable: the upload becomes a file.</summary>
    /// <exception cref="UserErrorException"><c>incomplete</c>.</exception>
    public async Task<FileRow> CompleteAsync(Peer peer, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_missing > 0) throw new UserErrorException("incomplete", $"The server has {Stored} of {Row.Size} bytes.");
        }
        string root = BlockHash.Root(_hashes);
        string sha256 = _hub.Store.Sha256(root) ?? await HashAsync(cancellationToken).ConfigureAwait(false);
        return _hub.Store.Finish(Row, peer, root, sha256);
    }

    private async Task<string> HashAsync(CancellationToken cancellationToken)
    {
        if (_hashes is [var only]) return only.ToString();
        if (!_changed) return await _whole.FinishAsync(cancellationToken).ConfigureAwait(false);
        // Blocks that were replaced may have been taken in already: all of it is read again.
        using var anew = new WholeHash(_hashes.Length, ReadStored);
        return await anew.FinishAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Another connection goes on with this upload: this one is closed at once, whatever it hangs on.</summary>
    public void GiveWay() => _messages.Channel.Close("This upload goes on over another connection.");

    public void Committed(IReadOnlyList<int> blocks)
    {
        lock (_lock)
        {
            foreach (int block in blocks) MarkDurable(block);
        }
        if (_hashes.Length > 1) _whole.Stored(blocks);
        if (blocks.Count > 0) Acknowledge(blocks);
    }

    public void Vanished(int block) => Tell(new SendAgain(block, "The server does not have it any more."));

    public void Failed(UserErrorException reason)
    {
        Tell(new TransferStopped(reason.Code, reason.Message));
        _messages.Channel.Close(reason.Message);
    }

    public void Dispose()
    {
        _ended = true;
        _whole.Dispose();
    }

    private void Announce(int block, BlockHash hash, List<int> have, List<int> want)
    {
        lock (_lock)
        {
            if (_announced[block] && _durable[block] && _hashes[block] == hash)
            {
                have.Add(block);
                return;
            }
            // The source has changed there: what was stored of it is replaced when the new bytes are durable.
            _changed |= _announced[block] && _hashes[block] != hash;
            Forget(block);
            (_announced[block], _hashes[block]) = (true, hash);
        }
        if (_hub.Store.Find(hash) is { } place && place.Length == BlockLayout.Length(Row.Size, block))
            _hub.Commits.Add(this, new StoredBlock(Row.Key, block, hash, Place: null));
        else want.Add(block);
    }

    private void Store(int block, BlockHash hash, ReceivedBlock received, BlockHash own)
    {
        try
        {
            if (own == hash)
            {
                if (!_ended) _hub.Commits.Add(this, new StoredBlock(Row.Key, block, hash, _hub.Store.Write(received.Data.Span)));
                return;
            }
            // The whole's hash may have taken it in already.
            lock (_lock) _changed = true;
            Tell(new SendAgain(block, "Its SHA-256 is not the announced one."));
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            FilesLog.StoreFailed(_hub.Log, e);
            Failed(StoreFailure.Refusal(e));
        }
        finally
        {
            received.Release();
        }
    }

    private int ReadStored(int block, byte[] buffer)
    {
        if (_hub.Store.Find(_hashes[block]) is not { } place) return 0;
        _hub.Store.Read(place, buffer);
        return place.Length;
    }

    private void Know(int block, BlockHash hash)
    {
        (_announced[block], _hashes[block]) = (true, hash);
        MarkDurable(block);
    }

    private void MarkDurable(int block)
    {
        if (_durable[block]) return;
        _durable[block] = true;
        _missing--;
        Stored += BlockLayout.Length(Row.Size, block);
    }

    private void Forget(int block)
    {
        if (!_durable[block]) return;
        _durable[block] = false;
        _missing++;
        Stored -= BlockLayout.Length(Row.Size, block);
    }

    private void Acknowledge(IReadOnlyList<int> blocks) => Tell(new Acknowledged(BlockRanges.Of(blocks)));

    private void Tell(object message)
    {
        // A client that does not read its few acknowledgements hangs: it comes back, and asks what is there.
        if (!_ended && !_messages.TryPost(message)) _messages.Channel.Close("Acknowledgements were not read in time.");
    }
}
