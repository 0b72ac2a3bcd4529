namespace LanCollab.Plugins.Media.Audio.Mix;

/// <summary>When garbage is to be collected before the runtime itself would: as soon as half of what it allows has been allocated. For one thread at a time.</summary>
/// <param name="budget">Bytes after which the runtime collects its youngest generation, at most.</param>
internal sealed class CollectionPace(long budget)
{
    private long _budget = budget, _allocated;
    private int _collections;

    /// <summary>Asked now and then.</summary>
    /// <param name="collections">Of the youngest generation, since the program began.</param>
    /// <param name="allocated">Bytes since the program began.</param>
    /// <returns>True: now; <see cref="Collected"/> is told afterwards.</returns>
    public bool IsDue(int collections, long allocated)
    {
        if (collections == _collections) return allocated - _allocated >= _budget / 2;
        // The runtime was sooner: it allows less than was thought.
        _budget = Math.Min(_budget, (allocated - _allocated) / (collections - _collections));
        Collected(collections, allocated);
        return false;
    }

    /// <summary>A collection is done.</summary>
    public void Collected(int collections, long allocated) => (_collections, _allocated) = (collections, allocated);
}
