using LanCollab.Plugins.Media.Timing;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Media.Timing;

public class ArrivalClockTests
{
    private const int Rate = 90_000;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly ArrivalClock _clock;

    public ArrivalClockTests() => _clock = new ArrivalClock(_time, Rate, Window);

    [Fact]
    public void The_quickest_way_counts_however_late_the_others_are()
    {
        foreach (int late in new[] { 30, 5, 80, 12, 300 }) Arrive(late, first: 4_000_000_000);
        // 5 ms after its capture each would be here: the present one was captured 5 ms ago.
        AssertPresent(Stamp(4_000_000_000, Now - 5));
        Assert.Equal((Now + 5 + 40) / 1000.0, _clock.When(Stamp(4_000_000_000, Now + 40))!.Value, tolerance: 0.0001);
    }

    [Fact]
    public void Timestamps_wrap_around()
    {
        for (int i = 0; i < 10; i++) Arrive(5, first: uint.MaxValue - 9000);
        AssertPresent(Stamp(uint.MaxValue - 9000, Now - 5));
    }

    [Fact]
    public void A_source_that_stood_still_and_went_on_where_it_was_is_learnt_within_two_windows()
    {
        for (int i = 0; i < 40; i++) Arrive(5);
        for (int i = 0; i < 61; i++) Arrive(205);
        AssertPresent(Stamp(0, Now - 205));
    }

    [Fact]
    public void Another_clock_begins_anew_and_silence_ends_it()
    {
        Assert.Null(_clock.Present);
        Assert.Null(_clock.When(7));
        for (int i = 0; i < 3; i++) Arrive(5);
        for (int i = 0; i < 3; i++) Arrive(9, first: 2_000_000_000);
        AssertPresent(Stamp(2_000_000_000, Now - 9));
        _time.Advance(TimeSpan.FromSeconds(2.1));
        Assert.Null(_clock.Present);
    }

    // To a tick of rounding.
    private void AssertPresent(uint expected) => Assert.InRange((int)(_clock.Present!.Value - expected), -2, 2);

    private double Now => _time.GetElapsedTime(0).TotalMilliseconds;

    private static uint Stamp(uint first, double captured) => first + (uint)(long)Math.Round(captured * Rate / 1000);

    // A picture every 33 ms, captured that long before it comes.
    private void Arrive(int late, uint first = 0)
    {
        _time.Advance(TimeSpan.FromMilliseconds(33));
        _clock.Note(Stamp(first, Now - late));
    }
}
