namespace LanCollab.Plugins.Files;

/// <summary>All that this client gives to others; the oldest goes when there are too many.</summary>
internal sealed class Holdings
{
    private const int Most = 64;

    private readonly List<Holding> _all = [];
    private readonly Lock _lock = new();

    /// <summary>At this moment.</summary>
    public IReadOnlyList<Holding> All
    {
        get { lock (_lock) return [.. _all]; }
    }

    /// <summary>That of a file, or null.</summary>
    public Holding? Find(string id)
    {
        lock (_lock) return _all.Find(holding => holding.File.Id == id);
    }

    /// <summary>Adds one; it replaces an earlier one of the same file.</summary>
    /// <returns>What had to go.</returns>
    public Holding? Add(Holding holding)
    {
        lock (_lock)
        {
            Take(holding.File.Id)?.End();
            _all.Add(holding);
            return _all.Count > Most ? Take(_all[0].File.Id) : null;
        }
    }

    /// <summary>Takes one away.</summary>
    public Holding? Remove(string id)
    {
        lock (_lock) return Take(id);
    }

    private Holding? Take(string id)
    {
        Holding? found = _all.Find(holding => holding.File.Id == id);
        if (found is not null) _all.Remove(found);
        return found;
    }
}
