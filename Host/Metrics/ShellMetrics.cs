using System.Diagnostics.Metrics;

namespace LanCollab.Host.Metrics;

/// <summary>
/// The shell's own figures. Everything is counted in tallies anyway and read at a scrape only, so that a packet pays nothing for being counted here.
/// </summary>
/// <param name="streams">The TCP services.</param>
/// <param name="datagrams">The UDP services.</param>
/// <param name="limits">Limits that were hit.</param>
/// <param name="plugins">The plugins with their states.</param>
internal sealed class ShellMetrics(
    IReadOnlyList<ServiceTally> streams, IReadOnlyList<DatagramTally> datagrams, LimitTally limits, Func<IReadOnlyList<PluginState>> plugins)
{
    public void AddTo(MetricSet metrics)
    {
        Meter meter = metrics.Create("shell", MetricSet.Prefix);
        AddStreams(meter);
        AddDatagrams(meter);
        meter.CreateObservableCounter("limits_hit", Limits, null, "How often a limit of the shell was hit.");
        meter.CreateObservableGauge("plugin_state", States, null, "1 for the state a plugin is in, 0 for the others.");
    }

    private void AddStreams(Meter meter)
    {
        meter.CreateObservableGauge("channels_open", () => OfStreams(s => s.Channels), null, "Open channels.");
        meter.CreateObservableCounter("received", () => OfStreams(s => s.BytesIn), "By", "Bytes of frames received, without TLS.");
        meter.CreateObservableCounter("sent", () => OfStreams(s => s.BytesOut), "By", "Bytes of frames sent, without TLS.");
        meter.CreateObservableCounter("handshakes", Handshakes, null, "Handshakes by their end: accepted, refused with a sentence, failed.");
        meter.CreateObservableCounter("send_queue_overflows", () => OfStreams(s => s.Overflows), null, "Frames that found the send queue of their channel full.");
    }

    private void AddDatagrams(Meter meter)
    {
        meter.CreateObservableCounter("datagrams_received", () => OfDatagrams(d => d.In), null, "Authentic datagrams.");
        meter.CreateObservableCounter("datagrams_sent", () => OfDatagrams(d => d.Out), null, "Datagrams handed to the system.");
        meter.CreateObservableCounter("datagrams_received_size", () => OfDatagrams(d => d.BytesIn), "By", "Bytes of authentic datagrams.");
        meter.CreateObservableCounter("datagrams_sent_size", () => OfDatagrams(d => d.BytesOut), "By", "Bytes of datagrams handed to the system.");
        meter.CreateObservableCounter("datagrams_unsent", () => OfDatagrams(d => d.Unsent), null, "Datagrams that the system did not take.");
        meter.CreateObservableCounter("datagrams_refused", Refused, null, "Datagrams that were dropped unanswered, by reason.");
    }

    private IEnumerable<Measurement<long>> OfStreams(Func<ServiceTally, Tally> which) => streams.Select(s => Of(which(s), s.Service));

    private IEnumerable<Measurement<long>> OfDatagrams(Func<DatagramTally, Tally> which) => datagrams.Select(d => Of(which(d), d.Service));

    private IEnumerable<Measurement<long>> Handshakes() => streams.SelectMany(s => (Measurement<long>[])
        [Of(s.Accepted, s.Service, "result", "accepted"), Of(s.Refused, s.Service, "result", "refused"), Of(s.Failed, s.Service, "result", "failed")]);

    private IEnumerable<Measurement<long>> Refused() => datagrams.SelectMany(d => (Measurement<long>[])
    [
        Of(d.Malformed, d.Service, "reason", "malformed"), Of(d.Unknown, d.Service, "reason", "unknown"),
        Of(d.Forged, d.Service, "reason", "forged"), Of(d.Replayed, d.Service, "reason", "replayed"),
    ]);

    private IEnumerable<Measurement<long>> Limits() =>
        from limit in ((string Name, Tally Tally)[])
            [("handshakes", limits.Handshakes), ("channels", limits.Channels), ("frames", limits.Frames), ("frame_rate", limits.FrameRate)]
        select new Measurement<long>(limit.Tally.Value, new KeyValuePair<string, object?>("limit", limit.Name));

    private IEnumerable<Measurement<int>> States() =>
        from plugin in plugins()
        from state in PluginState.All
        select new Measurement<int>(plugin.State == state ? 1 : 0, [new("plugin", plugin.Name), new("state", state)]);

    private static Measurement<long> Of(Tally tally, string service) => new(tally.Value, new KeyValuePair<string, object?>("service", service));

    private static Measurement<long> Of(Tally tally, string service, string key, string value) => new(tally.Value, [new("service", service), new(key, value)]);
}
