using LanCollab.Plugins.Screen;
using LanCollab.Tests.Support;
using static LanCollab.Tests.Plugins.Screen.ScreenMeeting;

namespace LanCollab.Tests.Plugins.Screen;

public class DeckTests
{
    [Fact]
    public async Task A_viewer_leafs_by_themselves_through_pages_that_the_presenter_has_sent()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        await CapturingPage.ShareAsync(ada);
        await ada.Page.RequestAsync(new DeckState("Plan.pdf", 1, 20));
        await bob.Page.WaitAsync<DeckState>(deck => deck == new DeckState("Plan.pdf", 1, 20));
        byte[] third = PageFrame.Write(3, small: false, Png(30));
        await ada.Page.First.SendAsync("tiles", third);
        await ada.Page.First.SendAsync("tiles", PageFrame.Write(3, small: true, Png(3)));
        await AskAsync(bob, new AskForPage(3));
        byte[] came = (await bob.Page.First.Lane("tiles").WaitAsync(frame => PageFrame.Is(frame)));
        Assert.Equal(third, came);
        Assert.Equal("no-page", (await Assert.ThrowsAsync<UserErrorException>(() => bob.Page.RequestAsync(new AskForPage(21)))).Code);
        Assert.Equal("not-yet", (await Assert.ThrowsAsync<UserErrorException>(() => bob.Page.RequestAsync(new AskForPage(4)))).Code);
        await ada.Page.RequestAsync(new Stop());
        await bob.Page.WaitAsync<DeckState>(deck => deck.Pages == 0 && bob.Page.Events<DeckState>().Count > 2);
    }

    [Fact]
    public async Task What_was_drawn_on_a_page_goes_with_it()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        await CapturingPage.ShareAsync(ada);
        await ada.Page.RequestAsync(new DeckState("Plan.pdf", 1, 20));
        await bob.Page.RequestAsync(new Draw(1, [1, 2]));
        await ada.Page.RequestAsync(new DeckState("Plan.pdf", 2, 20));
        await bob.Page.WaitAsync<Erased>(erased => erased == new Erased());
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(-1, 2)]
    [InlineData(1, 2001)]
    public void Slides_that_cannot_be_are_refused(int page, int pages) =>
        Assert.Equal("bad-deck", Assert.Throws<UserErrorException>(() => new Deck(1000).Show(new DeckState("x", page, pages))).Code);

    [Fact]
    public void Pages_that_are_none_are_refused_and_those_that_do_not_fit_are_not_kept()
    {
        var deck = new Deck(Png(9).Length + 100);
        deck.Show(new DeckState("x", 1, 3));
        Assert.Throws<ProtocolErrorException>(() => deck.Keep(PageFrame.Write(4, false, Png(9))));
        Assert.Throws<ProtocolErrorException>(() => deck.Keep(PageFrame.Write(1, false, new byte[100])));
        Assert.Throws<ProtocolErrorException>(() => deck.Keep([PageFrame.Kind, 0]));
        deck.Keep(PageFrame.Write(1, false, Png(9)));
        deck.Keep(PageFrame.Write(2, false, Png(9)));
        Assert.False(deck.Page(new AskForPage(1)).IsEmpty);
        Assert.Equal("not-yet", Assert.Throws<UserErrorException>(() => deck.Page(new AskForPage(2))).Code);
    }

    /// <summary>The lane and the requests are two ways: the page may still be under way.</summary>
    internal static async Task AskAsync(TestClientContext viewer, AskForPage wanted)
    {
        using var patience = new CancellationTokenSource(Recorded<int>.Patience);
        while (true)
            try
            {
                await viewer.Page.RequestAsync(wanted);
                return;
            }
            catch (UserErrorException e) when (e.Code == "not-yet" && !patience.IsCancellationRequested)
            {
                await Task.Yield();
            }
    }

    private static byte[] Png(int side) => new PngWriter().Write(new Drawing(side, side, 1).Noise().Picture, new Area(0, 0, side, side)).Bytes;
}
