namespace LanCollab.Tests.Support.Faults;

/// <summary>How a TCP connection breaks.</summary>
public enum StreamFault
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Both ends get a reset.</summary>
    Reset,

    /// <summary>One direction is a black hole for a while; what was sent meanwhile comes late.</summary>
    Stall,

    /// <summary>One end is closed and the other never told: what it sends vanishes.</summary>
    HalfOpen,
}

/// <summary>What happens to one TCP connection.</summary>
/// <param name="Fault">How it breaks.</param>
/// <param name="Direction">The direction that stalls, or towards the end that is closed.</param>
/// <param name="AfterBytes">When: after it has carried so many bytes, both directions together.</param>
/// <param name="Duration">Of a stall.</param>
public readonly record struct StreamFate(StreamFault Fault, Direction Direction, long AfterBytes, TimeSpan Duration);
