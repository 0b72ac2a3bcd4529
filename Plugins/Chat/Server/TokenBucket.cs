namespace LanCollab.Plugins.Chat.Server;

/// <summary>A token bucket on a monotonic clock: <paramref name="burst"/> at once, <paramref name="perSecond"/> in the long run.</summary>
/// <remarks>Not for several threads at a time.</remarks>
internal sealed class TokenBucket(double perSecond, int burst, TimeProvider time)
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
