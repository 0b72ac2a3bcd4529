namespace LanCollab.Tests.Support.Faults;

/// <summary>What happens to one datagram.</summary>
/// <param name="Copies">0 = lost, 2 = duplicated.</param>
/// <param name="Delay">How long it is under way.</param>
/// <param name="Held">Held back until the next one has passed.</param>
public readonly record struct Fate(int Copies, TimeSpan Delay, bool Held);

/// <summary>
/// Decides by seed, direction and number of the packet alone: neither threads nor the clock change what happens to the n-th packet.
/// </summary>
public sealed class FaultDice(FaultOptions options, Direction direction)
{
    /// <summary>A number that is no direction, for what concerns a whole connection.</summary>
    private const int Connection = 2;

    /// <summary>The fate of packet <paramref name="number"/>, counted from 0.</summary>
    public Fate Of(long number)
    {
        var random = new Random(HashOf(options.Seed, (int)direction, number));
        bool lost = random.NextDouble() < options.Loss;
        bool twice = random.NextDouble() < options.Duplication;
        bool held = random.NextDouble() < options.Reordering;
        return new Fate(lost ? 0 : twice ? 2 : 1, options.Latency + options.Jitter * random.NextDouble(), held);
    }

    /// <summary>The fate of a proxy's TCP connection <paramref name="number"/>, counted from 0: the three kinds of faults are equally likely.</summary>
    public static StreamFate OfConnection(FaultOptions options, long number)
    {
        var random = new Random(HashOf(options.Seed, Connection, number));
        bool breaks = random.NextDouble() < options.Breaks;
        var fault = (StreamFault)random.Next(1, 4);
        var direction = (Direction)random.Next(2);
        return new StreamFate(breaks ? fault : StreamFault.None, direction, random.NextInt64(options.BreakWithin + 1), options.LongestStall * random.NextDouble());
    }

    // HashCode is seeded anew in each process; this must not be.
    private static int HashOf(int seed, int direction, long number)
    {
        ulong hash = 14695981039346656037;
        foreach (ulong part in (ReadOnlySpan<ulong>)[(ulong)seed, (ulong)direction, (ulong)number]) hash = (hash ^ part) * 1099511628211 ^ hash >> 29;
        return (int)(hash ^ hash >> 32);
    }
}
