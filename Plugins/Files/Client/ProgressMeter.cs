using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>Tells the pages how a transfer stands: every change of state, and otherwise about five times a second.</summary>
/// <param name="bridge">To the pages.</param>
/// <param name="time">The clock.</param>
/// <param name="id">The transfer.</param>
/// <param name="name">The file.</param>
/// <param name="direction"><c>up</c> or <c>down</c>.</param>
internal sealed class ProgressMeter(IBridge bridge, TimeProvider time, string id, string name, string direction)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private const double Smoothing = 0.3;

    private readonly Lock _lock = new();
    private long _at = time.GetTimestamp();
    private long _atDone;
    private double _rate;

    /// <summary>What was told last; null before the first.</summary>
    public TransferProgress? Latest { get; private set; }

    /// <summary>A connection begins at an offset: what is before it was not moved by it.</summary>
    public void Begin(long offset, long total)
    {
        lock (_lock)
        {
            (_at, _atDone, _rate) = (time.GetTimestamp(), offset, 0);
            Tell(offset, total, "running", null);
        }
    }

    /// <summary>Bytes have moved.</summary>
    public void Moved(long done, long total)
    {
        lock (_lock)
        {
            TimeSpan passed = time.GetElapsedTime(_at);
            if (passed < Interval) return;
            double now = (done - _atDone) / passed.TotalSeconds;
            _rate = _rate == 0 ? now : _rate + Smoothing * (now - _rate);
            (_at, _atDone) = (time.GetTimestamp(), done);
            Tell(done, total, "running", null);
        }
    }

    /// <summary>Another state.</summary>
    public void Become(string state, long done, long total, string? reason = null)
    {
        lock (_lock)
        {
            _rate = 0;
            // A hub that stays away is told once, not at each attempt.
            if (Latest is { } latest && latest.State == state && latest.Reason == reason && latest.Done == done) return;
            Tell(done, total, state, reason);
        }
    }

    private void Tell(long done, long total, string state, string? reason)
    {
        Latest = new TransferProgress(id, done, total, (long)_rate, direction, state, name, reason);
        bridge.Publish(Latest);
    }
}
