using System.Collections.Concurrent;
using LanCollab.Host.Metrics;

namespace LanCollab.Host.Net;

/// <summary>
/// Closes channels whose other side keeps a frame half sent (slow-loris): while the rest of a begun frame is waited for, so many bytes must come. Between
/// frames a channel may be silent for as long as it likes, and a hub that does not read asks for nothing.
/// </summary>
/// <param name="bytesPerSecond">The least; asked each time, since it may change. 0 = no limit.</param>
/// <param name="limits">Counts what was closed.</param>
/// <param name="time">For the sweeps.</param>
internal sealed class FrameRateWatch(Func<int> bytesPerSecond, LimitTally limits, TimeProvider time)
{
    /// <summary>Sweeps that are looked at together. Counted and not timed: a process that was stopped for a while has not given its peers a chance.</summary>
    public const int Window = 10;

    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<FrameChannel, Progress> _watched = new();

    private sealed class Progress
    {
        public long Frame { get; set; } = -1;

        public int Bytes { get; set; }

        public int Sweeps { get; set; }
    }

    public void Add(FrameChannel channel) => _watched[channel] = new Progress();

    public void Remove(FrameChannel channel) => _watched.TryRemove(channel, out _);

    /// <summary>Sweeps until the token ends.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Ticker.RunAsync(Interval, time, Sweep, cancellationToken);

    /// <summary>Looks at every channel once.</summary>
    public void Sweep()
    {
        int least = bytesPerSecond() * Window;
        foreach ((FrameChannel channel, Progress seen) in _watched)
            if (IsTooSlow(channel.Awaited, seen, least)) Close(channel, least / Window);
    }

    private static bool IsTooSlow((long Frame, int Bytes) now, Progress seen, int least)
    {
        bool same = now.Bytes > 0 && now.Frame == seen.Frame;
        if (same && ++seen.Sweeps < Window) return false;
        bool slow = same && now.Bytes - seen.Bytes < least;
        (seen.Frame, seen.Bytes, seen.Sweeps) = (now.Bytes > 0 ? now.Frame : -1, now.Bytes, 0);
        return slow;
    }

    private void Close(FrameChannel channel, int least)
    {
        limits.FrameRate.Add();
        Remove(channel);
        channel.Close($"A frame stayed half sent: at least {least} bytes a second must come of a begun one.");
    }
}
