using System.Diagnostics.Metrics;

namespace LanCollab.Host.Discovery;

/// <summary>What discovery counts.</summary>
internal sealed class DiscoveryMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "discovery";

    private readonly Counter<long> _sent, _sendFailed, _answers, _heard, _ignored;

    /// <param name="meter">Of this run; whoever made it disposes it.</param>
    public DiscoveryMetrics(Meter meter)
    {
        _sent = meter.CreateCounter<long>("datagrams_sent", description: "Datagrams that the system took.");
        _sendFailed = meter.CreateCounter<long>("sends_failed", description: "Datagrams that the system refused.");
        _heard = meter.CreateCounter<long>("datagrams_heard", description: "Well-formed probes, announcements and answers.");
        _answers = meter.CreateCounter<long>("answers", description: "Probes answered.");
        _ignored = meter.CreateCounter<long>("datagrams_ignored", description: "Datagrams that were not taken, by reason.");
        meter.CreateObservableGauge("interfaces", () => Links, description: "Network interfaces in use.");
        meter.CreateObservableGauge("servers", () => Servers, description: "Servers that are heard of.");
    }

    /// <summary>Interfaces in use.</summary>
    public int Links { get; set; }

    /// <summary>Servers heard of.</summary>
    public int Servers { get; set; }

    public void Sent() => _sent.Add(1);

    public void SendFailed() => _sendFailed.Add(1);

    public void Heard() => _heard.Add(1);

    public void Answered() => _answers.Add(1);

    /// <param name="reason"><c>malformed</c>, <c>version</c>, <c>no-neighbour</c>, <c>own</c>, <c>throttled</c>, <c>short-probe</c>, <c>unasked</c>, <c>full</c>, <c>other-interface</c>.</param>
    public void Ignored(string reason) => _ignored.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
