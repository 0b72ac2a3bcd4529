using LanCollab.Plugins.Media.Video;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Media.Video;

public class GapDetectorTests
{
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(20);

    private readonly FakeTimeProvider _time = new();
    private readonly GapDetector _gaps;

    public GapDetectorTests() => _gaps = new GapDetector(_time);

    [Fact]
    public void What_is_missing_is_asked_for_as_soon_as_three_later_ones_have_come()
    {
        Note(1, 3, 4);
        Assert.Empty(Due());
        Note(5);
        Assert.Equal([2u], Due());
        Assert.True(_gaps.MayCome(before: 3));
        Note(2);
        Assert.False(_gaps.MayCome(before: 3));
        Assert.Equal((1u, 1L), (_gaps.Missing, _gaps.Recovered));
    }

    [Fact]
    public void What_overtakes_is_not_asked_for()
    {
        Note(1, 3, 2, 4, 5, 6);
        After(10);
        Assert.Empty(Due());
        Assert.Equal((6u, 0u), (_gaps.Received, _gaps.Missing));
    }

    [Fact]
    public void Request_is_repeated_after_a_round_trip_and_given_up_when_it_would_be_late()
    {
        Note(1, 3);
        After(5);
        Assert.Equal([2u], Due());
        After(25);
        Assert.Empty(Due());
        After(1);
        Assert.Equal([2u], Due());
        After(150);
        Assert.Empty(Due());
        Assert.False(_gaps.IsWaiting);
        Assert.Equal(1, _gaps.GivenUp);
    }

    [Fact]
    public void End_of_a_burst_can_be_expected()
    {
        Note(1, 2);
        _gaps.Expect(4);
        After(5);
        Assert.Equal([3u, 4u], Due());
        Note(5);
        Assert.Equal(3u, _gaps.Received);
    }

    [Fact]
    public void Numbers_wrap_around()
    {
        Note(uint.MaxValue - 1, 1);
        After(5);
        Assert.Equal([uint.MaxValue, 0u], Due());
    }

    [Fact]
    public void Jump_by_2_to_the_31_asks_for_nothing_and_many_in_a_row_are_a_new_count()
    {
        Note(1, 2);
        Assert.False(_gaps.Note(0x8000_0002));
        Assert.True(_gaps.Note(3));
        for (uint i = 0; i < 31; i++) Assert.False(_gaps.Note(0x9000_0000 + i));
        Assert.True(_gaps.Note(0x9000_0000 + 31));
        After(5);
        Assert.Empty(Due());
    }

    private void Note(params uint[] numbers)
    {
        foreach (uint number in numbers) Assert.True(_gaps.Note(number));
    }

    private void After(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    private uint[] Due()
    {
        uint[] numbers = new uint[64];
        return numbers[.._gaps.Due(RoundTrip, numbers)];
    }
}
