namespace LanCollab.Host.Metrics;

/// <summary>A number that grows (or shrinks) on any thread and is read by a scrape: counting costs one addition and allocates nothing.</summary>
internal sealed class Tally
{
    private long _value;

    public long Value => Interlocked.Read(ref _value);

    public void Add(long amount = 1) => Interlocked.Add(ref _value, amount);
}
