using System.Text.Json;
using LanCollab.Tests.Support;
using IPage = Microsoft.Playwright.IPage;

namespace LanCollab.Benchmarks.Faces;

/// <summary>
/// Where the time goes that a tone takes from one page's microphone to another page's speaker: until its frame leaves the page (beyond the frame's own length), through both daemons and the hub, and from
/// there to the speaker; and how evenly frames pass.
/// </summary>
internal static class SoundStages
{
    private const string Passed = "() => window.passed";

    // What the page's own parts say.
    private const string Own = """
        async () => {
          const { soundOut } = await import('/plugins/media/sound-out.js');
          const context = soundOut.context;
          return { base: 1000 * (context?.baseLatency ?? 0), out: 1000 * (context?.outputLatency ?? 0), ring: soundOut.waits };
        }
        """;

    /// <summary>Prints the medians, in ms.</summary>
    public static async Task PrintAsync(FacePages pages)
    {
        JsonElement sent = (await pages.Shown.EvaluateAsync(Passed))!.Value, came = (await pages.Seen.EvaluateAsync(Passed))!.Value;
        double[] clicks = await pages.Shown.EvaluateAsync<double[]>("() => window.clicks"), heard = await pages.Seen.EvaluateAsync<double[]>("() => window.heard");
        List<double> capture = [], between = [], play = [];
        foreach (double at in heard)
        {
            double click = clicks.Where(c => c < at).DefaultIfEmpty(double.NaN).Max();
            if (Mark(sent.GetProperty("out"), click, at) is not { } leaves || Mark(came.GetProperty("in"), leaves.At, at) is not { } comes) continue;
            capture.Add(leaves.At - leaves.Left - click);
            between.Add(comes.At - comes.Left - (leaves.At - leaves.Left));
            play.Add(at - comes.At - (20 - comes.Left));
        }
        Result.Print("faces-sound-stages", ("sounds", capture.Count), ("capture_ms", capture.Median()), ("frame_ms", 20.0), ("daemons_and_hub_ms", between.Median()), ("play_ms", play.Median()));
        Print("faces-sound-leaves", sent.GetProperty("outTimes"));
        Print("faces-sound-comes", came.GetProperty("inTimes"));
        await PrintAsync("faces-sound-sender", pages.Shown);
        await PrintAsync("faces-sound-viewer", pages.Seen);
        int held = pages.Sender.Bridge.Events.All.Where(e => e is { Plugin: "media", Type: "uplink" }).Select(e => e.Body.GetProperty("delay").GetInt32()).LastOrDefault();
        JsonElement stats = await pages.Viewer.Bridge.RequestAsync("media", "stats", new { });
        Result.Print("faces-sound-buffers", ("hub_ms", held), ("viewer_ms", stats.GetProperty("mix").GetProperty("delay").GetInt32()));
    }

    private static async Task PrintAsync(string name, IPage page)
    {
        JsonElement own = (await page.EvaluateAsync(Own))!.Value;
        Result.Print(name, ("base_ms", own.GetProperty("base").GetDouble()), ("out_ms", own.GetProperty("out").GetDouble()), ("ring_ms", own.GetProperty("ring").GetDouble()));
    }

    private static void Print(string name, JsonElement times)
    {
        double[] at = [.. times.EnumerateArray().Select(t => t.GetDouble()).TakeLast(1000)], gaps = [.. at.Skip(1).Zip(at, (next, one) => next - one).Order()];
        if (gaps.Length > 0) Result.Print(name, ("gap_p5_ms", gaps[gaps.Length / 20]), ("gap_p50_ms", gaps[gaps.Length / 2]), ("gap_p95_ms", gaps[gaps.Length * 95 / 100]), ("gap_most_ms", gaps[^1]));
    }

    // The first mark between two times.
    private static (double At, double Left)? Mark(JsonElement marks, double from, double to)
    {
        foreach (JsonElement mark in marks.EnumerateArray())
            if (mark[0].GetDouble() is var at && at > from && at < to) return (at, mark[1].GetDouble());
        return null;
    }
}
