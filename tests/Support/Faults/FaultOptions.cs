namespace LanCollab.Tests.Support.Faults;

/// <summary>What a link does to traffic. The same seed gives the same faults to the same packets and connections.</summary>
public sealed record FaultOptions
{
    /// <summary>Printed by the test that uses it.</summary>
    public int Seed { get; init; }

    /// <summary>Added to each packet or chunk.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Up to so much more, at random; packets may overtake each other, chunks of a stream never do.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>In each direction of each client; 0 = as fast as it goes.</summary>
    public long BytesPerSecond { get; init; }

    /// <summary>With <see cref="BytesPerSecond"/>: datagram bytes that wait at the narrow place; those that find no room are lost. Streams wait instead.</summary>
    public int QueueBytes { get; init; } = 64 * 1024;

    /// <summary>Share of datagrams that vanish, 0..1.</summary>
    public double Loss { get; init; }

    /// <summary>Share of datagrams that come twice, 0..1.</summary>
    public double Duplication { get; init; }

    /// <summary>Share of datagrams that are held back until the next one has passed, 0..1.</summary>
    public double Reordering { get; init; }

    /// <summary>Share of TCP connections that break by themselves in the way of their <see cref="StreamFate"/>, 0..1.</summary>
    public double Breaks { get; init; }

    /// <summary>Bytes, both directions together, that a connection which breaks has carried by then: evenly distributed up to this.</summary>
    public long BreakWithin { get; init; } = 256 * 1024;

    /// <summary>How long a stream that stalls by itself does so: evenly distributed up to this.</summary>
    public TimeSpan LongestStall { get; init; } = TimeSpan.FromSeconds(4);
}

/// <summary>Which way.</summary>
public enum Direction
{
    /// <summary>From the client to the server.</summary>
    ToServer,

    /// <summary>From the server to the client.</summary>
    ToClient,
}
