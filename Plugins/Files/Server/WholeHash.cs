using System.Collections;

namespace LanCollab.Plugins.Files;

/// <summary>
/// SHA-256 over a whole content while its blocks come in, beside the thread that receives or on it. Blocks that come in
/// their order are taken from memory, and hashed by themselves in the same pass; what is in the store already, or comes out of order, is read from there.
/// </summary>
/// <param name="count">How many blocks.</param>
/// <param name="read">Reads a stored block into a buffer; its length, or 0 when it is not stored any more.</param>
internal sealed class WholeHash(int count, Func<int, byte[], int> read) : IDisposable
{
    private readonly RunningHash _hash = new();
    private readonly Queue<(ReceivedBlock Block, Action<BlockHash> Hashed)> _held = new();
    private readonly BitArray _stored = new(count);

    // Waited on as a monitor, too.
    private readonly object _lock = new();
    private TaskCompletionSource _idle = new();
    private bool _busy, _ended;
    private int _next;
    private Exception? _failure;

    /// <summary>
    /// A block has come. When it is the next one it is hashed both ways; it need not have been checked: whoever finds it wrong does not use this hash.
    /// </summary>
    /// <param name="block">Its number.</param>
    /// <param name="received">Its bytes.</param>
    /// <param name="hashed">
    /// Gets the block's own hash, on one of the threads for <see cref="BlockWork"/>, and releases the block. Not called after <see cref="Dispose"/>, which releases it.
    /// </param>
    /// <returns>False: it is not the next one, and the caller's to hash.</returns>
    public bool Offer(int block, ReceivedBlock received, Action<BlockHash> hashed)
    {
        lock (_lock)
        {
            // What is held is always in unbroken order, so that it goes away by itself and nobody waits for memory in vain.
            if (!IsNext(block)) return false;
            _held.Enqueue((received, hashed));
            Start();
            return true;
        }
    }

    /// <summary>
    /// As <see cref="Offer"/>, on the calling thread. It waits for blocks that were offered before, once, when an upload changes from one way to the other: <see cref="BlockWork"/> is at them, a thousandth of a second
    /// each, and that waits for no connection.
    /// </summary>
    /// <param name="block">Its number.</param>
    /// <param name="data">Its bytes.</param>
    /// <param name="own">The block's own hash.</param>
    /// <returns>False: it is not the next one, and the caller's to hash.</returns>
    public bool TryTakeHere(int block, ReadOnlySpan<byte> data, out BlockHash own)
    {
        own = default;
        lock (_lock)
        {
            while (IsNext(block) && (_busy || _held.Count > 0)) Monitor.Wait(_lock);
            if (!IsNext(block)) return false;
            // What becomes stored meanwhile starts nobody: this thread looks for that when it is done.
            Begin();
            _next++;
        }
        own = _hash.AppendAndHash(data);
        End(taken: true, failure: null);
        return true;
    }

    /// <summary>These blocks can be read from the store.</summary>
    public void Stored(IEnumerable<int> blocks)
    {
        lock (_lock)
        {
            foreach (int block in blocks) _stored[block] = true;
            Start();
        }
    }

    /// <summary>Takes in what is still missing, when all blocks are stored.</summary>
    /// <returns>64 hex digits.</returns>
    /// <exception cref="IOException">A block cannot be read.</exception>
    public async Task<string> FinishAsync(CancellationToken cancellationToken)
    {
        Task idle;
        lock (_lock)
        {
            _stored.SetAll(true);
            Start();
            idle = _busy ? _idle.Task : Task.CompletedTask;
        }
        await idle.WaitAsync(cancellationToken).ConfigureAwait(false);
        return _next == count ? _hash.Current().ToString() : throw new IOException($"Block {_next} cannot be read from the store.", _failure);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _ended = true;
            Monitor.PulseAll(_lock);
            while (_held.TryDequeue(out var held)) held.Block.Release();
            // A block that is being taken in at this moment is finished first; the hash is then left to the collector.
            if (!_busy) _hash.Dispose();
        }
    }

    private void Start()
    {
        if (_busy || !HasNext()) return;
        Begin();
        BlockWork.RunFirst(Step);
    }

    private void Begin() => (_busy, _idle) = (true, new(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>It comes right behind all that has been taken in or is held, and nobody will read it from the store.</summary>
    private bool IsNext(int block) => !_ended && block == _next + _held.Count && (_held.Count > 0 || block >= count || !_stored[block]);

    private bool HasNext() => !_ended && _next < count && (_held.Count > 0 || _stored[_next]);

    /// <summary>Takes one block in, and queues for the next one: other uploads' blocks have their turn between.</summary>
    private void Step()
    {
        Exception? failure = null;
        bool taken = false;
        Action? hashed = null;
        try
        {
            taken = TakeIn(out hashed);
        }
        // Goes no further for now: the end tries once more, and tells.
        catch (Exception e)
        {
            failure = e;
        }
        End(taken, failure);
        // While another thread is at the next block: this one still has the bytes at hand.
        hashed?.Invoke();
    }

    private void End(bool taken, Exception? failure)
    {
        TaskCompletionSource idle;
        bool goesOn;
        lock (_lock)
        {
            // Said in the same breath as the decision, or a block that comes now would start nobody.
            _busy = goesOn = taken && HasNext();
            (idle, _failure) = (_idle, failure);
            Monitor.PulseAll(_lock);
        }
        if (goesOn) BlockWork.RunFirst(Step);
        else idle.TrySetResult();
    }

    private bool TakeIn(out Action? hashed)
    {
        int block;
        (ReceivedBlock Block, Action<BlockHash> Hashed) held;
        hashed = null;
        lock (_lock)
        {
            if (_ended) return false;
            block = _next;
            if (_held.TryDequeue(out held)) _next++;
        }
        if (held.Block is null) return TakeStored(block);
        BlockHash own = _hash.AppendAndHash(held.Block.Data.Span);
        hashed = () => held.Hashed(own);
        return true;
    }

    private bool TakeStored(int block)
    {
        byte[] buffer = BlockBuffers.Shared.Rent();
        try
        {
            int length = read(block, buffer);
            if (length == 0) return false;
            _hash.Append(buffer.AsSpan(0, length));
            lock (_lock) _next = block + 1;
            return true;
        }
        finally
        {
            BlockBuffers.Shared.Return(buffer);
        }
    }
}
