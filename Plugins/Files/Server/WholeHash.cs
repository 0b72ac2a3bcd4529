using System.Collections;
using System.Security.Cryptography;

namespace LanCollab.Plugins.Files;

/// <summary>
/// SHA-256 over a whole content while its blocks come in, on a thread of its own: the one that receives does not wait for it. Blocks that come in
/// their order are taken from memory; what is in the store already, or comes out of order, is read from there.
/// </summary>
/// <param name="count">How many blocks.</param>
/// <param name="read">Reads a stored block into a buffer; its length, or 0 when it is not stored any more.</param>
internal sealed class WholeHash(int count, Func<int, byte[], int> read) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Queue<ReceivedBlock> _held = new();
    private readonly BitArray _stored = new(count);
    private readonly Lock _lock = new();
    private Task _working = Task.CompletedTask;
    private bool _busy, _ended;
    private int _next;
    private Exception? _failure;

    /// <summary>
    /// A block has come. When it is the next one it is used until it has been taken in; it need not have been checked: whoever finds it wrong
    /// does not use this hash.
    /// </summary>
    public void Offer(int block, ReceivedBlock received)
    {
        lock (_lock)
        {
            // What is held is always in unbroken order, so that it goes away by itself and nobody waits for memory in vain.
            if (_ended || block != _next + _held.Count || (_held.Count == 0 && block < count && _stored[block])) return;
            received.Use();
            _held.Enqueue(received);
            Start();
        }
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
        Task working;
        lock (_lock)
        {
            _stored.SetAll(true);
            Start();
            working = _working;
        }
        await working.WaitAsync(cancellationToken).ConfigureAwait(false);
        return _next == count ? Convert.ToHexStringLower(_hash.GetCurrentHash()) : throw new IOException($"Block {_next} cannot be read from the store.", _failure);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _ended = true;
            while (_held.TryDequeue(out ReceivedBlock? block)) block.Release();
            // A block that is being taken in at this moment is finished first; the hash is then left to the collector.
            if (!_busy) _hash.Dispose();
        }
    }

    private void Start()
    {
        if (_busy || _ended || _next == count || (_held.Count == 0 && !_stored[_next])) return;
        (_busy, _working) = (true, Task.Run(Work));
    }

    private void Work()
    {
        byte[]? buffer = null;
        try
        {
            while (TakeNext(out int block, out ReceivedBlock? held))
            {
                if (held is not null)
                {
                    _hash.AppendData(held.Data.Span);
                    held.Release();
                    continue;
                }
                int length = read(block, buffer ??= BlockBuffers.Shared.Rent());
                if (length == 0)
                {
                    Stop(null);
                    return;
                }
                _hash.AppendData(buffer, 0, length);
                lock (_lock) _next = block + 1;
            }
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            Stop(e);
        }
        finally
        {
            if (buffer is not null) BlockBuffers.Shared.Return(buffer);
        }
    }

    /// <summary>Goes no further for now: the end tries once more, and tells.</summary>
    private void Stop(Exception? failure)
    {
        lock (_lock) (_busy, _failure) = (false, failure);
    }

    private bool TakeNext(out int block, out ReceivedBlock? held)
    {
        lock (_lock)
        {
            held = null;
            block = _next;
            // Said in the same breath as the decision, or a block that comes now would start nobody.
            if (_ended || _next == count || (_held.Count == 0 && !_stored[_next])) return _busy = false;
            if (_held.TryDequeue(out held)) _next++;
            return true;
        }
    }
}
