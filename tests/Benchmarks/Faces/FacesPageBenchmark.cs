using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Faces;
using LanCollab.Tests.Support.Processes;
using IPage = Microsoft.Playwright.IPage;

namespace LanCollab.Benchmarks.Faces;

/// <summary>A page that shows 25 people who all send video: its main thread's tasks, its timers, its memory at the beginning and at the end.</summary>
internal static class FacesPageBenchmark
{
    private const double Mebi = 1 << 20;

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var settings = new Settings(arguments);
        int people = settings.Number("people", 25), seconds = settings.Number("seconds", 300);
        string picture = settings.Word("picture", ""), narrow = settings.Word("narrow", "");
        using var folder = new TempFolder();
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Folder("server"));
        await using ClientProcess viewer = await ClientProcess.StartAsync("Ada", folder.Folder("Ada"), "--Plugins:Media:Camera=none", "--Plugins:Media:Microphone=none");
        await viewer.JoinAsync(server.Address, "faces");
        await using Chromium chromium = await Chromium.StartAsync();
        IPage page = await chromium.OpenAsync(viewer, 1440, 900, PageWatch.Script);
        await using Crowd crowd = await Crowd.StartAsync(page, server.Address, "faces", people);
        await page.WaitForFunctionAsync("count => [...document.querySelectorAll('.video-tile')].filter(tile => Number(tile.dataset.frames ?? 0) > 0).length === count", people);
        // Code is compiled and buffers are filled in the first seconds.
        await Task.Delay(TimeSpan.FromSeconds(15));
        (double heap, long resident) = (await PageWatch.HeapAsync(page), await chromium.ResidentAsync());
        await PageWatch.ResetAsync(page);
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        PageFigures figures = await PageWatch.TakeAsync(page);
        double[] late = [.. figures.Late.Order()];
        Result.Print("faces-page", ("people", people), ("moving", figures.Moving), ("seconds", figures.Seconds), ("pictures_per_s", figures.Drawn / figures.Seconds),
            ("tasks_over_50_ms", figures.Tasks.Count), ("tasks_over_100_ms", figures.Tasks.Count(t => t > 100)), ("longest_task_ms", figures.Tasks.DefaultIfEmpty(0).Max()),
            ("timer_late_p99_ms", late[(int)(late.Length * 0.99)]), ("heap_before_MiB", heap / Mebi), ("heap_after_MiB", await PageWatch.HeapAsync(page) / Mebi),
            ("resident_before_MiB", resident / Mebi), ("resident_after_MiB", await chromium.ResidentAsync() / Mebi));
        if (picture.Length > 0) await page.ScreenshotAsync(new() { Path = picture });
        if (narrow.Length > 0) await ShowNarrowAsync(chromium, viewer, narrow);
    }

    /// <summary>The same meeting on a telephone's width.</summary>
    private static async Task ShowNarrowAsync(Chromium chromium, ClientProcess viewer, string path)
    {
        IPage page = await chromium.OpenAsync(viewer, 360, 740);
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('.video-tile')].filter(tile => Number(tile.dataset.frames ?? 0) > 0).length > 1");
        await page.ScreenshotAsync(new() { Path = path });
    }
}
