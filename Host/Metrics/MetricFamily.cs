using System.Diagnostics.Metrics;
using System.Text;

namespace LanCollab.Host.Metrics;

/// <summary>How an instrument's measurements make a value.</summary>
internal enum MetricKind
{
    /// <summary>Measurements are added; only grows.</summary>
    Counter,

    /// <summary>Measurements are added; may shrink.</summary>
    UpDown,

    /// <summary>The last measurement is the value.</summary>
    Gauge,

    /// <summary>Asked at each scrape; only grows.</summary>
    ObservedCounter,

    /// <summary>Asked at each scrape.</summary>
    ObservedGauge,

    /// <summary>Measurements are counted by size.</summary>
    Histogram,
}

/// <summary>One metric: a name and a series for each combination of labels.</summary>
/// <param name="name">In Prometheus' way.</param>
/// <param name="kind">How measurements make a value.</param>
/// <param name="help">One sentence.</param>
/// <param name="bounds">A histogram's buckets, ascending.</param>
internal sealed class MetricFamily(string name, MetricKind kind, string? help, double[] bounds)
{
    /// <summary>Series of one metric: a plugin that puts names into labels must not fill the memory. Further ones are not counted.</summary>
    public const int MaxSeries = 1000;

    /// <summary>Seconds from half a millisecond to ten; for a histogram that names no bounds of its own.</summary>
    private static readonly double[] DefaultBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Lock _lock = new();
    private volatile MetricSeries[] _series = [];

    public string Name => name;

    public MetricKind Kind => kind;

    /// <summary>Instruments whose measurements come here.</summary>
    public int Instruments { get; set; }

    public static MetricFamily Of(Instrument instrument, string prefix)
    {
        MetricKind kind = KindOf(instrument);
        string name = PrometheusText.Name(prefix, instrument.Name, instrument.Unit, kind is MetricKind.Counter or MetricKind.ObservedCounter);
        return new MetricFamily(name, kind, instrument.Description, kind == MetricKind.Histogram ? Bounds(instrument) : []);
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if ((Find(tags) ?? Add(tags)) is not { } series) return;
        if (kind == MetricKind.Histogram) series.Observe(value);
        else if (kind is MetricKind.Counter or MetricKind.UpDown) series.Add(value);
        else series.Set(value);
    }

    /// <summary>Before the observable instruments are asked: what they do not name any more is gone.</summary>
    public void BeginScrape()
    {
        if (kind is not (MetricKind.ObservedCounter or MetricKind.ObservedGauge)) return;
        lock (_lock)
        {
            _series = [.. _series.Where(s => s.Fresh)];
            foreach (MetricSeries series in _series) series.Fresh = false;
        }
    }

    public void Write(StringBuilder text)
    {
        MetricSeries[] all = [.. _series.Where(s => s.Fresh)];
        if (all.Length == 0) return;
        PrometheusText.WriteHead(text, name, kind switch
        {
            MetricKind.Counter or MetricKind.ObservedCounter => "counter",
            MetricKind.Histogram => "histogram",
            _ => "gauge",
        }, help);
        foreach (MetricSeries series in all)
        {
            if (kind == MetricKind.Histogram) series.WriteHistogram(text, name);
            else series.Write(text, name);
        }
    }

    private MetricSeries? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (MetricSeries series in _series)
            if (series.Is(tags)) return series;
        return null;
    }

    private MetricSeries? Add(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_lock)
        {
            if (Find(tags) is { } there) return there;
            if (_series.Length >= MaxSeries) return null;
            var made = new MetricSeries(tags, bounds);
            _series = [.. _series, made];
            return made;
        }
    }

    private static MetricKind KindOf(Instrument instrument) => instrument.GetType().GetGenericTypeDefinition() switch
    {
        var type when type == typeof(Counter<>) => MetricKind.Counter,
        var type when type == typeof(UpDownCounter<>) => MetricKind.UpDown,
        var type when type == typeof(Histogram<>) => MetricKind.Histogram,
        var type when type == typeof(ObservableCounter<>) => MetricKind.ObservedCounter,
        _ => instrument.IsObservable ? MetricKind.ObservedGauge : MetricKind.Gauge,
    };

    private static double[] Bounds(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } own } => [.. own],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } own } => [.. own.Select(bound => (double)bound)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } own } => [.. own.Select(bound => (double)bound)],
        _ => DefaultBounds,
    };
}
