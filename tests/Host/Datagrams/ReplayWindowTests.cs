using CsCheck;
using LanCollab.Host.Datagrams;

namespace LanCollab.Tests.Host.Datagrams;

public class ReplayWindowTests
{
    [Fact]
    public void It_agrees_with_a_set_that_forgets_what_is_older_than_the_window() =>
        Gen.Long[1, 5000].Array[1, 3000].Sample(numbers =>
        {
            var window = new ReplayWindow();
            var seen = new HashSet<long>();
            long highest = 0;
            foreach (long number in numbers)
            {
                bool fresh = number > highest - ReplayWindow.Size && seen.Add(number);
                highest = Math.Max(highest, number);
                Assert.Equal(fresh, window.TryAccept(number));
            }
        }, iter: 200);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Numbers_start_at_one(long number) => Assert.False(new ReplayWindow().TryAccept(number));

    [Fact]
    public void A_jump_beyond_the_window_forgets_all_of_it()
    {
        var window = new ReplayWindow();
        Assert.True(window.TryAccept(1));
        Assert.True(window.TryAccept(100_000));
        Assert.False(window.TryAccept(100_000 - ReplayWindow.Size));
        Assert.True(window.TryAccept(100_001 - ReplayWindow.Size));
    }
}
