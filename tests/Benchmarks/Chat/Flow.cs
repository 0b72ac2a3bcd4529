namespace LanCollab.Benchmarks.Chat;

/// <summary>Lines that have arrived, over all receivers; lets the sender wait for them without waking for each.</summary>
internal sealed class Flow
{
    private long _total, _wakeAt = long.MaxValue;
    private TaskCompletionSource _reached = new();

    public long Total => Interlocked.Read(ref _total);

    public void Add(int lines)
    {
        if (lines > 0 && Interlocked.Add(ref _total, lines) >= Volatile.Read(ref _wakeAt)) _reached.TrySetResult();
    }

    /// <summary>Waits until so many have arrived; one caller at a time.</summary>
    public Task ReachedAsync(long total, CancellationToken cancellationToken)
    {
        if (Total >= total) return Task.CompletedTask;
        _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _wakeAt, total);
        if (Total >= total) _reached.TrySetResult();
        return _reached.Task.WaitAsync(cancellationToken);
    }
}
