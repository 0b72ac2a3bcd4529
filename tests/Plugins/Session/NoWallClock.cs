namespace LanCollab.Tests.Plugins.Session;

/// <summary>A clock of which only the monotonic side may be looked at: what works with it cannot be upset by a jump of the wall clock.</summary>
internal sealed class NoWallClock(TimeProvider inner) : TimeProvider
{
    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => throw new InvalidOperationException("The wall clock was asked.");

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        inner.CreateTimer(callback, state, dueTime, period);
}
