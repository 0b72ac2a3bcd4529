using LanCollab.Plugins.Chat;
using LanCollab.Plugins.Chat.Client;

namespace LanCollab.Tests.Plugins.Chat;

public class LineFeedTests
{
    [Fact]
    public void Early_lines_wait_for_the_missing_one()
    {
        LineFeed feed = Started(through: 0);
        Assert.Empty(feed.Take(2, Line(2)));
        Assert.True(feed.HasGap);
        Assert.Equal([1L, 2], Numbers(feed.Take(1, Line(1))));
        Assert.False(feed.HasGap);
    }

    [Fact]
    public void Known_lines_are_dropped()
    {
        LineFeed feed = Started(through: 5);
        Assert.Empty(feed.Take(5, Line(5)));
        Assert.Equal([6L], Numbers(feed.Take(6, Line(6))));
        Assert.Empty(feed.Take(6, Line(6)));
    }

    [Fact]
    public void Hidden_numbers_count_without_a_line()
    {
        LineFeed feed = Started(through: 0);
        Assert.Empty(feed.Take(1, null));
        Assert.Equal([2L], Numbers(feed.Take(2, Line(2))));
    }

    [Fact]
    public void Lines_that_came_before_the_first_page_follow_it()
    {
        var feed = new LineFeed();
        Assert.Empty(feed.Take(3, Line(3)));
        Assert.Empty(feed.Take(4, Line(4)));
        Assert.Equal([1L, 2, 3, 4], Numbers(feed.Fill([Line(1), Line(2), Line(3)], through: 3)));
    }

    [Fact]
    public void More_early_lines_than_fit_leave_a_gap_that_is_known()
    {
        LineFeed feed = Started(through: 0);
        for (int seq = 2; seq < 1500; seq++) feed.Take(seq, Line(seq));
        feed.Take(1, Line(1));
        Assert.True(feed.HasGap);
        feed.Fill([.. Enumerable.Range((int)feed.Last!.Value + 1, 1499 - (int)feed.Last.Value).Select(n => Line(n))], through: 1499);
        Assert.False(feed.HasGap);
    }

    [Fact]
    public void Whatever_order_and_however_often_each_line_comes_out_once_and_in_order()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        for (int round = 0; round < 200; round++)
        {
            LineFeed feed = Started(through: 0);
            long[] arrivals = [.. Enumerable.Range(1, 40).Concat(Enumerable.Range(1, 40)).Select(n => (long)n)];
            random.Shuffle(arrivals);
            var got = new List<long>();
            foreach (long seq in arrivals)
            {
                got.AddRange(Numbers(feed.Take(seq, Line(seq))));
                if (random.Next(10) == 0) got.AddRange(Numbers(feed.Fill([.. Enumerable.Range(1, 20).Select(n => Line(n))], through: 20)));
            }
            Assert.True(got.SequenceEqual(Enumerable.Range(1, 40).Select(n => (long)n)), $"seed {seed}, round {round}: {string.Join(' ', got)}");
        }
    }

    private static LineFeed Started(long through)
    {
        var feed = new LineFeed();
        feed.Fill([], through);
        return feed;
    }

    private static IEnumerable<long> Numbers(IEnumerable<INews> lines) => lines.Select(line => line.Seq);

    private static Said Line(long seq) => new(seq, $"k{seq}", "a", "Ada", "hello", DateTimeOffset.UnixEpoch);
}
