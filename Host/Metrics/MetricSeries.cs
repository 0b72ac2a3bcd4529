using System.Text;

namespace LanCollab.Host.Metrics;

/// <summary>One combination of labels of a metric and its value; histograms count by bucket, too. Recording takes no lock and allocates nothing.</summary>
internal sealed class MetricSeries
{
    private readonly KeyValuePair<string, object?>[] _tags;
    private readonly string _labels;
    private readonly double[] _bounds;
    private readonly long[] _buckets;
    private readonly string[] _bucketLabels;
    private double _value;
    private long _count;

    public MetricSeries(ReadOnlySpan<KeyValuePair<string, object?>> tags, double[] bounds)
    {
        _tags = [.. tags];
        _bounds = bounds;
        _buckets = new long[bounds.Length];
        string labels = _labels = PrometheusText.Labels(tags);
        _bucketLabels = [.. bounds.Append(double.PositiveInfinity).Select(bound => PrometheusText.With(labels, "le", PrometheusText.Number(bound)))];
    }

    /// <summary>False for what was there at an earlier scrape and is not any more.</summary>
    public bool Fresh { get; set; } = true;

    /// <summary>Whether these are its labels, in whatever order.</summary>
    public bool Is(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length != _tags.Length) return false;
        foreach (KeyValuePair<string, object?> tag in tags)
            if (!Has(tag)) return false;
        return true;
    }

    public void Set(double value)
    {
        Volatile.Write(ref _value, value);
        Fresh = true;
    }

    public void Add(double value)
    {
        double seen = Volatile.Read(ref _value), before;
        do before = seen;
        while ((seen = Interlocked.CompareExchange(ref _value, before + value, before)) != before);
    }

    public void Observe(double value)
    {
        for (int i = 0; i < _bounds.Length; i++)
        {
            if (value > _bounds[i]) continue;
            Interlocked.Increment(ref _buckets[i]);
            break;
        }
        Interlocked.Increment(ref _count);
        Add(value);
    }

    public void Write(StringBuilder text, string name) => PrometheusText.WriteSample(text, name, _labels, Volatile.Read(ref _value));

    /// <summary>Buckets count what is at most as large as their bound.</summary>
    public void WriteHistogram(StringBuilder text, string name)
    {
        long below = 0;
        for (int i = 0; i < _buckets.Length; i++) PrometheusText.WriteSample(text, name + "_bucket", _bucketLabels[i], below += Interlocked.Read(ref _buckets[i]));
        long all = Math.Max(below, Interlocked.Read(ref _count));
        PrometheusText.WriteSample(text, name + "_bucket", _bucketLabels[^1], all);
        PrometheusText.WriteSample(text, name + "_sum", _labels, Volatile.Read(ref _value));
        PrometheusText.WriteSample(text, name + "_count", _labels, all);
    }

    private bool Has(KeyValuePair<string, object?> tag)
    {
        foreach (KeyValuePair<string, object?> own in _tags)
            if (own.Key == tag.Key && Equals(own.Value, tag.Value)) return true;
        return false;
    }
}
