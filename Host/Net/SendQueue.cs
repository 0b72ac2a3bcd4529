using System.Threading.Tasks.Sources;
using LanCollab.Contracts;

namespace LanCollab.Host.Net;

/// <summary>
/// What waits to be written to a channel, bounded in bytes. One reader (the channel's write loop) takes everything that waits at once, so
/// that small frames share a write; any number of writers. Frames are references: a payload that goes to a thousand channels is there once.
/// </summary>
/// <remarks>
/// Adding, waking the reader and taking allocate nothing: the queue is its own thread-pool item and its own awaitable. A reader that is awake is
/// not woken again, so that a burst costs one wake-up for each channel and not one for each frame.
/// </remarks>
/// <param name="limit">
/// Bytes that may wait. A frame that finds the queue empty is taken whatever its size, else a frame longer than the limit could never go.
/// </param>
internal sealed class SendQueue(long limit) : IValueTaskSource<bool>, IThreadPoolWorkItem
{
    /// <summary>An array that has grown beyond this in a burst is given up afterwards.</summary>
    private const int KeptFrames = 1024;

    private readonly Lock _lock = new();
    private FrameWriter? _writer;
    private Frame[] _waiting = [];
    private int _count;
    private ManualResetValueTaskSourceCore<bool> _wake;
    private TaskCompletionSource? _room;
    private long _bytes, _roomFor;
    private bool _asleep, _completed;

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>The reader that writes what is short on the thread of whoever adds it; see <see cref="TryAdd(ReadOnlySpan{Frame}, int)"/>.</summary>
    public void ReadBy(FrameWriter writer) => _writer = writer;

    public bool TryAdd(Frame frame) => TryAdd(new ReadOnlySpan<Frame>(in frame));

    /// <summary>All of them, in this order, or none.</summary>
    /// <param name="frames">What to write.</param>
    /// <param name="shortHere">
    /// Of up to so many bytes: when the reader sleeps they are written on the caller's thread, past the queue, and the reader sleeps on; it is woken for what the socket does not take at once.
    /// Above it, and by default, the reader goes on with them on a thread of the pool. <see cref="FrameWriter.Short"/> at most.
    /// </param>
    public bool TryAdd(ReadOnlySpan<Frame> frames, int shortHere = 0)
    {
        long size = SizeOf(frames);
        bool here;
        lock (_lock)
        {
            if (_completed || !HasRoom(size)) return false;
            here = _asleep && size <= shortHere && _writer is not null;
            if (here) _bytes += size;
            else Add(frames, size);
            if (!_asleep) return true;
            // Whoever has woken the reader is the reader until it sleeps again: here it is this thread.
            _asleep = false;
        }
        if (!here) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        else if (!_writer!.TryWrite(frames) || !SleepOn(size)) Wake();
        return true;
    }

    /// <summary>So many bytes have been written past the queue; false: there is more to do, and the reader must be woken.</summary>
    private bool SleepOn(long size)
    {
        Written(size);
        lock (_lock) return _asleep = _count == 0 && !_completed;
    }

    /// <exception cref="IOException">The channel has closed.</exception>
    public ValueTask AddAsync(Frame frame, CancellationToken cancellationToken) =>
        TryAdd(frame) ? ValueTask.CompletedTask : AddLaterAsync(frame, cancellationToken);

    private async ValueTask AddLaterAsync(Frame frame, CancellationToken cancellationToken)
    {
        do
        {
            Task room;
            lock (_lock)
            {
                if (_completed) throw new IOException("The channel has closed.");
                room = RoomAsync(SizeOf(new ReadOnlySpan<Frame>(in frame)));
            }
            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        while (!TryAdd(frame));
    }

    /// <summary>Those who wait are woken when there is room for the smallest of their frames, and not after each write in vain.</summary>
    private Task RoomAsync(long size)
    {
        if (HasRoom(size)) return Task.CompletedTask;
        _roomFor = _room is null ? size : Math.Min(_roomFor, size);
        return (_room ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    /// <summary>Waits until something waits; false after <see cref="Complete"/> when nothing is left. For the one reader.</summary>
    public ValueTask<bool> WaitAsync()
    {
        lock (_lock)
        {
            if (_count > 0) return new ValueTask<bool>(true);
            if (_completed) return new ValueTask<bool>(false);
            _wake.Reset();
            _asleep = true;
            return new ValueTask<bool>(this, _wake.Version);
        }
    }

    /// <summary>Takes all that waits, in exchange for an array that is no longer needed.</summary>
    public int Take(ref Frame[] frames)
    {
        Frame[] spare = frames.Length > KeptFrames ? [] : frames;
        lock (_lock)
        {
            (frames, _waiting) = (_waiting, spare);
            int count = _count;
            _count = 0;
            return count;
        }
    }

    /// <summary>Frames have been written: their bytes no longer count.</summary>
    public void Written(long bytes)
    {
        TaskCompletionSource? room;
        lock (_lock)
        {
            _bytes -= bytes;
            room = _room is not null && HasRoom(_roomFor) ? _room : null;
            if (room is not null) _room = null;
        }
        room?.TrySetResult();
    }

    /// <summary>Takes nothing more; what waits may still be written.</summary>
    public void Complete()
    {
        bool wake;
        lock (_lock)
        {
            _completed = true;
            _room?.TrySetResult();
            wake = _asleep;
            _asleep = false;
        }
        if (wake) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private bool HasRoom(long size) => _bytes == 0 || _bytes + size <= limit;

    private static long SizeOf(ReadOnlySpan<Frame> frames)
    {
        long size = (long)frames.Length * FrameLayout.HeaderSize;
        foreach (ref readonly Frame frame in frames) size += frame.Payload.Length;
        return size;
    }

    private void Add(ReadOnlySpan<Frame> frames, long size)
    {
        int needed = _count + frames.Length;
        if (needed > _waiting.Length) Array.Resize(ref _waiting, Math.Max(needed, Math.Max(4, _waiting.Length * 2)));
        frames.CopyTo(_waiting.AsSpan(_count));
        _count = needed;
        _bytes += size;
    }

    void IThreadPoolWorkItem.Execute() => Wake();

    /// <summary>Runs the write loop on this thread, from where it waits.</summary>
    private void Wake() => _wake.SetResult(true);

    bool IValueTaskSource<bool>.GetResult(short token) => _wake.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _wake.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wake.OnCompleted(continuation, state, token, flags);
}
