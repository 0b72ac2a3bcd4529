namespace LanCollab.Tests.Support;

/// <summary>What code allocates by itself, on the calling thread.</summary>
public static class Allocated
{
    private const int Rounds = 10;

    /// <summary>Bytes of the round that allocated least: what is compiled or loaded on the way falls into some of them, what the code itself allocates, into each.</summary>
    /// <param name="times">How often it is called in each round.</param>
    /// <param name="action">The code.</param>
    public static long Least(int times, Action action)
    {
        long least = long.MaxValue;
        for (int round = 0; round < Rounds && least > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < times; i++) action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
