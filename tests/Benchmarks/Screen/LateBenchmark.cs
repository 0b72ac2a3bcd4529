using System.Diagnostics;
using LanCollab.Plugins.Screen;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Processes;
using OpenCvSharp;

namespace LanCollab.Benchmarks.Screen;

/// <summary>
/// People who come while somebody presents, one after the other: how long from dialling the screen service (TCP, TLS, the first frame) until
/// a whole picture of 1920x1080 has come and all its images are decoded.
/// </summary>
internal static class LateBenchmark
{
    private const int FramesPerSecond = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(string content, Presentation show, int viewers)
    {
        using var folder = new TempFolder();
        using var stop = new CancellationTokenSource();
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Path, "--Plugins:Media:Enabled=false", "--Plugins:Chat:Enabled=false", "--Plugins:Files:Enabled=false");
        var wire = new ScreenWire(server.Address, stop.Token);
        using var window = new UpdateWindow(required: true);
        Task presenting = await Presentation.BeginAsync(wire, window, FramesPerSecond, show, stop.Token);
        // The first ones pay for the compiling of what they run through.
        for (int i = 0; i < 3; i++) await WatchAsync(wire, $"Early {i}", stop.Token);
        List<Seen> seen = [];
        for (int i = 0; i < viewers; i++) seen.Add(await WatchAsync(wire, $"Late {i}", stop.Token));
        double[] whole = [.. seen.Select(s => s.Whole).Order()], came = [.. seen.Select(s => s.Came).Order()];
        Result.Print($"screen late {content}", ("viewers", viewers), ("pictureKiB", seen[^1].Bytes / 1024.0), ("cameP50Ms", came.Median()), ("wholeP50Ms", whole.Median()), ("wholeMaxMs", whole[^1]));
        await stop.CancelAsync();
        await presenting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task<Seen> WatchAsync(ScreenWire wire, string name, CancellationToken cancellationToken)
    {
        Admission admission = await wire.AdmitAsync(name);
        var complete = new TaskCompletionSource<Seen>(TaskCreationOptions.RunContinuationsAsynchronously);
        long start = Stopwatch.GetTimestamp(), bytes = 0;
        MessageChannel viewer = await wire.OpenAsync(admission);
        List<byte[]> frames = [];
        viewer.OnBinary((frame, _) =>
        {
            bytes += frame.Length;
            frames.Add(frame.ToArray());
            if (frame.Span[0] != TileFrame.End || complete.Task.IsCompleted) return ValueTask.CompletedTask;
            double came = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            Decode(frames);
            complete.TrySetResult(new Seen(Stopwatch.GetElapsedTime(start).TotalMilliseconds, came, bytes));
            return ValueTask.CompletedTask;
        });
        wire.Receive(viewer);
        Seen seen = await complete.Task.WaitAsync(Patience, cancellationToken);
        await viewer.Channel.DisposeAsync();
        return seen;
    }

    /// <summary>All images, several at a time, as a page decodes them.</summary>
    private static void Decode(List<byte[]> frames)
    {
        List<EncodedImage> images = [];
        foreach (byte[] bytes in frames)
        {
            var frame = new TileFrame(bytes);
            while (frame.TryNext(images, out _)) { }
        }
        Parallel.ForEach(images, static image => Cv2.ImDecode(image.Bytes, ImreadModes.Color).Dispose());
    }

    /// <param name="Whole">Milliseconds until it could be shown.</param>
    /// <param name="Came">Milliseconds until it had come.</param>
    /// <param name="Bytes">Of the picture.</param>
    private sealed record Seen(double Whole, double Came, long Bytes);
}
