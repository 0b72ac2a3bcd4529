using LanCollab.Plugins.Media.Audio;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Media.Audio;

public sealed class FrameClockTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_late_beat_is_made_up_for_so_that_nothing_drifts()
    {
        using var clock = new FrameClock(_time);
        int beats = 0;
        foreach (int milliseconds in new[] { 33, 20, 61, 26, 60 })
        {
            _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
            beats += await clock.WaitAsync(TestContext.Current.CancellationToken);
        }
        Assert.Equal(200 / 20, beats);
        Assert.Equal(0, clock.Skipped);
    }

    [Fact]
    public async Task After_a_standstill_only_a_few_beats_are_made_up()
    {
        using var clock = new FrameClock(_time);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(FrameClock.MaxCatchUp, await clock.WaitAsync(TestContext.Current.CancellationToken));
        Assert.Equal(500 - FrameClock.MaxCatchUp, clock.Skipped);
    }

    [Fact]
    public async Task No_beat_is_due_before_its_time()
    {
        using var clock = new FrameClock(_time);
        ValueTask<int> beat = clock.WaitAsync(TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromMilliseconds(19));
        Assert.False(beat.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(2));
        Assert.Equal(1, await beat);
    }

    [Fact]
    public void A_thread_that_waits_has_no_timer_that_wakes_up_the_pool()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var clock = new FrameClock(new TimeWithoutTimers());
        Assert.InRange(clock.Wait(), 1, FrameClock.MaxCatchUp);
    }

    private sealed class TimeWithoutTimers : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => throw new InvalidOperationException("a timer was made");
    }
}
