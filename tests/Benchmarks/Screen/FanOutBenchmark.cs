using System.Diagnostics;
using LanCollab.Plugins.Screen;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Benchmarks.Screen;

/// <summary>
/// One presenter of scrolling text at 30 pictures a second, a server in a process of its own, and viewers on the real wire that acknowledge
/// what they get; some of them read slowly.
/// </summary>
internal static class FanOutBenchmark
{
    private const int FramesPerSecond = 30, SlowBytesPerSecond = 50_000;

    public static async Task RunAsync(int viewers, int slow, int seconds)
    {
        using var folder = new TempFolder();
        using var stop = new CancellationTokenSource();
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Path, "--Plugins:Media:Enabled=false", "--Plugins:Chat:Enabled=false", "--Plugins:Files:Enabled=false");
        using Process process = Process.GetProcessById(server.Process.Id);
        var wire = new ScreenWire(server.Address, stop.Token);
        using var window = new UpdateWindow(required: true);
        Task presenting = await Presentation.BeginAsync(wire, window, FramesPerSecond, Presentation.ScrollingText(), stop.Token);
        long memory = Memory(process);
        Seen[] seen = [.. Enumerable.Range(0, viewers).Select(i => new Seen(i < slow ? SlowBytesPerSecond : 0))];
        for (int i = 0; i < viewers; i++) await WatchAsync(wire, $"Viewer {i}", seen[i], stop.Token);
        await Task.Delay(TimeSpan.FromSeconds(3));
        await MeasureAsync(process, seen, slow, seconds, memory);
        await stop.CancelAsync();
        await presenting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task MeasureAsync(Process server, Seen[] seen, int slow, int seconds, long memory)
    {
        TimeSpan cpu = Cpu(server);
        long[] before = [.. seen.Select(s => s.Updates)], bytes = [.. seen.Select(s => s.Bytes)];
        long start = Stopwatch.GetTimestamp(), most = 0;
        for (int i = 0; i < seconds; i++, most = Math.Max(most, Memory(server))) await Task.Delay(TimeSpan.FromSeconds(1));
        double time = Stopwatch.GetElapsedTime(start).TotalSeconds, percent = (Cpu(server) - cpu).TotalSeconds / time * 100;
        double[] rates = [.. seen.Select((s, i) => (s.Updates - before[i]) / time)];
        double[] fast = [.. rates.Skip(slow).Order()];
        Result.Print("screen fanout", ("viewers", seen.Length), ("slowViewers", slow), ("sentPerS", FramesPerSecond), ("slowestFastFramesPerS", fast[0]), ("medianFastFramesPerS", fast.Median()),
            ("slowFramesPerS", slow == 0 ? 0 : rates.Take(slow).Average()), ("kibPerSViewer", (seen[^1].Bytes - bytes[^1]) / time / 1024),
            ("serverCpuPercent", percent), ("serverCpuPercentPerViewer", percent / seen.Length), ("serverCpuPercentPerViewerAndFrame", percent / rates.Sum()),
            ("memoryGrowthMiBPerViewer", (most - memory) / 1048576.0 / seen.Length));
    }

    private static async Task WatchAsync(ScreenWire wire, string name, Seen seen, CancellationToken cancellationToken)
    {
        MessageChannel viewer = await wire.OpenAsync(name);
        viewer.OnBinary(async (frame, token) =>
        {
            if (seen.BytesPerSecond > 0) await Task.Delay(TimeSpan.FromSeconds((double)frame.Length / seen.BytesPerSecond), token);
            if (seen.Take(frame.Span) is { } number) await viewer.SendAsync(new Shown(number), cancellationToken);
        });
        wire.Receive(viewer);
    }

    private static long Memory(Process process)
    {
        process.Refresh();
        return process.WorkingSet64;
    }

    private static TimeSpan Cpu(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    /// <summary>What a viewer has got.</summary>
    private sealed class Seen(int bytesPerSecond)
    {
        private long _updates, _bytes;

        public int BytesPerSecond { get; } = bytesPerSecond;

        public long Updates => Interlocked.Read(ref _updates);

        public long Bytes => Interlocked.Read(ref _bytes);

        /// <summary>The number of an update that is complete with this frame.</summary>
        public uint? Take(ReadOnlySpan<byte> frame)
        {
            Interlocked.Add(ref _bytes, frame.Length);
            if (frame[0] != TileFrame.End) return null;
            Interlocked.Increment(ref _updates);
            return new TileFrame(frame).Number;
        }
    }
}
