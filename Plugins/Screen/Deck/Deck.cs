using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>The pages of the slides that are presented, as the presenter has sent them: whoever likes leafs by themselves.</summary>
/// <param name="maxBytes">What does not fit is not kept; the presenter's own page is seen all the same.</param>
internal sealed class Deck(long maxBytes)
{
    /// <summary>The most pages.</summary>
    public const int MaxPages = 2000;

    private readonly Dictionary<(int Page, bool Small), byte[]> _pages = [];
    private long _bytes;

    /// <summary>Where the presenter is; no pages: there are no slides.</summary>
    public DeckState State { get; private set; } = new("", 0, 0);

    /// <summary>Other slides, or another page of them.</summary>
    /// <exception cref="UserErrorException"><c>bad-deck</c>.</exception>
    public void Show(DeckState state)
    {
        if (state.Pages is < 0 or > MaxPages || state.Page < 0 || state.Page > state.Pages || state.Title.Length > 300)
            throw new UserErrorException("bad-deck", $"Slides have up to {MaxPages} pages and a title of up to 300 characters, and one shows a page that is there.");
        if (state.Title != State.Title || state.Pages != State.Pages) Clear();
        State = state;
    }

    /// <summary>Keeps a page.</summary>
    /// <exception cref="ProtocolErrorException">It is none.</exception>
    public void Keep(ReadOnlySpan<byte> frame)
    {
        (int page, bool small) = PageFrame.Read(frame);
        if (page < 1 || page > State.Pages) throw new ProtocolErrorException($"Page {page} came of slides with {State.Pages} pages.");
        if (_pages.Remove((page, small), out byte[]? before)) _bytes -= before.Length;
        if (_bytes + frame.Length > maxBytes) return;
        _pages[(page, small)] = frame.ToArray();
        _bytes += frame.Length;
    }

    /// <summary>The frame of a page.</summary>
    /// <exception cref="UserErrorException"><c>no-page</c>, <c>not-yet</c>.</exception>
    public ReadOnlyMemory<byte> Page(AskForPage wanted)
    {
        if (_pages.TryGetValue((wanted.Page, wanted.Small), out byte[]? frame)) return frame;
        throw wanted.Page < 1 || wanted.Page > State.Pages
            ? new UserErrorException("no-page", $"There is no page {wanted.Page}; the slides have {State.Pages} pages.")
            : new UserErrorException("not-yet", $"Page {wanted.Page} has not come from the presenter yet; try again in a moment.");
    }

    private void Clear()
    {
        _pages.Clear();
        _bytes = 0;
    }
}
