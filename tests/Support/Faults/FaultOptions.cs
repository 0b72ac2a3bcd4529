namespace LanCollab.Tests.Support.Faults;

/// <summary>What a link does to traffic in one direction. The same seed gives the same faults to the same packets.</summary>
public sealed record FaultOptions
{
    /// <summary>Printed by the test that uses it.</summary>
    public int Seed { get; init; }

    /// <summary>Added to each packet or chunk.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Up to so much more, at random; packets may overtake each other, chunks of a stream never do.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>0 = as fast as it goes.</summary>
    public long BytesPerSecond { get; init; }

    /// <summary>Share of datagrams that vanish, 0..1.</summary>
    public double Loss { get; init; }

    /// <summary>Share of datagrams that come twice, 0..1.</summary>
    public double Duplication { get; init; }

    /// <summary>Share of datagrams that are held back until the next one has passed, 0..1.</summary>
    public double Reordering { get; init; }
}

/// <summary>Which way.</summary>
public enum Direction
{
    /// <summary>From the client to the server.</summary>
    ToServer,

    /// <summary>From the server to the client.</summary>
    ToClient,
}
