using System.Text.Json;
using Microsoft.Playwright;
using IPage = Microsoft.Playwright.IPage;

namespace LanCollab.Tests.Support.Faces;

/// <summary>How a page fares.</summary>
/// <param name="Seconds">Watched.</param>
/// <param name="Tasks">Tasks of the main thread of 50 ms and more, in ms (W3C Long Tasks).</param>
/// <param name="Late">How late a timer of 10 ms was, in ms, each time.</param>
/// <param name="Drawn">Pictures drawn.</param>
/// <param name="Moving">Tiles whose pictures moved.</param>
internal sealed record PageFigures(double Seconds, IReadOnlyList<double> Tasks, IReadOnlyList<double> Late, long Drawn, int Moving);

/// <summary>Watches a page's main thread and memory from outside and inside.</summary>
internal static class PageWatch
{
    /// <summary>To run before the page's own scripts.</summary>
    public const string Script = """
        window.watch = { tasks: [], late: [], reset() { this.tasks = []; this.late = []; this.since = performance.now(); this.frames = frames(); } };
        const frames = () => Object.fromEntries([...document.querySelectorAll(".video-tile")].map((tile) => [tile.dataset.id, Number(tile.dataset.frames ?? 0)]));
        window.watch.take = () => {
          const now = frames(), moved = Object.entries(now).map(([id, count]) => count - (window.watch.frames[id] ?? 0));
          return { seconds: (performance.now() - window.watch.since) / 1000, tasks: window.watch.tasks, late: window.watch.late,
            drawn: moved.reduce((sum, n) => sum + n, 0), moving: moved.filter((n) => n > 0).length };
        };
        new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) window.watch.tasks.push(duration); }).observe({ type: "longtask" });
        let last = performance.now();
        setInterval(() => { const now = performance.now(); window.watch.late.push(Math.max(0, now - last - 10)); last = now; }, 10);
        """;

    /// <summary>Begins anew.</summary>
    public static Task ResetAsync(IPage page) => page.EvaluateAsync("() => window.watch.reset()");

    /// <summary>Since the last reset.</summary>
    public static async Task<PageFigures> TakeAsync(IPage page)
    {
        JsonElement told = await page.EvaluateAsync<JsonElement>("() => window.watch.take()");
        return told.Deserialize<PageFigures>(JsonSerializerOptions.Web)!;
    }

    /// <summary>Begins to count the processor time of the page's own thread, see <see cref="BusyAsync"/>.</summary>
    public static async Task<ICDPSession> CountBusyAsync(IPage page)
    {
        ICDPSession session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("Performance.enable", new() { ["timeDomain"] = "threadTicks" });
        return session;
    }

    /// <summary>Processor time that the tasks of the page's own thread have had so far, in s: what other programs take is no part of it.</summary>
    public static async Task<double> BusyAsync(ICDPSession session) => Metric((await session.SendAsync("Performance.getMetrics"))!.Value, "TaskDuration");

    /// <summary>What the page's scripts hold after everything that nobody needs was thrown away, in bytes; workers not included.</summary>
    public static async Task<double> HeapAsync(IPage page)
    {
        ICDPSession session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("HeapProfiler.collectGarbage");
        await session.SendAsync("Performance.enable");
        JsonElement metrics = (await session.SendAsync("Performance.getMetrics"))!.Value;
        await session.DetachAsync();
        return Metric(metrics, "JSHeapUsedSize");
    }

    private static double Metric(JsonElement metrics, string name) =>
        metrics.GetProperty("metrics").EnumerateArray().First(m => m.GetProperty("name").GetString() == name).GetProperty("value").GetDouble();
}
