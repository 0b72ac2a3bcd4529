using LanCollab.Host.Metrics;
using Microsoft.Extensions.Logging.Abstractions;

namespace LanCollab.Tests.Host.Metrics;

public class MemoryTrimTests
{
    private long _channels;
    private int _collected;

    [Fact]
    public void Memory_is_given_back_once_after_half_of_a_crowd_has_left_for_good()
    {
        MemoryTrim trim = Trim();
        foreach (long now in (long[])[0, 3000, 3000, 2000, 2000, 1400, 900]) Look(trim, now);
        Assert.Equal(0, _collected);
        Look(trim, 900);
        Look(trim, 900);
        Assert.Equal(1, _collected);
        foreach (long now in (long[])[500, 400, 400]) Look(trim, now);
        Assert.Equal(2, _collected);
    }

    [Fact]
    public void A_few_who_come_and_go_cost_no_collection()
    {
        MemoryTrim trim = Trim();
        foreach (long now in (long[])[0, 99, 99, 0, 0, 0, 60, 0, 0]) Look(trim, now);
        Assert.Equal(0, _collected);
    }

    [Fact]
    public void A_collection_runs_through_on_this_system() => MemoryTrim.Collect();

    private MemoryTrim Trim() => new(() => _channels, TimeProvider.System, () => _collected++, NullLogger.Instance);

    private void Look(MemoryTrim trim, long channels)
    {
        _channels = channels;
        trim.Look();
    }
}
