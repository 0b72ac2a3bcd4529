namespace LanCollab.Host.Metrics;

/// <summary>What is counted of one TCP service. Bytes are those of frames, without TLS.</summary>
/// <param name="service">The service's name on the wire.</param>
internal sealed class ServiceTally(string service)
{
    public string Service => service;

    /// <summary>Channels that are open now.</summary>
    public Tally Channels { get; } = new();

    /// <summary>Handshakes that ended with a channel.</summary>
    public Tally Accepted { get; } = new();

    /// <summary>Connections that were answered with a refusal, or closed because there were too many.</summary>
    public Tally Refused { get; } = new();

    /// <summary>Handshakes that broke: no TLS, no hello, not in time.</summary>
    public Tally Failed { get; } = new();

    public Tally BytesIn { get; } = new();

    public Tally BytesOut { get; } = new();

    /// <summary>Frames that found a send queue full.</summary>
    public Tally Overflows { get; } = new();
}
