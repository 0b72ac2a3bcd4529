using System.Buffers;
using System.Runtime.CompilerServices;

namespace LanCollab.Host.Net;

/// <summary>
/// Between TLS and the socket. TLS reads and writes its records of 16 KiB one by one, each a system call that wakes the other side; while a long frame
/// goes through, this takes 256 KiB at a time. Whatever else goes through passes as it is, and no buffer is held meanwhile.
/// </summary>
/// <remarks>One reader and one writer at a time, as with any stream. All that is told about long frames comes from these two.</remarks>
internal sealed class BulkStream(Stream inner) : AsyncStream, ILongFrames
{
    /// <summary>What is moved at a time.</summary>
    public const int Size = 256 * 1024;

    /// <summary>Frames from here on are long.</summary>
    public const int LongFrame = 32 * 1024;

    private byte[]? _in, _out;
    private int _start, _end, _used;
    private bool _gathers;

    public bool ReadsAhead { get; set; }

    public void Gather()
    {
        _gathers = true;
        _out ??= ArrayPool<byte>.Shared.Rent(Size);
    }

    public async ValueTask ReleaseAsync(CancellationToken cancellationToken)
    {
        _gathers = false;
        if (_used > 0) await WriteGatheredAsync(cancellationToken).ConfigureAwait(false);
        if (_out is not null) ArrayPool<byte>.Shared.Return(_out);
        _out = null;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_start < _end) return new(TakeRead(buffer));
        return ReadsAhead && buffer.Length is > 0 and < Size ? ReadAheadAsync(buffer, cancellationToken) : inner.ReadAsync(buffer, cancellationToken);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_gathers) return inner.WriteAsync(buffer, cancellationToken);
        if (_used + buffer.Length > _out!.Length) return WriteThroughAsync(buffer, cancellationToken);
        buffer.CopyTo(_out.AsMemory(_used));
        _used += buffer.Length;
        return ValueTask.CompletedTask;
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    protected override void Dispose(bool disposing)
    {
        // The buffers are left to the collector: a read or a write may still be under way in them.
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private int TakeRead(Memory<byte> buffer)
    {
        int count = Math.Min(buffer.Length, _end - _start);
        _in.AsSpan(_start, count).CopyTo(buffer.Span);
        _start += count;
        if (_start == _end && !ReadsAhead) DropIn();
        return count;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadAheadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _in ??= ArrayPool<byte>.Shared.Rent(Size);
        (_start, _end) = (0, 0);
        _end = await inner.ReadAsync(_in.AsMemory(0, Size), cancellationToken).ConfigureAwait(false);
        return _end == 0 ? 0 : TakeRead(buffer);
    }

    private void DropIn()
    {
        ArrayPool<byte>.Shared.Return(_in!);
        _in = null;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WriteThroughAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_used > 0) await WriteGatheredAsync(cancellationToken).ConfigureAwait(false);
        if (buffer.Length > _out!.Length)
        {
            await inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
            return;
        }
        buffer.CopyTo(_out);
        _used = buffer.Length;
    }

    private ValueTask WriteGatheredAsync(CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> gathered = _out.AsMemory(0, _used);
        _used = 0;
        return inner.WriteAsync(gathered, cancellationToken);
    }
}
