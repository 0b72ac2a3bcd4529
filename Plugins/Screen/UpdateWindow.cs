namespace LanCollab.Plugins.Screen;

/// <summary>
/// How many updates a sender may have under way to one receiver: those that are not acknowledged by <see cref="Shown"/>. It measures the
/// whole way, socket buffers included, and holds memory and delay of a slow receiver down to two updates.
/// </summary>
/// <param name="required">False: a receiver that has never acknowledged anything is limited by its connection alone.</param>
internal sealed class UpdateWindow(bool required) : IDisposable
{
    /// <summary>The most unacknowledged updates: one on the way while the other is shown.</summary>
    public const int Size = 2;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _free = new(Size, Size);
    private volatile bool _required = required;
    private bool _disposed;

    /// <summary>Waits for room and takes it.</summary>
    public async ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        if (_required) await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits for room without taking it.</summary>
    public async ValueTask RoomAsync(CancellationToken cancellationToken)
    {
        if (!_required) return;
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        Leave();
    }

    /// <summary>The receiver has shown an update.</summary>
    public void Acknowledged()
    {
        _required = true;
        Leave();
    }

    private void Leave()
    {
        // An acknowledgement too many gains its sender nothing.
        lock (_gate)
            if (!_disposed && _free.CurrentCount < Size) _free.Release();
    }

    /// <summary>Another connection: nothing is under way on it.</summary>
    public void Reset()
    {
        for (int i = 0; i < Size; i++) Leave();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        // An acknowledgement may still be on its way in on another thread.
        lock (_gate) _disposed = true;
        _free.Dispose();
    }
}
