using System.Collections;
using System.Security.Cryptography;

namespace LanCollab.Plugins.Files;

/// <summary>
/// SHA-256 over a whole content while its blocks come in, on a thread of its own: the one that receives does not wait for it. A block that is
/// next is taken from memory; what was there before, or came too early, is read from the store again.
/// </summary>
/// <param name="count">How many blocks.</param>
/// <param name="read">Reads a stored block into a buffer; its length, or 0 when it is not stored yet.</param>
internal sealed class WholeHash(int count, Func<int, byte[], int> read) : IDisposable
{
    /// <summary>Blocks that may wait in memory for an earlier one that is missing.</summary>
    private const int MostEarly = 8;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Dictionary<int, (ReadOnlyMemory<byte> Data, Action Release)> _held = [];
    private readonly BitArray _early = new(count);
    private readonly Lock _lock = new();
    private Task _working = Task.CompletedTask;
    private bool _busy;
    private bool _ended;
    private int _next;

    /// <summary>A verified block that has been written.</summary>
    /// <param name="block">Its number.</param>
    /// <param name="data">Its bytes, valid until released.</param>
    /// <param name="release">Called once, from any thread.</param>
    public void Offer(int block, ReadOnlyMemory<byte> data, Action release)
    {
        bool held;
        lock (_lock)
        {
            held = TryHold(block, data, release);
            if (!_busy && !_ended && (_held.ContainsKey(_next) || IsEarly(_next))) (_busy, _working) = (true, Task.Run(Work));
        }
        if (!held) release();
    }

    /// <summary>Takes in what is still missing, when all blocks are stored.</summary>
    /// <returns>64 hex digits.</returns>
    public async Task<string> FinishAsync(CancellationToken cancellationToken)
    {
        Task working;
        lock (_lock) working = _working;
        await working.WaitAsync(cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            _early.SetAll(true);
            (_busy, _working) = (true, Task.Run(Work, CancellationToken.None));
            working = _working;
        }
        await working.WaitAsync(cancellationToken).ConfigureAwait(false);
        return _next == count ? Convert.ToHexStringLower(_hash.GetCurrentHash()) : throw new IOException($"Block {_next} cannot be read from the store.");
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _ended = true;
            foreach (var (_, release) in _held.Values) release();
            _held.Clear();
            // A block that is being taken in at this moment is finished first; the hash is then left to the collector.
            if (!_busy) _hash.Dispose();
        }
    }

    private bool TryHold(int block, ReadOnlyMemory<byte> data, Action release)
    {
        if (_ended || block < _next) return false;
        // Those in unbroken order may use up all of the upload's memory: whoever sends then feels that hashing is slower. Those after a gap may not.
        if (_held.Count < MostEarly || block == _next + _held.Count) return _held.TryAdd(block, (data, release));
        _early[block] = true;
        return false;
    }

    private bool IsEarly(int block) => block < count && _early[block];

    private void Work()
    {
        byte[]? buffer = null;
        while (TakeNext() is { } item)
        {
            if (item.Release is { } release)
            {
                _hash.AppendData(item.Data.Span);
                release();
                continue;
            }
            int length = read(item.Block, buffer ??= BlockBuffers.Shared.Rent());
            if (length == 0)
            {
                lock (_lock) _busy = false;
                break;
            }
            _hash.AppendData(buffer, 0, length);
            lock (_lock) _next = item.Block + 1;
        }
        if (buffer is not null) BlockBuffers.Shared.Return(buffer);
    }

    private (int Block, ReadOnlyMemory<byte> Data, Action? Release)? TakeNext()
    {
        lock (_lock)
        {
            if (!_ended && _next < count)
            {
                if (_held.Remove(_next, out var item)) return (_next++, item.Data, item.Release);
                if (_early[_next]) return (_next, default, null);
            }
            _busy = false;
            return null;
        }
    }
}
