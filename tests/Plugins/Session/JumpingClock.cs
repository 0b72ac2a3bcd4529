namespace LanCollab.Tests.Plugins.Session;

/// <summary>A clock whose wall side is set forward and back while its monotonic side goes on, as when a machine gets its time from elsewhere.</summary>
internal sealed class JumpingClock(TimeProvider inner) : TimeProvider
{
    private TimeSpan _off;

    public override long TimestampFrequency => inner.TimestampFrequency;

    /// <summary>Sets the wall clock.</summary>
    public void Jump(TimeSpan by) => _off += by;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + _off;

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        inner.CreateTimer(callback, state, dueTime, period);
}
