using System.Diagnostics;
using System.Text.Json;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Faults;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Benchmarks.Faces;

/// <summary>
/// Page to page while the viewer's link becomes narrow (<c>--kbit 500</c>, for <c>--seconds 20</c>) and wide again: when the layer is what it stays at, the longest time without a
/// new picture, and from when on the layer from before is back for good.
/// </summary>
internal static class NarrowLink
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(15);

    public static async Task RunAsync(TempFolder folder, ServerProcess server, int kbit, int seconds)
    {
        await using var network = new FaultyNetwork(server, new FaultOptions { Latency = TimeSpan.FromMilliseconds(10) });
        await using FacePages pages = await FacePages.OpenAsync(folder, server.Address, network.Address);
        string before = Layers(pages.Viewer)[^1];
        var layers = new LayerCourse(pages.Viewer);
        await pages.Seen.EvaluateAsync("() => { window.seen = []; window.shown = []; }");
        network.Squeeze(kbit * 1000L / 8);
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        Narrow narrow = layers.Since(before);
        int pictures = await pages.Seen.EvaluateAsync<int>("() => window.seen.length");
        network.Squeeze(0);
        double lifted = layers.Now;
        await Task.Delay(Rest);
        double back = Math.Max(0, layers.For(before) - lifted);
        double freeze = await pages.Seen.EvaluateAsync<double>("() => Math.max(...window.shown.slice(1).map((at, i) => at - window.shown[i]))");
        Result.Print($"faces-narrow {before} {narrow.Layer}", ("kbit_per_s", kbit), ("seconds", seconds), ("settled_s", narrow.Settled), ("changes", narrow.Changes),
            ("pictures_per_s", (double)pictures / seconds), ("freeze_most_ms", freeze), ("back_s", back));
    }

    /// <summary>What the hub chose for the one camera there is, in order: layer and which of its pictures.</summary>
    private static string[] Layers(ClientProcess viewer) => [.. viewer.Bridge.All("media", "video.layer").Select(Name)];

    private static string Name(JsonElement chosen) => $"{chosen.GetProperty("layer").GetString()}/{chosen.GetProperty("every").GetInt32()}";

    private sealed record Narrow(string Layer, double Settled, int Changes);

    /// <summary>When which layer was chosen, from its making on.</summary>
    private sealed class LayerCourse
    {
        private readonly long _start = Stopwatch.GetTimestamp();
        private readonly Recorded<(double At, string Layer)> _chosen = new("a layer");

        public LayerCourse(ClientProcess viewer)
        {
            int known = Layers(viewer).Length;
            _ = viewer.Bridge.Events.UntilAsync(_ =>
            {
                foreach (string layer in Layers(viewer)[known..])
                {
                    known++;
                    _chosen.Add((Now, layer));
                }
                return false;
            }, Timeout.InfiniteTimeSpan);
        }

        /// <summary>Seconds since the beginning.</summary>
        public double Now => Stopwatch.GetElapsedTime(_start).TotalSeconds;

        /// <summary>Since when a layer is the one; endless when it is not.</summary>
        public double For(string layer) => _chosen.All is [.., var last] ? last.Layer == layer ? last.At : double.PositiveInfinity : 0;

        /// <summary>The layer of the longest time, and when the first of that began.</summary>
        public Narrow Since(string before)
        {
            double now = Now;
            (double At, string Layer)[] all = [(0, before), .. _chosen.All];
            string most = all.Select((c, i) => (c.Layer, For: (i + 1 < all.Length ? all[i + 1].At : now) - c.At)).GroupBy(c => c.Layer).MaxBy(g => g.Sum(c => c.For))!.Key;
            return new Narrow(most, all.First(c => c.Layer == most).At, all.Length - 1);
        }
    }
}
