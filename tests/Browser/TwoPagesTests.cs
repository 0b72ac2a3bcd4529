using System.Text;
using LanCollab.Tests.Support;
using Microsoft.Playwright;

namespace LanCollab.Tests.Browser;

/// <summary>Browser tests run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public class BrowserCollection
{
    /// <summary>For <see cref="CollectionAttribute"/>.</summary>
    public const string Name = "Browser";
}

[Collection(BrowserCollection.Name)]
public class TwoPagesTests(BrowserMeeting meeting) : IClassFixture<BrowserMeeting>
{
    private static readonly TimeSpan Patience = Recorded<int>.Patience;

    /// <summary>A number for what a canvas shows: another picture is another number; 0 for one colour all over.</summary>
    private const string Fingerprint = """
        canvas => {
          if (!canvas.width || canvas.hidden) return 0;
          // A copy: some are drawn by a worker.
          const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
          copy.drawImage(canvas, 0, 0);
          const pixels = new Uint32Array(copy.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
          let hash = 0, varied = false;
          for (const pixel of pixels) {
            hash = (Math.imul(hash, 31) + pixel) | 0;
            varied ||= pixel !== pixels[0];
          }
          return varied ? hash || 1 : 0;
        }
        """;

    [Fact]
    public async Task Chat_goes_both_ways()
    {
        await SayAsync(meeting.Ada, meeting.Bob, "Good morning, Bob");
        await SayAsync(meeting.Bob, meeting.Ada, "Good morning, <b>Ada</b>");
    }

    [Fact]
    public async Task The_microphones_level_is_seen_on_the_other_side()
    {
        await UnmuteAsync(meeting.Ada);
        await meeting.Bob.Daemon.Bridge.WaitAsync("media", "levels", e => e.GetProperty("talkers").EnumerateArray().Any(t => t.GetProperty("id").GetString() == meeting.Ada.Id));
        await meeting.Bob.TileOf(meeting.Ada).And(meeting.Bob.Page.Locator(".talking")).WaitForAsync(new() { State = WaitForSelectorState.Attached });
    }

    [Fact]
    public async Task A_camera_in_the_browser_is_drawn_on_the_other_side_as_it_moves()
    {
        await meeting.Ada.Control("media", "camera").ClickAsync();
        await meeting.Bob.Daemon.Bridge.WaitAsync("media", "video.started", e =>
            e.GetProperty("id").GetString() == meeting.Ada.Id && e.GetProperty("codec").GetString() == "vp8", Patience);
        await PicturesAsync(meeting.Bob.TileOf(meeting.Ada).Locator("canvas"), 3);
    }

    [Fact]
    public async Task A_moderator_keeps_order_by_keyboard_and_hands_are_called_in_order()
    {
        ILocator bob = meeting.Ada.Page.Locator($".session-person[data-id='{meeting.Bob.Id}']");
        await bob.GetByRole(AriaRole.Button).FocusAsync();
        Task told = meeting.Bob.Page.GetByText("You are a presenter now.").WaitForAsync(); // seen for five seconds
        // The menu opens on the present role: one further down is the presenter.
        foreach (string key in new[] { "Enter", "ArrowDown", "Enter" }) await meeting.Ada.Page.Keyboard.PressAsync(key);
        await bob.GetByText("Presenter").WaitForAsync();
        await told;
        await meeting.Bob.Control("session", "hand").ClickAsync();
        await bob.GetByLabel("Hand raised: next").WaitForAsync();
        Assert.False(await meeting.Bob.Page.GetByLabel("What you can do with Ada").IsVisibleAsync());
        await meeting.Bob.Control("session", "hand").ClickAsync();
        await bob.Locator(".session-hand").WaitForAsync(new() { State = WaitForSelectorState.Hidden });
    }

    [Fact]
    public async Task A_file_uploaded_in_one_page_is_downloaded_in_the_other()
    {
        byte[] content = Encoding.UTF8.GetBytes("The minutes of our meeting, §1.\n");
        await meeting.Ada.Page.Locator(".files-input").SetInputFilesAsync(new FilePayload { Name = "minutes – März.txt", MimeType = "text/plain", Buffer = content });
        await meeting.Bob.OpenTabAsync("Files");
        IDownload download = await meeting.Bob.Page.RunAndWaitForDownloadAsync(() => meeting.Bob.Page.GetByLabel("Download minutes – März.txt").ClickAsync());
        Assert.Equal("minutes – März.txt", download.SuggestedFilename);
        Assert.Equal(content, await File.ReadAllBytesAsync(await download.PathAsync()));
    }

    [Fact]
    public async Task A_screen_shared_from_one_page_is_seen_in_the_other()
    {
        await meeting.Ada.Control("screen", "screen").ClickAsync();
        await meeting.Ada.Page.GetByText("A screen, window or tab…").ClickAsync();
        await meeting.Bob.Daemon.Bridge.WaitAsync("screen", "presenter", e => e.GetProperty("id").GetString() == meeting.Ada.Id && e.GetProperty("width").GetInt32() > 0, Patience);
        await PicturesAsync(meeting.Bob.Page.Locator("canvas.screen-canvas"), 1);
        await meeting.Ada.Control("screen", "screen").ClickAsync();
        await meeting.Bob.Page.Locator("canvas.screen-canvas").WaitForAsync(new() { State = WaitForSelectorState.Hidden });
    }

    [Fact]
    public async Task No_page_complains()
    {
        await Chat_goes_both_ways();
        Assert.Empty(meeting.Complaints.All);
    }

    private static async Task SayAsync(Person from, Person to, string text)
    {
        await from.OpenTabAsync("Chat");
        await from.Page.Locator(".chat-input").FillAsync(text);
        await from.Page.GetByLabel("Send message").ClickAsync();
        await to.OpenTabAsync("Chat");
        await to.Page.Locator(".chat-log").GetByText(text, new() { Exact = true }).Last.WaitForAsync();
    }

    private static async Task UnmuteAsync(Person person)
    {
        ILocator button = person.Control("media", "microphone");
        if (await button.GetAttributeAsync("aria-label") == "Unmute") await button.ClickAsync();
    }

    /// <summary>Waits until a canvas has shown so many different pictures.</summary>
    private static async Task PicturesAsync(ILocator canvas, int count)
    {
        var seen = new HashSet<int>();
        using var patience = new CancellationTokenSource(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (seen.Count < count)
        {
            if (await canvas.EvaluateAsync<int>(Fingerprint) is not 0 and var picture) seen.Add(picture);
            await look.WaitForNextTickAsync(patience.Token);
        }
    }
}
