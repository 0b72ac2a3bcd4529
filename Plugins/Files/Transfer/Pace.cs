namespace LanCollab.Plugins.Files;

/// <summary>Keeps a stream below a rate: each block waits until the ones before it have had their time.</summary>
/// <param name="bytesPerSecond">0 = never waits.</param>
/// <param name="time">The clock.</param>
internal sealed class Pace(long bytesPerSecond, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _due;

    /// <summary>Waits until a block may go.</summary>
    public async ValueTask TakeAsync(int bytes, CancellationToken cancellationToken)
    {
        if (bytesPerSecond == 0) return;
        TimeSpan now = time.GetElapsedTime(_start);
        if (_due > now) await Task.Delay(_due - now, time, cancellationToken).ConfigureAwait(false);
        // Time that was not used is gone: after a pause there is no burst.
        _due = (_due > now ? _due : now) + TimeSpan.FromSeconds((double)bytes / bytesPerSecond);
    }
}
