using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;

namespace LanCollab.Host.Net;

/// <summary>One reader's waits for one socket, one at a time: its own awaitable and its own item of the pool, so that a wait allocates nothing.</summary>
internal sealed class ReadyWait : IValueTaskSource, IThreadPoolWorkItem, IDisposable
{
    private readonly ReadyLoop _loop;
    private readonly SafeHandle _socket;
    private readonly long _id;
    private ManualResetValueTaskSourceCore<bool> _source;
    private CancellationTokenRegistration _cancelling;
    private Exception? _failure;
    private long _since;
    private int _isWaiting;
    private bool _known;
    private volatile bool _disposed;

    /// <param name="loop">Who waits for it.</param>
    /// <param name="socket">Somebody else's.</param>
    public ReadyWait(ReadyLoop loop, SafeHandle socket)
    {
        (_loop, _socket) = (loop, socket);
        _id = loop.Join(this);
    }

    /// <inheritdoc cref="ReadyKind.LeavesSenders"/>
    public bool LeavesSenders => _loop.Kind.LeavesSenders;

    /// <summary>Waits until something can be read, or the other end has closed. It may have been read meanwhile.</summary>
    /// <exception cref="OperationCanceledException">By the token.</exception>
    /// <exception cref="ObjectDisposedException">This, or the socket, was disposed of.</exception>
    public ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        _source.Reset();
        (_failure, _since) = (null, _loop.Time.GetTimestamp());
        Interlocked.Exchange(ref _isWaiting, 1);
        // From here on it may end at any moment, on any thread, once.
        _cancelling = cancellationToken.UnsafeRegister(static (wait, token) => ((ReadyWait)wait!).Fail(new OperationCanceledException(token)), this);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _loop.Arm(_socket, _id, first: !_known);
            _known = true;
        }
        catch (Exception e) when (e is ObjectDisposedException or IOException)
        {
            Fail(e);
        }
        return new ValueTask(this, _source.Version);
    }

    /// <summary>Something can be read.</summary>
    /// <param name="here">The reader may go on within this call.</param>
    public void Ready(bool here)
    {
        if (Interlocked.Exchange(ref _isWaiting, 0) == 0) return;
        if (here && _loop.Time.GetElapsedTime(_since) >= _loop.Kind.Calm) _source.SetResult(true);
        else ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Who waits, and whoever waits later, finds it disposed of.</summary>
    public void Dispose()
    {
        _disposed = true;
        _loop.Leave(_id);
        Fail(null);
    }

    /// <summary>Never within the call: who cancels or disposes may hold locks.</summary>
    private void Fail(Exception? why)
    {
        if (Interlocked.Exchange(ref _isWaiting, 0) == 0) return;
        _failure = why ?? new ObjectDisposedException(nameof(PromptStream));
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_failure is { } failure) _source.SetException(failure);
        else _source.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token)
    {
        // Waits for one that is just being called, so that it cannot meet the next wait.
        _cancelling.Dispose();
        _source.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _source.OnCompleted(continuation, state, token, flags);
}
