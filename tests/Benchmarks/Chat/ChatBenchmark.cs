using System.Diagnostics;
using System.Globalization;
using LanCollab.Tests.Support;
using Microsoft.Win32.SafeHandles;

namespace LanCollab.Benchmarks.Chat;

/// <summary>
/// One sender's lines of 128 bytes to 100 and 1000 receivers, beside nats-server and mosquitto: how many a second at full rate, and at human rates how late they are and
/// what they cost. LanCollab stores each line (fsync) before it is told; the peers store nothing. So that programs are compared and not a disk with none, its history lies in memory
/// (<c>/dev/shm</c>) but for <c>lancollab-disk</c>, and what one fsync of this machine's disk takes is printed. <c>--slowest 10</c> also prints the lines whose last receiver waited longest.
/// </summary>
internal static class ChatBenchmark
{
    /// <param name="Receivers">How many.</param>
    /// <param name="Lines">At full rate.</param>
    /// <param name="Rate">Lines a second at a human rate.</param>
    private sealed record Room(int Receivers, int Lines, int Rate);

    // Long enough that a run is spent with compiled code and grown buffers: that takes a just-in-time compiler ten million deliveries and more.
    private static readonly Room[] Rooms = [new(100, 150_000, 200), new(1000, 15_000, 20)];

    /// <summary>Lines under way: what suits each. Mosquitto drops what exceeds 1000 for a client.</summary>
    private static int Window(string contender) => contender.StartsWith("mosquitto", StringComparison.Ordinal) ? 500 : 4000;

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var settings = new Settings(arguments);
        await Contender.InstallPeersAsync();
        PrintFsync();
        string only = settings.Word("target", "");
        string[] names = [.. Contender.Names.Where(n => only == "" || only.Split(',').Contains(n))];
        foreach (Room room in Rooms.Where(r => settings.Number("receivers", r.Receivers) == r.Receivers))
            await RunAsync(room, names, settings);
    }

    /// <summary>What a line must wait for at least: a page of 4 KiB, written over and flushed.</summary>
    private static void PrintFsync()
    {
        using var folder = new TempFolder();
        using SafeFileHandle file = File.OpenHandle(folder["page"], FileMode.Create, FileAccess.ReadWrite);
        byte[] page = new byte[4096];
        double[] waits = [.. Enumerable.Range(0, 200).Select(i =>
        {
            long start = Stopwatch.GetTimestamp();
            RandomAccess.Write(file, page, i % 16 * page.Length);
            RandomAccess.FlushToDisk(file);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }).Skip(20).Order()];
        Result.Print("chat-fsync", ("p50Ms", waits[waits.Length / 2]), ("p99Ms", waits[waits.Length * 99 / 100]));
    }

    private static async Task RunAsync(Room room, string[] names, Settings settings)
    {
        var full = names.ToDictionary(n => n, _ => new List<Figures>());
        var paced = names.ToDictionary(n => n, _ => new List<Figures>());
        for (int round = 0; round < settings.Number("rounds", 3); round++)
        {
            // One after the other in each round: what disturbs one for a while disturbs the next as well.
            foreach (string name in names) await RunAsync(room, name, full[name], paced[name], settings);
        }
        var stuck = new List<Figures>();
        // One of the room reads nothing: the others must not notice.
        if (room.Receivers == 1000 && names.Contains("lancollab"))
            for (int round = 0; round < settings.Number("rounds", 3); round++) await RunAsync(room, "lancollab", [], stuck, settings, stuck: 1);
        if (stuck.Count > 0) Result.Print($"chat-stuck-{room.Receivers}-lancollab", ("p99WithoutMs", Median(paced["lancollab"], "p99")), ("p99WithOneStuckMs", Median(stuck, "p99")));
        foreach (string name in names)
        {
            Result.Print($"chat-full-{room.Receivers}-{name}", ("deliveriesPerSecond", Median(full[name], "rate")),
                ("serverCpuPerDeliveryUs", Median(full[name], "cpu")), ("loadCpuPerDeliveryUs", Median(full[name], "loadCpu")));
            if (paced[name].Count > 0) Result.Print($"chat-paced-{room.Receivers}-{name}", ("linesPerSecond", room.Rate), ("p50Ms", Median(paced[name], "p50")), ("p99Ms", Median(paced[name], "p99")),
                ("serverCpuPerDeliveryUs", Median(paced[name], "cpu")));
        }
    }

    private static double Median(List<Figures> runs, string key) => runs.Select(f => f.Values[key]).Median();

    private sealed record Figures(Dictionary<string, double> Values);

    private static async Task RunAsync(Room room, string name, List<Figures> full, List<Figures> paced, Settings settings, int stuck = 0)
    {
        await using Contender contender = await Contender.StartAsync(name);
        string[] command =
        [
            .. Contender.OnCore(1), "dotnet", Environment.GetCommandLineArgs()[0], "chat-load", "--target", name, "--tls", $"{Contender.IsSecure(name)}",
            "--server", contender.Address, "--pid", $"{contender.ProcessId}", "--receivers", $"{room.Receivers}", "--stuck", $"{stuck}",
            "--lines", $"{settings.Number("lines", name.StartsWith("mosquitto", StringComparison.Ordinal) ? room.Lines / 20 : room.Lines)}", "--window", $"{settings.Number("window", Window(name))}", "--runs", $"{settings.Number("runs", 1)}",
            "--rate", $"{settings.Number("rate", room.Rate)}", "--seconds", $"{settings.Number("seconds", 6)}", "--slowest", $"{settings.Number("slowest", 0)}",
        ];
        foreach (string line in await PrintedAsync(command))
        {
            Console.WriteLine($"{name} {room.Receivers}: {line}");
            if (line.StartsWith("full ", StringComparison.Ordinal)) full.Add(Read(line));
            if (line.StartsWith("paced ", StringComparison.Ordinal)) paced.Add(Read(line));
        }
    }

    private static Figures Read(string line) => new(line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(pair => pair.Split('='))
        .ToDictionary(pair => pair[0], pair => double.Parse(pair[1], CultureInfo.InvariantCulture)));

    private static async Task<string[]> PrintedAsync(string[] command)
    {
        using Process load = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
        string output = await load.StandardOutput.ReadToEndAsync();
        await load.WaitForExitAsync();
        if (load.ExitCode != 0) throw new InvalidOperationException($"the load generator ended with {load.ExitCode}");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
