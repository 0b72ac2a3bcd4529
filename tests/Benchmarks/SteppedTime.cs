namespace LanCollab.Benchmarks;

/// <summary>A clock that stands still until it is moved: for what is measured as fast as it goes.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private long _now;

    /// <inheritdoc />
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc />
    public override long GetTimestamp() => _now;

    /// <summary>Lets time pass.</summary>
    public void Advance(TimeSpan by) => _now += by.Ticks;
}
