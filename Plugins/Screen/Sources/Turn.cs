namespace LanCollab.Plugins.Screen;

/// <summary>When the next picture may be taken, in timestamps of the <see cref="TimeProvider"/>.</summary>
/// <param name="Next">From then on whatever has changed: so much distance there is between two pictures of the same thing.</param>
/// <param name="Early">From then on what has nothing to do with what was taken last: a letter that is typed beside a film need not wait for the film.</param>
internal readonly record struct Turn(long Next, long Early)
{
    private const int EarlyShare = 4;

    /// <summary>The turn after a picture was taken.</summary>
    /// <param name="taken">When.</param>
    /// <param name="early">Before its turn: the others' turn stays.</param>
    /// <param name="period">The least distance of two pictures.</param>
    public Turn After(long taken, bool early, long period) =>
        // From the last turn on, so that a late picture does not lower the rate; but no rush to catch up.
        new(early ? Next : Math.Max(Next + period, taken), taken + period / EarlyShare);
}
