namespace LanCollab.Plugins.Media.Audio;

/// <summary>
/// Beats every 20 ms, counted from its start on the monotonic clock: a late beat is made up for, so that it never drifts; after a longer
/// standstill (a suspended machine) at most <see cref="MaxCatchUp"/> beats are made up and the rest is left out.
/// </summary>
internal sealed class FrameClock : IDisposable
{
    /// <summary>Beats that are made up at once.</summary>
    public const int MaxCatchUp = 5;

    private readonly TimeProvider _time;
    private readonly PeriodicTimer _timer;
    private readonly long _start;
    private long _beats;

    /// <summary>Starts now: the first beat is due in 20 ms.</summary>
    public FrameClock(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
        _timer = new PeriodicTimer(AudioFormat.FrameDuration, time);
    }

    /// <summary>Beats that were left out.</summary>
    public long Skipped { get; private set; }

    /// <summary>Waits until at least one beat is due.</summary>
    /// <returns>How many are due; each is to be done once.</returns>
    public async ValueTask<int> WaitAsync(CancellationToken cancellationToken)
    {
        int due;
        while ((due = Due()) == 0)
        {
            TimeSpan rest = (_beats + 1) * AudioFormat.FrameDuration - _time.GetElapsedTime(_start);
            // The timer counts whole milliseconds; waking a little early only costs another round.
            _timer.Period = rest > TimeSpan.FromMilliseconds(1) ? rest : TimeSpan.FromMilliseconds(1);
            await _timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
        }
        return due;
    }

    private int Due()
    {
        long due = _time.GetElapsedTime(_start).Ticks / AudioFormat.FrameDuration.Ticks - _beats;
        long done = Math.Min(due, MaxCatchUp);
        _beats += due;
        Skipped += due - done;
        return (int)done;
    }

    /// <inheritdoc />
    public void Dispose() => _timer.Dispose();
}
