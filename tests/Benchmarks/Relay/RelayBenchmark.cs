using System.Globalization;
using LanCollab.Benchmarks.Audio;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Benchmarks.Relay;

/// <summary>
/// The real server process forwards cameras to viewers, encrypted; it has one core to itself, senders and viewers are processes on another one. Beside it, on
/// the same core: bare loops of sends, and Debian's Janus with plain RTP. Processor time is the kernel's account of the measured process, per packet that
/// reached a viewer; on loopback the sender's system calls do the receivers' kernel work too. Delays are from the sender's socket to the viewer's.
/// <c>cpu_per_kpps</c> is per cent of a core for 1000 packets/s.
/// </summary>
internal static class RelayBenchmark
{
    private static readonly (int Senders, int Viewers)[] Series = [(1, 50), (1, 100), (10, 10), (25, 25)];
    private static readonly int[] Frames = [4, 10];
    private static readonly TimeSpan Tail = TimeSpan.FromMilliseconds(300);

    /// <param name="arguments">
    /// <c>--senders --viewers --frame</c>: that series alone; <c>--kpps 150</c> for the series; <c>--most 300</c>: the highest of the steps; <c>--seconds 3</c> each;
    /// <c>--floors 0 --janus 0 --steps 0</c>: not those; <c>--together 1</c>: viewers that take what was sent in one call as one piece.
    /// </param>
    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var settings = new Settings(arguments);
        if (settings.Number("floors", 1) != 0) await FloorsAsync(settings);
        foreach ((int senders, int viewers) in Series)
        {
            if (settings.Number("senders", senders) != senders || settings.Number("viewers", viewers) != viewers) continue;
            foreach (int frame in Frames)
                if (settings.Number("frame", frame) == frame) await OursAsync(settings, senders, viewers, frame);
        }
        if (settings.Number("janus", 1) != 0 && await JanusProcess.IsThereAsync()) await JanusAsync(settings);
    }

    private static async Task OursAsync(Settings settings, int senders, int viewers, int frame)
    {
        using var folder = new TempFolder();
        // It is to be measured at its limit and not to step back before it.
        string[] marks = ["--Plugins:Media:HighCpu=100", "--Plugins:Media:HighDelay=1000"];
        await using ServerProcess server = await ServerProcess.StartByAsync(RelayCores.Launcher(RelayCores.Measured), folder.Folder("server"), marks);
        await using LoadProcess watching = await LoadProcess.StartAsync(RelayCores.Launcher(RelayCores.Load),
            "relay-viewers", "--server", server.Address, "--count", Text(viewers), "--together", Text(settings.Number("together", 0)));
        await using LoadProcess sending = await LoadProcess.StartAsync(RelayCores.FirstLauncher(RelayCores.Load),
            "relay-senders", "--server", server.Address, "--count", Text(senders), "--frame", Text(frame));
        var course = new Course(server.Process.Id, sending, watching, viewers, TimeSpan.FromSeconds(settings.Number("seconds", 3)));
        for (int i = 0; i < 2; i++) await course.RunAsync(settings.Number("kpps", 150)); // code is compiled, and then once more
        Print("relay", senders, viewers, frame, await course.RunAsync(settings.Number("kpps", 150)));
        if (settings.Number("steps", 1) == 0 || (senders, viewers) is not (1, 50)) return;
        for (int kpps = 200; kpps <= settings.Number("most", 300); kpps += 50) Print("relay-step", senders, viewers, frame, await course.RunAsync(kpps));
    }

    private static async Task JanusAsync(Settings settings)
    {
        const int viewers = 50, frame = 10;
        await using LoadProcess watching = await LoadProcess.StartAsync(RelayCores.Launcher(RelayCores.Load), "relay-viewers", "--count", Text(viewers));
        await using JanusRelay janus = await JanusRelay.StartAsync(watching.Ready, RelayCores.Launcher(RelayCores.Measured));
        await using LoadProcess sending = await LoadProcess.StartAsync(RelayCores.FirstLauncher(RelayCores.Load), "relay-senders", "--rtp", Text(janus.Port), "--frame", Text(frame));
        var course = new Course(janus.ProcessId, sending, watching, viewers, TimeSpan.FromSeconds(settings.Number("seconds", 3)));
        Print("relay-janus", 1, viewers, frame, await course.RunAsync(100));
    }

    private static async Task FloorsAsync(Settings settings)
    {
        int seconds = settings.Number("seconds", 3);
        await using LoadProcess watching = await LoadProcess.StartAsync(RelayCores.Launcher(RelayCores.Load), "relay-viewers", "--count", "50", "--together", Text(settings.Number("together", 0)));
        await using LoadProcess floor = await LoadProcess.StartAsync(RelayCores.Launcher(RelayCores.Measured), ["relay-floor", .. watching.Ready]);
        foreach ((string kind, int frame) in ((string, int)[])[("sendto", 1), ("segments", 4), ("segments", 10), ("sealed", 4), ("sealed", 10), ("seal", 10), ("seal-runtime", 10)])
        {
            await floor.AskAsync($"{kind} {frame} 150000 1", "sent");
            await watching.AskAsync("count", "seen");
            double[] sent = await floor.AskAsync($"{kind} {frame} 150000 {seconds}", "sent");
            await Task.Delay(Tail);
            double[] seen = await watching.AskAsync("count", "seen");
            Result.Print($"relay-floor-{kind}", ("viewers", 50), ("frame", frame), ("packets", sent[0]), ("us_per_packet", sent[1]), ("loss", kind.StartsWith("seal-", StringComparison.Ordinal) || kind == "seal" ? 0 : 1 - seen[0] / sent[0]));
        }
    }

    private static void Print(string name, int senders, int viewers, int frame, Passage passage) => Result.Print(name,
        ("senders", senders), ("viewers", viewers), ("frame", frame), ("packets", passage.Packets), ("kpps", passage.Kpps), ("offered_kpps", passage.Offered),
        ("cpu_per_kpps", passage.Cpu * 100 / passage.Kpps), ("us_per_packet", passage.Cpu * 1000 / passage.Kpps), ("kernel", passage.Kernel), ("load_of_a_core", passage.Cpu),
        ("loss", passage.Loss), ("damaged", passage.Damaged), ("p50_ms", passage.P50), ("p99_ms", passage.P99), ("most_ms", passage.Most));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
