namespace LanCollab.Plugins.Chat.Client;

/// <summary>
/// Puts a room's lines and changes into the order of their numbers, each once, whatever comes twice, early or not at all. Numbers of lines that are not
/// for this person are taken with no line. Not for several threads at a time.
/// </summary>
internal sealed class LineFeed
{
    /// <summary>Lines that wait behind a gap; what does not fit is fetched again from the history.</summary>
    private const int MaxEarly = 1000;

    private readonly Dictionary<long, INews?> _early = [];
    private long _highest;

    /// <summary>All up to here has been given out, or lies before the first page; null before <see cref="Fill"/>.</summary>
    public long? Last { get; private set; }

    /// <summary>Something is missing: fetch the history after <see cref="Last"/>.</summary>
    public bool HasGap => Last is not { } last || _highest > last;

    /// <summary>The lowest number that came by itself and waits for what is before it.</summary>
    public long? FirstEarly => _early.Count == 0 ? null : _early.Keys.Min();

    /// <summary>A line or a change came, or only its number.</summary>
    /// <returns>What has its turn now.</returns>
    public IReadOnlyList<INews> Take(long seq, INews? news)
    {
        _highest = Math.Max(_highest, seq);
        if (seq > (Last ?? 0) && (_early.Count < MaxEarly || seq == Last + 1)) _early[seq] = news;
        return Drain([]);
    }

    /// <summary>A page of history came.</summary>
    /// <param name="items">All that is for this person, in order, after the number that <see cref="Last"/> was when it was asked for.</param>
    /// <param name="through">Up to which number that is true.</param>
    public IReadOnlyList<INews> Fill(IReadOnlyList<INews> items, long through)
    {
        long last = Last ?? 0;
        List<INews> ready = [.. items.Where(news => news.Seq > last)];
        Last = Math.Max(last, through);
        _highest = Math.Max(_highest, through);
        foreach (long seq in _early.Keys.Where(seq => seq <= through).ToArray()) _early.Remove(seq);
        return Drain(ready);
    }

    /// <summary>Begins again, in another room or with another history; lines that came already stay when they belong to it.</summary>
    public void Restart(bool keepEarly)
    {
        Last = null;
        if (keepEarly) return;
        _early.Clear();
        _highest = 0;
    }

    private List<INews> Drain(List<INews> ready)
    {
        while (Last is { } last && _early.Remove(last + 1, out INews? news))
        {
            Last = last + 1;
            if (news is not null) ready.Add(news);
        }
        return ready;
    }
}
