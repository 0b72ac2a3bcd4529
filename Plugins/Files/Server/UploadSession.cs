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
    private readonly UploadBlocks _blocks;
    private readonly WholeHash _whole;
    private volatile bool _ended;

    public UploadSession(FilesHub hub, MessageChannel messages, UploadRow row)
    {
        (_hub, _messages, Row) = (hub, messages, row);
        _blocks = new UploadBlocks(row.Size);
        var known = hub.Store.UploadBlocks(row.Key).Where(b => b.Block < _blocks.Count).ToList();
        foreach (UploadedBlock block in known) _blocks.Know(block);
        _whole = new WholeHash(_blocks.Count, ReadStored);
        if (_blocks.Count > 1) _whole.Stored(known.Select(b => b.Block));
    }

    /// <summary>The upload.</summary>
    public UploadRow Row { get; }

    /// <summary>Bytes on the disk for good.</summary>
    public long Stored => _blocks.Stored;

    /// <summary>The uploader tells what some blocks are, for sure.</summary>
    /// <returns>Those that have to be sent.</returns>
    /// <exception cref="UserErrorException"><c>bad-request</c>.</exception>
    public WantBlocks Announce(BlockHashes part)
    {
        BlockHash[] hashes = BlockHash.Unpack(part.Sha256);
        Check(part.First, hashes.Length);
        var have = new List<int>();
        var want = new List<int>();
        for (int i = 0; i < hashes.Length; i++)
        {
            int block = part.First + i;
            if (_blocks.Announce(block, hashes[i])) have.Add(block);
            else if (_hub.Store.Find(hashes[i]) is { } place && place.Length == BlockLayout.Length(Row.Size, block))
                _hub.Commits.Add(this, new StoredBlock(Row.Key, block, hashes[i], Place: null));
            else want.Add(block);
        }
        if (have.Count > 0) Acknowledge(have);
        return new WantBlocks(BlockRanges.Of(want));
    }

    /// <summary>The uploader tells what some blocks are, so that most that are new need no hash of its.</summary>
    /// <returns>Those that have to be sent, and those whose hash has to be told first.</returns>
    /// <exception cref="UserErrorException"><c>bad-request</c>.</exception>
    public WantBlocks Announce(BlockChecksums part)
    {
        BlockChecksum[] checksums = PackedValues.Unpack<BlockChecksum>(part.Xxh128, "xxh128");
        Check(part.First, checksums.Length);
        var have = new List<int>();
        var want = new List<int>();
        var likely = new List<int>();
        for (int i = 0; i < checksums.Length; i++)
        {
            int block = part.First + i;
            if (_blocks.Announce(block, checksums[i])) have.Add(block);
            else (_hub.Store.MayHave(checksums[i]) ? likely : want).Add(block);
        }
        if (have.Count > 0) Acknowledge(have);
        return new WantBlocks(BlockRanges.Of(want), likely.Count > 0 ? BlockRanges.Of(likely) : null);
    }

    /// <summary>Takes the block that has just been received. Waits while too many are under way.</summary>
    /// <exception cref="ProtocolErrorException">It is none of this upload, or was not announced.</exception>
    public ValueTask TakeAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        (int block, ReadOnlyMemory<byte> data) = BlockLayout.Read(frame, Row.Size);
        BlockClaim claim = _blocks.Receive(block);
        if (!_hub.Receiving.WorksHere(Row.Key)) return TakeLaterAsync(block, claim, frame, cancellationToken);
        BlockHash own = _blocks.Count > 1 && _whole.TryTakeHere(block, data.Span, out BlockHash taken) ? taken : BlockHash.Of(data.Span);
        Store(block, claim, data.Span, own);
        return ValueTask.CompletedTask;
    }

    private async ValueTask TakeLaterAsync(int block, BlockClaim claim, ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        await _hub.Incoming.EnterAsync(cancellationToken).ConfigureAwait(false);
        ReceivedBlock received = ReceivedBlock.Keep(_messages.Channel, frame, _hub.Incoming.Leave);
        if (_blocks.Count > 1 && _whole.Offer(block, received, StoreAndRelease)) return;
        // Hashed on another core than the one that receives.
        _ = BlockWork.Run(() => StoreAndRelease(BlockHash.Of(received.Data.Span)));

        void StoreAndRelease(BlockHash own)
        {
            try
            {
                Store(block, claim, received.Data.Span, own);
            }
            finally
            {
                received.Release();
            }
        }
    }

    /// <summary>All blocks are durable: the upload becomes a file.</summary>
    /// <exception cref="UserErrorException"><c>incomplete</c>.</exception>
    public async Task<FileRow> CompleteAsync(Peer peer, CancellationToken cancellationToken)
    {
        if (!_blocks.AreComplete) throw new UserErrorException("incomplete", $"The server has {Stored} of {Row.Size} bytes.");
        string root = BlockHash.Root(_blocks.Hashes);
        string sha256 = _hub.Store.Sha256(root) ?? await HashAsync(cancellationToken).ConfigureAwait(false);
        return _hub.Store.Finish(Row, peer, root, sha256);
    }

    private async Task<string> HashAsync(CancellationToken cancellationToken)
    {
        if (_blocks.Count == 1) return _blocks.Hash(0).ToString();
        if (!_blocks.AnyReplaced) return await _whole.FinishAsync(cancellationToken).ConfigureAwait(false);
        // Blocks that were replaced may have been taken in already: all of it is read again.
        using var anew = new WholeHash(_blocks.Count, ReadStored);
        return await anew.FinishAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Another connection goes on with this upload: this one is closed at once, whatever it hangs on.</summary>
    public void GiveWay() => _messages.Channel.Close("This upload goes on over another connection.");

    public void Committed(IReadOnlyList<StoredBlock> blocks)
    {
        int[] durable = [.. blocks.Where(_blocks.Settle).Select(block => block.Block)];
        if (_blocks.Count > 1) _whole.Stored(durable);
        if (durable.Length > 0) Acknowledge(durable);
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

    private void Check(int first, int count)
    {
        if (first < 0 || count == 0 || count > _blocks.Count - first)
            throw new UserErrorException("bad-request", $"Blocks {first} to {(long)first + count - 1} are announced; the upload has {_blocks.Count}.");
    }

    private void Store(int block, BlockClaim claim, ReadOnlySpan<byte> data, BlockHash own)
    {
        try
        {
            BlockChecksum checksum = BlockChecksum.Of(data);
            if (claim.Fits(own, checksum))
            {
                if (!_ended) _hub.Commits.Add(this, new StoredBlock(Row.Key, block, own, _hub.Store.Write(data), checksum));
                return;
            }
            // The whole's hash may have taken it in already.
            _blocks.Refuse();
            Tell(new SendAgain(block, claim.Refusal));
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            FilesLog.StoreFailed(_hub.Log, e);
            Failed(StoreFailure.Refusal(e));
        }
    }

    private int ReadStored(int block, byte[] buffer)
    {
        if (_hub.Store.Find(_blocks.Hash(block)) is not { } place) return 0;
        _hub.Store.Read(place, buffer);
        return place.Length;
    }

    private void Acknowledge(IReadOnlyList<int> blocks) => Tell(new Acknowledged(BlockRanges.Of(blocks)));

    private void Tell(object message)
    {
        // A client that does not read its few acknowledgements hangs: it comes back, and asks what is there.
        if (!_ended && !_messages.TryPost(message)) _messages.Channel.Close("Acknowledgements were not read in time.");
    }
}
