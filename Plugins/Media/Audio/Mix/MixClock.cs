namespace LanCollab.Plugins.Media.Audio.Mix;

/// <summary>
/// A beat of sound, the hub's and a daemon's: 20 ms (or another length of frames) on the monotonic clock, on a thread of its own where the real clock runs, so that a thread pool that is busy, with
/// pictures above all, never makes it late. A test's clock beats on the pool.
/// </summary>
internal sealed class MixClock(TimeProvider time, int samples = AudioFormat.FrameSize)
{
    /// <summary>Lateness from which on a beat counts as late: a quarter of the distance between two.</summary>
    public static readonly TimeSpan Late = AudioFormat.FrameDuration / 4;

    private readonly LatenessTally _lateness = new();
    private long _beats, _late, _skipped;

    /// <summary>Beats so far, those that were late, and those that were left out since the machine stood still.</summary>
    public (long All, long Late, long Skipped) Beats => (Interlocked.Read(ref _beats), Interlocked.Read(ref _late), Interlocked.Read(ref _skipped));

    /// <summary>How late beats were.</summary>
    public LatenessTally Lateness => _lateness;

    /// <summary>Called when the clock starts: the first beat is due one beat later.</summary>
    public Action? Begins { get; init; }

    /// <summary>Asked after each beat by how much those to come are to be moved.</summary>
    public Func<TimeSpan>? Shift { get; init; }

    /// <summary>Calls for each beat until cancelled.</summary>
    public Task RunAsync(Action beat, CancellationToken cancellationToken) => time == TimeProvider.System && OperatingSystem.IsLinux()
        ? Task.Factory.StartNew(() => Run(beat, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
        : FollowAsync(beat, cancellationToken);

    private void Run(Action beat, CancellationToken cancellationToken)
    {
        Urgency.Raise();
        using var clock = new FrameClock(time, samples);
        Begins?.Invoke();
        while (!cancellationToken.IsCancellationRequested) Beat(clock, clock.Wait(), beat);
    }

    private async Task FollowAsync(Action beat, CancellationToken cancellationToken)
    {
        using var clock = new FrameClock(time, samples);
        Begins?.Invoke();
        try
        {
            while (true) Beat(clock, await clock.WaitAsync(cancellationToken).ConfigureAwait(false), beat);
        }
        catch (OperationCanceledException)
        {
            // The program stops.
        }
    }

    private void Beat(FrameClock clock, int due, Action beat)
    {
        _lateness.Note(clock.Lateness);
        if (clock.Lateness > Late) Interlocked.Increment(ref _late);
        Interlocked.Exchange(ref _skipped, clock.Skipped);
        for (; due > 0; due--)
        {
            beat();
            Interlocked.Increment(ref _beats);
        }
        if (Shift is { } shift) clock.Shift(shift());
        if (Urgency.IsRaised) TimelyCollections.Look();
    }
}
