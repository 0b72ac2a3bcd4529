using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Faces;
using LanCollab.Tests.Support.Faults;
using LanCollab.Tests.Support.Media;
using LanCollab.Tests.Support.Processes;
using IPage = Microsoft.Playwright.IPage;

namespace LanCollab.Benchmarks.Faces;

/// <summary>
/// From a camera to another person's screen at 360p, by numbers in the pictures. Daemon to daemon: from the sender's own preview (the coded picture, as it leaves
/// the camera) to the same number decoded at the viewer. Page to page: from drawing the number on a canvas that plays the camera to reading it from what is
/// displayed; with it, how much later or earlier a person's sound is than the picture. With <c>--loss</c> (percent), <c>--rtt</c> (ms) or <c>--kbit</c> the viewer's whole traffic goes over a
/// seeded bad link, and the share of the sent pictures that are shown within 200 ms is printed, too. <c>--path narrow</c>: see <see cref="NarrowLink"/>.
/// </summary>
internal static class FacesBenchmark
{
    private const int StreamAt = 4, JpegAt = 28;
    private const int Steady = FacePages.Steady;
    private const double InTime = 200; // ms: a picture that comes later is no use in a conversation

    // From the page to the ear, as the page itself reckons.
    private const string Page = "async () => (await import('/plugins/media/sound-out.js')).soundOut.delay";

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var settings = new Settings(arguments);
        int seconds = settings.Number("seconds", 30);
        string only = settings.Word("path", "both");
        using var folder = new TempFolder();
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Folder("server"));
        FaultOptions? bad = only == "narrow" ? null : Bad(settings);
        await using FaultyNetwork? network = bad is null ? null : new FaultyNetwork(server, bad);
        string viewers = network?.Address ?? server.Address;
        if (bad is not null) Result.Print("faces-link", ("seed", bad.Seed), ("loss", bad.Loss), ("rtt_ms", 2 * bad.Latency.TotalMilliseconds), ("kbit_per_s", bad.BytesPerSecond * 8 / 1000));
        if (only == "narrow")
        {
            await NarrowLink.RunAsync(folder, server, settings.Number("kbit", 500), seconds);
            return;
        }
        if (only is "both" or "daemon") await DaemonsAsync(folder, server, viewers, seconds);
        if (only is "both" or "page") await PagesAsync(folder, server, viewers, seconds);
    }

    private static FaultOptions? Bad(Settings settings)
    {
        (int loss, int rtt, int kbit) = (settings.Number("loss", 0), settings.Number("rtt", 20), settings.Number("kbit", 0));
        if (loss == 0 && kbit == 0) return null;
        return new FaultOptions { Seed = settings.Number("seed", 20), Loss = loss / 100.0, Latency = TimeSpan.FromMilliseconds(rtt / 2.0), BytesPerSecond = kbit * 1000L / 8 };
    }

    private static async Task DaemonsAsync(TempFolder folder, ServerProcess server, string viewers, int seconds)
    {
        string video = NumberedVideo.Write(folder["numbers.avi"], 3000, 30, scale: 2);
        await using ClientProcess viewer = await JoinAsync(folder, viewers, "Bob", "daemons", "--Plugins:Media:Camera=none");
        await using ClientProcess sender = await JoinAsync(folder, server.Address, "Ada", "daemons", $"--Plugins:Media:Camera=file:{video}");
        var taken = new ConcurrentDictionary<int, long>();
        int sent = 0;
        var delays = new ConcurrentQueue<double>();
        JsonElement started = await viewer.Bridge.WaitAsync("media", "video.started");
        await viewer.Bridge.RequestAsync("media", "watch", new { views = new[] { new { id = started.GetProperty("id").GetString(), height = 360 } } });
        sender.Bridge.OnLane("media.video", frame => { if (NumberedVideo.Read(frame.Span[JpegAt..]) is { } number && taken.TryAdd(number, Stopwatch.GetTimestamp())) sent++; });
        uint stream = started.GetProperty("stream").GetUInt32();
        viewer.Bridge.OnLane("media.video", frame =>
        {
            if (BinaryPrimitives.ReadUInt32BigEndian(frame.Span[StreamAt..]) == stream && NumberedVideo.Read(frame.Span[JpegAt..]) is { } number && taken.TryRemove(number, out long at))
                delays.Enqueue(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
        });
        await Task.Delay(TimeSpan.FromSeconds(Steady));
        int before = sent;
        delays.Clear();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        Print("faces-daemons", delays, [], sent - before);
    }

    private static async Task PagesAsync(TempFolder folder, ServerProcess server, string viewers, int seconds)
    {
        await using FacePages pages = await FacePages.OpenAsync(folder, server.Address, viewers);
        (IPage shown, IPage seen, ClientProcess viewer) = (pages.Shown, pages.Seen, pages.Viewer);
        double before = await shown.EvaluateAsync<double>("() => window.taken");
        await seen.EvaluateAsync("() => { window.seen = []; window.shown = []; window.heard = []; }");
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        double taken = await shown.EvaluateAsync<double>("() => window.taken") - before;
        double[][] both = await seen.EvaluateAsync<double[][]>("() => [window.seen, window.shown]");
        double[] pictures = both[0], heard = await seen.EvaluateAsync<double[]>("() => window.heard");
        // What the daemon says of the lag between its two lanes, and what the page makes of it together with its own part.
        int lag = viewer.Bridge.Events.All.Where(e => e is { Plugin: "media", Type: "video.hold" }).Select(e => e.Body.GetProperty("hold").GetInt32()).LastOrDefault();
        Result.Print("faces-pages-hold", ("told_ms", lag), ("page_ms", await seen.EvaluateAsync<double>(Page)));
        await SoundStages.PrintAsync(pages);
        double[] clicks = await shown.EvaluateAsync<double[]>("() => window.clicks");
        PrintNow(both[0], both[1], clicks, heard);
        Print("faces-pages", pictures, Sounds(clicks, heard), (int)taken);
    }

    /// <summary>Each tone beside the pictures that were shown while it was heard, half a second to either side, and not beside the middle of all: what was held longer for a moment goes with them.</summary>
    private static void PrintNow(double[] delays, double[] shown, double[] clicks, double[] heard)
    {
        double[] skews = [.. from at in heard
                             let sound = at - clicks.Where(click => click < at).DefaultIfEmpty(double.NegativeInfinity).Max()
                             let pictures = delays.Where((_, i) => Math.Abs(shown[i] - at) < 500).ToArray()
                             where sound < 600 && pictures.Length > 0
                             select sound - pictures.Median()];
        if (skews.Length == 0) return;
        double[] sizes = [.. skews.Select(Math.Abs).Order()];
        Result.Print("faces-pages-skew-now", ("sounds", skews.Length), ("p50_ms", skews.Median()), ("p95_ms", sizes[(int)(sizes.Length * 0.95)]), ("most_ms", sizes[^1]));
    }

    /// <summary>From each tone that was heard back to the last one that was sent before it.</summary>
    private static double[] Sounds(double[] clicks, double[] heard) =>
        [.. heard.Select(at => at - clicks.Where(click => click < at).DefaultIfEmpty(double.NegativeInfinity).Max()).Where(delay => delay < 600)];

    private static void Print(string name, IReadOnlyCollection<double> pictures, double[] sounds, int sent)
    {
        if (pictures.Count == 0) throw new IOException($"{name}: no picture arrived");
        double[] sorted = [.. pictures.Order()];
        double middle = sorted[sorted.Length / 2], p95 = sorted[(int)(sorted.Length * 0.95)];
        double inTime = (double)sorted.Count(delay => delay <= InTime) / sent;
        if (sounds.Length == 0)
        {
            Result.Print(name, ("pictures", sorted.Length), ("in_time", inTime), ("p50_ms", middle), ("p95_ms", p95), ("most_ms", sorted[^1]));
            return;
        }
        double[] skews = [.. sounds.Select(sound => sound - middle).Order()], sizes = [.. skews.Select(Math.Abs).Order()];
        Result.Print(name, ("pictures", sorted.Length), ("in_time", inTime), ("p50_ms", middle), ("p95_ms", p95), ("most_ms", sorted[^1]), ("sounds", sounds.Length), ("sound_p50_ms", sounds.Median()),
            ("skew_p50_ms", skews.Median()), ("skew_p95_ms", sizes[(int)(sizes.Length * 0.95)]), ("skew_most_ms", sizes[^1]));
    }

    public static async Task<ClientProcess> JoinAsync(TempFolder folder, string address, string name, string room, params IEnumerable<string> settings)
    {
        ClientProcess client = await ClientProcess.StartAsync(name, folder.Folder(name), settings);
        await client.JoinAsync(address, room);
        return client;
    }
}
