using System.Diagnostics.Metrics;
using LanCollab.Host.Metrics;
using LanCollab.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace LanCollab.Tests.Host.Metrics;

public sealed class MetricSetTests : IDisposable
{
    private readonly MetricSet _metrics = new(NullLogger.Instance);
    private readonly Meter _poll;

    public MetricSetTests() => _poll = _metrics.Create("poll");

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void A_counter_carries_plugin_unit_help_and_labels()
    {
        Counter<long> votes = _poll.CreateCounter<long>("votes", "{vote}", "Votes that were\ncast.");
        votes.Add(2, new KeyValuePair<string, object?>("room", "a \"big\" one\\"));
        votes.Add(3, new KeyValuePair<string, object?>("room", "a \"big\" one\\"));
        votes.Add(1, new KeyValuePair<string, object?>("room", "other"));
        Assert.Equal(
            """
            # HELP lancollab_poll_votes_total Votes that were\ncast.
            # TYPE lancollab_poll_votes_total counter
            lancollab_poll_votes_total{room="a \"big\" one\\"} 5
            lancollab_poll_votes_total{room="other"} 1

            """, _metrics.Scrape());
    }

    [Fact]
    public void Labels_in_another_order_are_the_same_series()
    {
        Counter<int> votes = _poll.CreateCounter<int>("votes");
        votes.Add(1, new("a", 1), new("b", true));
        votes.Add(1, new("b", true), new("a", 1));
        Assert.Contains("lancollab_poll_votes_total{a=\"1\",b=\"True\"} 2\n", _metrics.Scrape());
    }

    [Fact]
    public void A_histogram_counts_up_to_each_bound()
    {
        Histogram<double> wait = _poll.CreateHistogram("wait", "s", "Wait.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.25, 1] });
        foreach (double value in (double[])[0.25, 0.5, 1, 4]) wait.Record(value);
        Assert.EndsWith(
            """
            lancollab_poll_wait_seconds_bucket{le="0.25"} 1
            lancollab_poll_wait_seconds_bucket{le="1"} 3
            lancollab_poll_wait_seconds_bucket{le="+Inf"} 4
            lancollab_poll_wait_seconds_sum 5.75
            lancollab_poll_wait_seconds_count 4

            """, _metrics.Scrape());
    }

    [Fact]
    public void Gauges_tell_the_present_and_forget_what_is_gone()
    {
        var rooms = new Dictionary<string, int> { ["a"] = 3, ["b"] = 4 };
        _poll.CreateObservableGauge("people", () => rooms.Select(r => new Measurement<int>(r.Value, new KeyValuePair<string, object?>("room", r.Key))));
        UpDownCounter<int> open = _poll.CreateUpDownCounter<int>("open");
        open.Add(3);
        open.Add(-1);
        _poll.CreateGauge<double>("level").Record(0.5);
        string text = _metrics.Scrape();
        Assert.Contains("lancollab_poll_people{room=\"a\"} 3\n", text);
        Assert.Contains("# TYPE lancollab_poll_open gauge\nlancollab_poll_open 2\n", text);
        Assert.Contains("lancollab_poll_level 0.5\n", text);
        rooms.Remove("a");
        text = _metrics.Scrape();
        Assert.DoesNotContain("room=\"a\"", text);
        Assert.Contains("lancollab_poll_people{room=\"b\"} 4\n", text);
    }

    [Fact]
    public void A_callback_that_throws_costs_nobody_else_a_figure()
    {
        _poll.CreateObservableGauge("broken", int () => throw new InvalidOperationException("broken"));
        _metrics.Create("other").CreateObservableGauge("fine", () => 1);
        Assert.Equal("# TYPE lancollab_other_fine gauge\nlancollab_other_fine 1\n", _metrics.Scrape());
    }

    [Fact]
    public void A_failed_plugin_takes_its_figures_along()
    {
        _poll.CreateCounter<int>("votes").Add(1);
        _metrics.Remove(_poll);
        Assert.Empty(_metrics.Scrape());
    }

    [Fact]
    public void Meters_of_others_in_the_process_are_not_listened_to()
    {
        using var stranger = new Meter("poll");
        stranger.CreateCounter<int>("votes").Add(1);
        Assert.Empty(_metrics.Scrape());
    }

    [Fact]
    public void Two_instruments_of_one_name_are_one_metric_and_one_that_measures_otherwise_is_left_out()
    {
        _poll.CreateCounter<int>("votes").Add(1);
        _metrics.Create("poll").CreateCounter<int>("votes").Add(2);
        _poll.CreateGauge<int>("votes_total").Record(9);
        Assert.Equal("# TYPE lancollab_poll_votes_total counter\nlancollab_poll_votes_total 3\n", _metrics.Scrape());
    }

    [Fact]
    public void Names_put_into_labels_do_not_fill_the_memory()
    {
        Counter<int> votes = _poll.CreateCounter<int>("votes");
        for (int i = 0; i < 2 * MetricFamily.MaxSeries; i++) votes.Add(1, new KeyValuePair<string, object?>("by", i));
        Assert.Equal(1 + MetricFamily.MaxSeries, _metrics.Scrape().Count(c => c == '\n'));
    }

    [Fact]
    public void Counting_allocates_nothing()
    {
        Counter<long> packets = _poll.CreateCounter<long>("packets");
        Histogram<double> wait = _poll.CreateHistogram<double>("wait");
        KeyValuePair<string, object?> bound = new("kind", "voice");
        Assert.Equal(0, Allocated.Least(1000, () =>
        {
            packets.Add(1);
            packets.Add(1, bound);
            wait.Record(0.01);
        }));
    }

    [Fact]
    public async Task Nothing_is_lost_when_many_count_at_once()
    {
        Counter<double> votes = _poll.CreateCounter<double>("votes");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
        {
            for (int n = 0; n < 10_000; n++) votes.Add(1, new KeyValuePair<string, object?>("by", n % 3));
        })));
        Assert.Equal(80_000, _metrics.Scrape().Split('\n').Where(l => l.StartsWith("lancollab_", StringComparison.Ordinal)).Sum(l => double.Parse(l.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)));
    }
}
