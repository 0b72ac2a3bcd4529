using LanCollab.Contracts;

namespace LanCollab.Plugins.Media.Video;

/// <summary>How high the pages of this daemon display each person's camera: of several pages the highest counts. For one thread at a time.</summary>
internal sealed class Displays
{
    private readonly Dictionary<IPage, Dictionary<string, int>> _pages = [];

    /// <summary>A page says it.</summary>
    /// <returns>What has changed in all.</returns>
    public List<View> Set(IPage page, IEnumerable<View> views)
    {
        if (!_pages.TryGetValue(page, out Dictionary<string, int>? heights)) _pages[page] = heights = [];
        var changed = new List<View>();
        foreach (View view in views)
        {
            int? before = HeightOf(view.Id);
            heights[view.Id] = view.Height;
            if (HeightOf(view.Id) is { } now && now != before) changed.Add(new View(view.Id, now));
        }
        return changed;
    }

    /// <summary>A page has gone.</summary>
    /// <returns>What has changed for the others: nobody's picture is larger than somebody looks at.</returns>
    public List<View> Remove(IPage page)
    {
        if (!_pages.Remove(page, out Dictionary<string, int>? heights)) return [];
        return [.. heights.Where(h => h.Value > (HeightOf(h.Key) ?? 0)).Select(h => new View(h.Key, HeightOf(h.Key) ?? 0))];
    }

    /// <summary>All of it.</summary>
    public List<View> All => [.. _pages.Values.SelectMany(p => p.Keys).Distinct().Select(id => new View(id, HeightOf(id) ?? 0))];

    /// <summary>Forgets it: another room.</summary>
    public void Clear() => _pages.Clear();

    private int? HeightOf(string person)
    {
        int? highest = null;
        foreach (Dictionary<string, int> heights in _pages.Values)
            if (heights.TryGetValue(person, out int height) && height >= (highest ?? 0)) highest = height;
        return highest;
    }
}
