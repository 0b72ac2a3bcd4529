namespace LanCollab.Plugins.Media.Video;

/// <summary>When each picture is due, from the start on: errors of the single waits do not add up.</summary>
/// <param name="time">The clock.</param>
/// <param name="sourceFps">Pictures a second of the source.</param>
/// <param name="maxFps">Most that are wanted.</param>
internal sealed class FramePace(TimeProvider time, double sourceFps, int maxFps)
{
    // A machine that slept or is overloaded goes on from where it is instead of hurrying after.
    private static readonly TimeSpan TooLate = TimeSpan.FromMilliseconds(500);

    private readonly double _fps = Math.Min(sourceFps, maxFps);
    private long _start = time.GetTimestamp();

    /// <summary>How many pictures of the source to leave out before this one.</summary>
    public int SkipsBefore(uint frame) =>
        frame == 0 ? 0 : (int)((long)(frame * sourceFps / _fps) - (long)((frame - 1L) * sourceFps / _fps) - 1);

    /// <summary>True when a live picture comes so early that it is one too many.</summary>
    public bool IsEarly(uint frame) => Wait(frame) > TimeSpan.FromSeconds(0.5 / maxFps);

    /// <summary>Waits until the picture is due.</summary>
    public async ValueTask WaitAsync(uint frame, CancellationToken cancellationToken)
    {
        TimeSpan wait = Wait(frame);
        if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
        else if (wait < -TooLate) _start -= (long)(wait.TotalSeconds * time.TimestampFrequency);
    }

    private TimeSpan Wait(uint frame) => TimeSpan.FromSeconds(frame / _fps) - time.GetElapsedTime(_start);
}
