using System.Collections.Immutable;

namespace LanCollab.Host.Bridge;

/// <summary>The pages that are connected.</summary>
internal sealed class PageList
{
    private ImmutableArray<Page> _pages = [];

    /// <summary>A snapshot.</summary>
    public ImmutableArray<Page> All => _pages;

    public void Add(Page page) => ImmutableInterlocked.Update(ref _pages, pages => pages.Add(page));

    public void Remove(Page page) => ImmutableInterlocked.Update(ref _pages, pages => pages.Remove(page));

    /// <summary>Sends a text to everybody.</summary>
    public void Send(byte[] json)
    {
        foreach (Page page in All) page.Send(json);
    }
}
