using LanCollab.Tests.Support.Processes;
using Microsoft.Playwright;
using IPage = Microsoft.Playwright.IPage;

namespace LanCollab.Tests.Support.Faces;

/// <summary>Debian's Chromium without a screen, with devices that are not there: a camera with a moving picture, a microphone that beeps, a screen.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private const string Path = "/usr/bin/chromium";

    /// <summary>No network and no questions.</summary>
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--auto-select-desktop-capture-source=Entire",
        "--autoplay-policy=no-user-gesture-required",
    ];

    /// <summary>As long as everywhere, in ms; Playwright's own is 30 s.</summary>
    private static readonly float Patience = (float)Recorded<int>.Patience.TotalMilliseconds;

    private readonly IPlaywright _playwright;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, Browser) = (playwright, browser);

    /// <summary>The browser.</summary>
    public IBrowser Browser { get; }

    /// <summary>Starts one.</summary>
    public static async Task<Chromium> StartAsync()
    {
        IPlaywright playwright = await Playwright.CreateAsync();
        return new Chromium(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Path, Args = Arguments, Headless = true, Timeout = Patience }));
    }

    /// <summary>Opens a daemon's page, its person in a room already, in a window of its own.</summary>
    /// <param name="daemon">Has joined.</param>
    /// <param name="width">Of the window, in pixels.</param>
    /// <param name="height">Of the window.</param>
    /// <param name="first">Scripts that run before the page's own.</param>
    public Task<IPage> OpenAsync(ClientProcess daemon, int width, int height, params IEnumerable<string> first) =>
        OpenAsync(daemon, width, height, _ => { }, first);

    /// <summary>As above; <paramref name="made"/> gets the page before it goes anywhere.</summary>
    public async Task<IPage> OpenAsync(ClientProcess daemon, int width, int height, Action<IPage> made, params IEnumerable<string> first)
    {
        IBrowserContext context = await Browser.NewContextAsync(new() { AcceptDownloads = true, ViewportSize = new() { Width = width, Height = height } });
        context.SetDefaultTimeout(Patience);
        IPage page = await context.NewPageAsync();
        made(page);
        foreach (string script in first) await page.AddInitScriptAsync(script);
        await page.GotoAsync(daemon.Ui);
        await page.Locator("#control-session-leave").WaitForAsync();
        return page;
    }

    /// <summary>What the processes that draw and run pages hold, in bytes.</summary>
    public async Task<long> ResidentAsync()
    {
        ICDPSession session = await Browser.NewBrowserCDPSessionAsync();
        var told = await session.SendAsync("SystemInfo.getProcessInfo");
        await session.DetachAsync();
        return told!.Value.GetProperty("processInfo").EnumerateArray().Where(p => p.GetProperty("type").GetString() == "renderer").Sum(p => Resident(p.GetProperty("id").GetInt32()));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
    }

    /// <summary>The second field of statm, in pages.</summary>
    private static long Resident(int process)
    {
        try
        {
            return long.Parse(File.ReadAllText($"/proc/{process}/statm").Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) * Environment.SystemPageSize;
        }
        catch (IOException)
        {
            return 0; // It has just ended.
        }
    }
}
