using System.Text.RegularExpressions;
using Microsoft.Playwright;
using IPage = Microsoft.Playwright.IPage;

namespace LanCollab.Tests.Browser;

/// <summary>Two people and what they do with lines.</summary>
[Collection(BrowserCollection.Name)]
public class ChatPageTests(BrowserMeeting meeting) : IClassFixture<BrowserMeeting>
{
    [Fact]
    public async Task A_line_is_edited_answered_reacted_to_and_deleted_and_the_other_page_shows_it()
    {
        (IPage ada, IPage bob) = await OpenAsync();
        await SayAsync(ada, "The plann");
        await Settled(ada, "The plann").WaitForAsync();
        await ada.Locator(".chat-input").PressAsync("ArrowUp");
        await SayAsync(ada, "The plan");
        await Settled(bob, "The plan (edited)").WaitForAsync();

        ILocator line = Settled(bob, "The plan (edited)");
        await line.HoverAsync();
        await line.GetByLabel("React").ClickAsync();
        await line.GetByRole(AriaRole.Button, new() { Name = "🎉" }).ClickAsync();
        await Settled(ada, "The plan (edited)").Locator(".chat-reaction").WaitForAsync();

        await line.HoverAsync();
        await line.GetByLabel("Reply").ClickAsync();
        await SayAsync(bob, "I have read it");
        await Settled(ada, "I have read it").Locator(".chat-quote", new() { HasText = "The plan" }).WaitForAsync();

        ILocator own = Settled(bob, "I have read it");
        await own.FocusAsync();
        await own.PressAsync("Delete");
        await bob.GetByText("Delete for everybody").ClickAsync();
        await ada.Locator(".chat-deleted").WaitForAsync();
        Assert.Equal(0, await Settled(ada, "I have read it").CountAsync());
        Assert.Empty(meeting.Complaints.All);
    }

    [Fact]
    public async Task Hostile_lines_are_text_and_run_nothing()
    {
        (IPage ada, IPage bob) = await OpenAsync();
        string[] hostile =
        [
            "<img src=x onerror=\"window.pwned=1\">", "<script>window.pwned=1</script>", "javascript:window.pwned=1", "[x](javascript:window.pwned=1)",
            "**<svg onload=window.pwned=1>**", "`</code><script>window.pwned=1</script>`", "```\n</pre><script>window.pwned=1</script>\n```",
            "https://example.org/\"onmouseover=\"window.pwned=1", "> <iframe srcdoc='<script>parent.pwned=1</script>'>", "@all<style>*{display:none}</style>",
        ];
        foreach (string line in hostile) await SayAsync(ada, line);
        await SayAsync(ada, "the end of it");
        await Settled(bob, "the end of it").WaitForAsync();
        foreach (IPage page in (IPage[])[ada, bob])
        {
            Assert.False(await page.EvaluateAsync<bool>("'pwned' in window"));
            Assert.Equal(0, await page.Locator(".chat-log :is(img, script, iframe, style, svg:not(.icon), [onerror], [onload], [onmouseover], [srcdoc])").CountAsync());
            string[] links = await page.Locator(".chat-text a").EvaluateAllAsync<string[]>("all => all.map(a => `${a.protocol} ${a.rel} ${a.target}`)");
            Assert.All(links, link => Assert.Equal("https: noopener noreferrer _blank", link));
        }
        Assert.Empty(meeting.Complaints.All);
    }

    [Fact]
    public async Task What_is_found_is_gone_to()
    {
        (IPage ada, IPage bob) = await OpenAsync();
        await SayAsync(ada, "a needle in the haystack");
        for (int i = 0; i < 60; i++) await SayAsync(ada, $"straw {i}");
        await Settled(bob, "straw 59").WaitForAsync();
        await bob.GetByLabel("Search messages").First.ClickAsync();
        await bob.Locator(".chat-search-input").FillAsync("needle hay");
        Task shines = bob.Locator(".chat-line.shine", new() { HasText = "a needle in the haystack" }).WaitForAsync(); // for a moment
        await bob.Locator(".chat-result").ClickAsync();
        await shines;
        await Assertions.Expect(Settled(bob, "a needle in the haystack")).ToBeInViewportAsync();
    }

    [Fact]
    public async Task A_direct_line_is_shown_to_the_two_only_and_typing_is_seen()
    {
        (IPage ada, IPage bob) = await OpenAsync();
        await SayAsync(bob, "here I am");
        await Settled(ada, "here I am").WaitForAsync();
        // It is seen for six seconds, at both places.
        Task[] typing =
        [
            ada.Locator(".chat-typing", new() { HasText = "Bob is typing" }).WaitForAsync(),
            ada.Locator(".session-person", new() { HasText = "Bob" }).Locator("[aria-label=typing]").WaitForAsync(),
        ];
        await bob.Locator(".chat-input").PressSequentiallyAsync("h");
        await Task.WhenAll(typing);
        await ada.GetByTitle("Write to Bob only").First.ClickAsync();
        await SayAsync(ada, "between us");
        await bob.Locator(".chat-group.direct", new() { HasText = "to you only" }).GetByText("between us").WaitForAsync();
        await ada.GetByText("Write to everybody").ClickAsync();
        await bob.Locator(".chat-input").FillAsync("");
    }

    [Fact]
    public async Task A_page_that_is_loaded_again_has_every_line_once_and_no_draft_left()
    {
        (IPage ada, _) = await OpenAsync();
        for (int i = 0; i < 20; i++) await SayAsync(ada, $"reload {i}");
        await ada.ReloadAsync();
        await ada.Locator("#control-session-leave").WaitForAsync();
        await Settled(ada, "reload 19").WaitForAsync();
        Assert.Equal(1, await ada.Locator(".chat-line", new() { HasText = "reload 7" }).CountAsync());
        Assert.Equal(0, await ada.Locator(".chat-drafts .chat-line").CountAsync());
    }

    private async Task<(IPage Ada, IPage Bob)> OpenAsync()
    {
        await meeting.Ada.OpenTabAsync("Chat");
        await meeting.Bob.OpenTabAsync("Chat");
        return (meeting.Ada.Page, meeting.Bob.Page);
    }

    private static async Task SayAsync(IPage page, string text)
    {
        await page.Locator(".chat-input").FillAsync(text);
        await page.Locator(".chat-input").PressAsync("Enter");
    }

    /// <summary>A line that the server has, by its whole text.</summary>
    private static ILocator Settled(IPage page, string text) =>
        page.Locator(".chat-groups .chat-line").Filter(new() { Has = page.Locator(".chat-text", new() { HasTextRegex = new Regex($"^{Regex.Escape(text)}$") }) });
}
