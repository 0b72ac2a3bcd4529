namespace LanCollab.Contracts;

/// <summary>A token bucket on a monotonic clock: <paramref name="burst"/> at once, <paramref name="perSecond"/> in the long run.</summary>
/// <param name="perSecond">Tokens that grow each second.</param>
/// <param name="burst">Tokens at the start, and never more than these.</param>
/// <param name="time">Its timestamps are used, never the wall clock.</param>
/// <remarks>Not for several threads at a time.</remarks>
public sealed class TokenBucket(double perSecond, int burst, TimeProvider time)
{
    private double _tokens = burst;
    private long _filled = time.GetTimestamp();

    /// <summary>Takes a token; null when there was one, else how long until there will be.</summary>
    public TimeSpan? Take()
    {
        long now = time.GetTimestamp();
        _tokens = Math.Min(burst, _tokens + time.GetElapsedTime(_filled, now).TotalSeconds * perSecond);
        _filled = now;
        if (_tokens < 1) return TimeSpan.FromSeconds((1 - _tokens) / perSecond);
        _tokens--;
        return null;
    }
}
