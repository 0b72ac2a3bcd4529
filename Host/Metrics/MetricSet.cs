using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Metrics;

/// <summary>
/// The meters of one run, the shell's and the plugins', and their state as text for Prometheus. Only meters that were made here are listened to: two
/// servers in one process (tests) do not see each other.
/// </summary>
internal sealed class MetricSet : IDisposable
{
    /// <summary>What the names of all our metrics begin with.</summary>
    public const string Prefix = "lancollab";

    private readonly ILogger _log;
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly Lock _scraping = new();
    private readonly Dictionary<Meter, string> _meters = new(ReferenceEqualityComparer.Instance);
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);

    public MetricSet(ILogger log)
    {
        _log = log;
        _listener.InstrumentPublished = Published;
        _listener.MeasurementsCompleted = (_, state) => Completed((MetricFamily)state!);
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, state) => ((MetricFamily)state!).Record((double)value, tags));
        _listener.Start();
    }

    /// <summary>Makes a meter whose metrics are named <c>lancollab_&lt;name&gt;_…</c>.</summary>
    /// <param name="plugin">The plugin's name.</param>
    public Meter Create(string plugin) => Create(plugin, $"{Prefix}_{plugin}");

    /// <summary>Makes a meter whose metrics begin with a prefix.</summary>
    public Meter Create(string name, string prefix)
    {
        var meter = new Meter(name);
        lock (_lock) _meters[meter] = prefix;
        return meter;
    }

    /// <summary>Takes a failed plugin's metrics back.</summary>
    public void Remove(Meter meter)
    {
        meter.Dispose();
        lock (_lock) _meters.Remove(meter);
    }

    /// <summary>Asks the observable instruments and writes everything.</summary>
    public string Scrape()
    {
        // One at a time: a scrape marks what it has seen.
        lock (_scraping)
        {
            foreach (MetricFamily family in Families()) family.BeginScrape();
            Observe();
            var text = new StringBuilder(16 * 1024);
            foreach (MetricFamily family in Families()) family.Write(text);
            return text.ToString();
        }
    }

    public void Dispose()
    {
        Meter[] meters;
        lock (_lock) meters = [.. _meters.Keys];
        foreach (Meter meter in meters) meter.Dispose();
        _listener.Dispose();
    }

    private void Observe()
    {
        try
        {
            _listener.RecordObservableInstruments();
        }
        // One plugin's callback that throws must not take everybody's figures along; all others have been asked nevertheless.
        catch (AggregateException e)
        {
            foreach (Exception one in e.InnerExceptions) HostLog.MetricFault(_log, one.Message, one);
        }
    }

    private MetricFamily[] Families()
    {
        lock (_lock) return [.. _families.Values];
    }

    private void Published(Instrument instrument, MeterListener listener)
    {
        MetricFamily? family;
        lock (_lock)
        {
            if (!_meters.TryGetValue(instrument.Meter, out string? prefix)) return;
            family = MetricFamily.Of(instrument, prefix);
            // Two instruments of one name are one metric, as long as they measure alike.
            if (_families.TryGetValue(family.Name, out MetricFamily? there)) family = there.Kind == family.Kind ? there : null;
            else _families[family.Name] = family;
            if (family is not null) family.Instruments++;
        }
        if (family is not null) listener.EnableMeasurementEvents(instrument, family);
        else HostLog.MetricClash(_log, instrument.Meter.Name, instrument.Name);
    }

    private void Completed(MetricFamily family)
    {
        lock (_lock)
        {
            if (--family.Instruments == 0) _families.Remove(family.Name);
        }
    }
}
