using LanCollab.Tests.Support.Processes;
using Microsoft.Playwright;
using IPage = Microsoft.Playwright.IPage;

namespace LanCollab.Tests.Browser;

/// <summary>A person: a daemon, and its page in a browser of the person's own.</summary>
public sealed record Person(ClientProcess Daemon, IPage Page)
{
    /// <summary>The seat.</summary>
    public string Id => Daemon.Bridge.All("session", "joined")[^1].GetProperty("self").GetProperty("id").GetString()!;

    /// <summary>A control in the bar.</summary>
    public ILocator Control(string plugin, string id) => Page.Locator($"#control-{plugin}-{id}");

    /// <summary>Opens a tab of the side.</summary>
    public Task OpenTabAsync(string title) => Page.GetByRole(AriaRole.Tab, new() { Name = title }).ClickAsync();

    /// <summary>Somebody's place on the stage.</summary>
    public ILocator TileOf(Person other) => Page.Locator($".video-tile[data-id=\"{other.Id}\"]");
}

/// <summary>A server, two daemons and two pages in Debian's Chromium, joined to one room by its form. Shared by the tests of a class.</summary>
public class BrowserMeeting : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    /// <summary>No network, no questions, and devices that are not there: a camera with a moving picture, a microphone that beeps, a screen.</summary>
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--auto-select-desktop-capture-source=Entire",
        "--autoplay-policy=no-user-gesture-required",
    ];

    /// <summary>As long as everywhere, in ms; Playwright's own are 5 and 30 s.</summary>
    private static readonly float Patience = (float)Support.Recorded<int>.Patience.TotalMilliseconds;

    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;
    private Meeting _meeting = null!;

    /// <summary>What the pages said and should not have.</summary>
    public Support.Recorded<string> Complaints { get; } = new("a page's complaint");

    /// <summary>The first one.</summary>
    public Person Ada { get; private set; } = null!;

    /// <summary>The second one.</summary>
    public Person Bob { get; private set; } = null!;

    /// <summary>What runs in somebody's page before its own scripts; empty: nothing.</summary>
    protected virtual string ScriptOf(string name) => "";

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        _meeting = await Meeting.StartAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = Arguments, Headless = true, Timeout = Patience });
        Ada = await EnterAsync("Ada");
        Bob = await EnterAsync("Bob");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        await _meeting.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task<Person> EnterAsync(string name)
    {
        ClientProcess daemon = await _meeting.StartClientAsync(name);
        IBrowserContext context = await _browser.NewContextAsync(new() { AcceptDownloads = true, ViewportSize = new() { Width = 1280, Height = 800 } });
        context.SetDefaultTimeout(Patience);
        IPage page = await context.NewPageAsync();
        page.PageError += (_, error) => Complaints.Add($"{name}: {error}");
        page.Console += (_, line) => { if (line.Type == "error") Complaints.Add($"{name}: {line.Text}"); };
        if (ScriptOf(name) is { Length: > 0 } script) await page.AddInitScriptAsync(script);
        await page.GotoAsync(daemon.Ui);
        await page.GetByLabel("Your name").FillAsync(name);
        await page.GetByLabel("Room", new() { Exact = true }).FillAsync("Room");
        await page.GetByLabel("Server", new() { Exact = true }).FillAsync(_meeting.Server.Address);
        await page.GetByRole(AriaRole.Button, new() { Name = "Join", Exact = true }).ClickAsync();
        await page.Locator("#control-session-leave").WaitForAsync();
        return new Person(daemon, page);
    }
}
