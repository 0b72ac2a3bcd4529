using LanCollab.Contracts;

namespace LanCollab.Host.Net;

/// <summary>
/// What waits to be written to a channel, bounded in bytes. One reader (the channel's write loop) takes everything that waits at once, so
/// that small frames share a write; any number of writers.
/// </summary>
/// <param name="limit">
/// Bytes that may wait. A frame that finds the queue empty is taken whatever its size, else a frame longer than the limit could never go.
/// </param>
internal sealed class SendQueue(long limit)
{
    private readonly Lock _lock = new();
    private Queue<Frame> _waiting = new();
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _work;
    private long _bytes;
    private bool _completed;

    public long Bytes => Interlocked.Read(ref _bytes);

    public bool TryAdd(Frame frame)
    {
        lock (_lock) return !_completed && HasRoom(frame) && Add(frame);
    }

    /// <exception cref="IOException">The channel has closed.</exception>
    public async ValueTask AddAsync(Frame frame, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (_lock)
            {
                if (_completed) throw new IOException("The channel has closed.");
                if (HasRoom(frame)) { Add(frame); return; }
                room = (_room ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes all that waits, in exchange for an empty queue; null after <see cref="Complete"/> when nothing is left.</summary>
    public async ValueTask<Queue<Frame>?> TakeAsync(Queue<Frame> spare)
    {
        while (true)
        {
            Task work;
            lock (_lock)
            {
                if (_waiting.Count > 0) return Exchange(spare);
                if (_completed) return null;
                work = (_work = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            await work.ConfigureAwait(false);
        }
    }

    /// <summary>Frames have been written: their bytes no longer count.</summary>
    public void Written(long bytes)
    {
        TaskCompletionSource? room;
        lock (_lock)
        {
            Interlocked.Add(ref _bytes, -bytes);
            room = _room;
            _room = null;
        }
        room?.TrySetResult();
    }

    /// <summary>Takes nothing more; what waits may still be written.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _completed = true;
            _room?.TrySetResult();
            _work?.TrySetResult();
        }
    }

    private bool HasRoom(Frame frame) => _bytes == 0 || _bytes + frame.Payload.Length + FrameLayout.HeaderSize <= limit;

    private bool Add(Frame frame)
    {
        Interlocked.Add(ref _bytes, frame.Payload.Length + FrameLayout.HeaderSize);
        _waiting.Enqueue(frame);
        _work?.TrySetResult();
        return true;
    }

    private Queue<Frame> Exchange(Queue<Frame> spare)
    {
        Queue<Frame> taken = _waiting;
        _waiting = spare;
        return taken;
    }
}
