namespace LanCollab.Host.Metrics;

/// <summary>What is counted of one UDP service.</summary>
/// <param name="service">The service's name on the wire.</param>
internal sealed class DatagramTally(string service)
{
    public string Service => service;

    /// <summary>Authentic datagrams, pings included.</summary>
    public Tally In { get; } = new();

    /// <summary>Bytes of those, headers and tags included.</summary>
    public Tally BytesIn { get; } = new();

    public Tally Out { get; } = new();

    public Tally BytesOut { get; } = new();

    /// <summary>Datagrams that the system did not take.</summary>
    public Tally Unsent { get; } = new();

    /// <summary>Too short, too long, another version.</summary>
    public Tally Malformed { get; } = new();

    /// <summary>Of a session that is not there, or not any more.</summary>
    public Tally Unknown { get; } = new();

    /// <summary>With a wrong tag.</summary>
    public Tally Forged { get; } = new();

    /// <summary>Authentic, but seen before or too old.</summary>
    public Tally Replayed { get; } = new();
}
