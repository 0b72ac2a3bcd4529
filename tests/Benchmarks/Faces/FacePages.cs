using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Faces;
using LanCollab.Tests.Support.Processes;
using IPage = Microsoft.Playwright.IPage;

namespace LanCollab.Benchmarks.Faces;

/// <summary>Two people in two pages of one Chromium: one is seen and heard, the other displays them as high as 360p is asked for. Steady when it is handed out.</summary>
internal sealed record FacePages(ClientProcess Sender, ClientProcess Viewer, Chromium Chromium, IPage Shown, IPage Seen) : IAsyncDisposable
{
    /// <summary>Playout buffers, clocks and bit rates need so many seconds until they are steady.</summary>
    public const int Steady = 6;

    /// <summary>Joins both, opens the pages, and waits until pictures flow.</summary>
    /// <param name="folder">For the daemons' data.</param>
    /// <param name="senders">The server's address for who is seen.</param>
    /// <param name="viewers">The same for who looks.</param>
    public static async Task<FacePages> OpenAsync(TempFolder folder, string senders, string viewers)
    {
        ClientProcess sender = await FacesBenchmark.JoinAsync(folder, senders, "Cleo", "pages", "--Plugins:Media:Camera=browser");
        ClientProcess viewer = await FacesBenchmark.JoinAsync(folder, viewers, "Dan", "pages", "--Plugins:Media:Camera=none", "--Plugins:Media:Microphone=none");
        Chromium chromium = await Chromium.StartAsync();
        IPage seen = await chromium.OpenAsync(viewer, 1280, 800, MarkScripts.Viewer);
        IPage shown = await chromium.OpenAsync(sender, 1000, 700, MarkScripts.Camera);
        await shown.Locator("#control-media-camera").ClickAsync();
        if (await shown.Locator("#control-media-microphone").GetAttributeAsync("aria-pressed") != "true") await shown.Locator("#control-media-microphone").ClickAsync();
        await seen.Locator(".video-tile:not(.self)").DblClickAsync();
        await seen.WaitForFunctionAsync("() => window.seen.length > 60");
        await Task.Delay(TimeSpan.FromSeconds(Steady));
        return new FacePages(sender, viewer, chromium, shown, seen);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Chromium.DisposeAsync();
        await Viewer.DisposeAsync();
        await Sender.DisposeAsync();
    }
}
