using System.Text.Json;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Faces;
using Microsoft.Playwright;
using IPage = Microsoft.Playwright.IPage;

namespace LanCollab.Tests.Browser;

[Collection(BrowserCollection.Name)]
public class FacesTests(FacesMeeting meeting) : IClassFixture<FacesMeeting>
{
    private const string AllMove = "people => [...document.querySelectorAll('.video-tile')].filter(tile => Number(tile.dataset.frames ?? 0) > 0).length === people";

    private IPage Page => meeting.Page;

    private ILocator Broken => Page.Locator(".video-tile", new() { HasText = FacesMeeting.Broken });

    /// <summary>
    /// The short form of the benchmark faces-page. No figure of speed is asserted: only that all move, that the page's own thread decodes and draws nothing, and that it has time left by the
    /// processor's clock, which other programs do not move.
    /// </summary>
    [Fact]
    public async Task Two_dozen_people_move_on_one_page_and_the_page_stays_awake()
    {
        await Page.WaitForFunctionAsync(AllMove, FacesMeeting.People);
        ICDPSession session = await PageWatch.CountBusyAsync(Page);
        await Page.EvaluateAsync("() => { window.ownPictures = 0; }");
        await PageWatch.ResetAsync(Page);
        double before = await PageWatch.BusyAsync(session);
        await Page.WaitForFunctionAsync("people => { const taken = window.watch.take(); return taken.moving === people && taken.drawn > 500; }", FacesMeeting.People);
        PageFigures figures = await PageWatch.TakeAsync(Page);
        double busy = await PageWatch.BusyAsync(session) - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"{figures.Drawn} pictures in {figures.Seconds:0.0} s, busy for {busy:0.0} s, {figures.Tasks.Count} long tasks, longest {figures.Tasks.DefaultIfEmpty(0).Max():0} ms");
        Assert.Equal(0, await Page.EvaluateAsync<int>("() => window.ownPictures"));
        Assert.True(busy < figures.Seconds / 2, "the page's own thread is busy with pictures");
    }

    [Fact]
    public async Task Pictures_that_cannot_be_decoded_grey_one_tile_with_a_sentence()
    {
        await Broken.Locator(".video-note", new() { HasText = $"The pictures of {FacesMeeting.Broken} have another size than they say." }).WaitForAsync();
        await Page.WaitForFunctionAsync(AllMove, FacesMeeting.People);
        Assert.Equal(1, await Page.Locator(".video-tile.grey").CountAsync());
    }

    [Fact]
    public async Task A_picture_is_saved_as_PNG_and_a_person_is_made_large()
    {
        await Page.WaitForFunctionAsync(AllMove, FacesMeeting.People);
        ILocator tile = Page.Locator(".video-tile", new() { HasText = "Ben" });
        IDownload saved = await Page.RunAndWaitForDownloadAsync(() => ChooseAsync(tile, "Save the picture"));
        Assert.True(await Page.EvaluateAsync<int>("() => window.ownPictures") > 0, "what the page's own thread draws is not counted");
        byte[] png = await File.ReadAllBytesAsync(await saved.PathAsync(), TestContext.Current.CancellationToken);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png[..4]);
        Assert.StartsWith("Ben ", saved.SuggestedFilename, StringComparison.Ordinal);
        await ChooseAsync(tile, "Make large");
        await Page.WaitForFunctionAsync("tile => tile.offsetHeight > 300", await tile.ElementHandleAsync());
        await ChooseAsync(tile, "Back to the grid");
    }

    [Fact]
    public async Task What_is_out_of_sight_is_not_asked_for()
    {
        IPage narrow = await OpenAsync(360, 740, out Recorded<Dictionary<string, int>> told);
        Dictionary<string, int> now = [];
        await told.UntilAsync(all =>
        {
            now = Merged(all);
            return now.Count >= FacesMeeting.People && now.Values.Any(height => height > 0) && now.Values.Any(height => height == 0);
        });
        string last = now.First(view => view.Value == 0).Key;
        await narrow.Locator($".video-tile[data-id=\"{last}\"]").ScrollIntoViewIfNeededAsync();
        await told.UntilAsync(all => Merged(all)[last] > 0);
        await narrow.Context.CloseAsync();
    }

    /// <summary>Opens a page and records what it says about heights.</summary>
    private Task<IPage> OpenAsync(int width, int height, out Recorded<Dictionary<string, int>> told)
    {
        var heights = told = new Recorded<Dictionary<string, int>>("a word about heights");
        return meeting.Chromium.OpenAsync(meeting.Viewer, width, height, page => page.WebSocket += (_, socket) => socket.FrameSent += (_, frame) =>
        {
            // Binary ones, the microphone's, are told as text, too.
            if (frame.Text is ['{', ..] text && Views(text) is { } views) heights.Add(views);
        });
    }

    private static Dictionary<string, int>? Views(string text)
    {
        using JsonDocument message = JsonDocument.Parse(text);
        return message.RootElement.GetProperty("type").GetString() == "watch"
            ? message.RootElement.GetProperty("body").GetProperty("views").EnumerateArray().ToDictionary(v => v.GetProperty("id").GetString()!, v => v.GetProperty("height").GetInt32())
            : null;
    }

    private static Dictionary<string, int> Merged(IEnumerable<Dictionary<string, int>> all)
    {
        Dictionary<string, int> merged = [];
        foreach ((string id, int height) in all.SelectMany(views => views)) merged[id] = height;
        return merged;
    }

    private async Task ChooseAsync(ILocator tile, string item)
    {
        await tile.HoverAsync();
        await tile.Locator(".video-more").ClickAsync();
        await Page.GetByRole(AriaRole.Menuitem, new() { Name = item }).ClickAsync();
    }
}
