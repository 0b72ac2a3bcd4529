using System.Diagnostics;
using System.Globalization;
using LanCollab.Tests.Support;
using Microsoft.Win32.SafeHandles;

namespace LanCollab.Benchmarks.Chat;

/// <summary>
/// One sender's lines of 128 bytes to 100 and 1000 receivers, beside nats-server and mosquitto: how many a second at full rate, and at human rates how late they are and
/// what they cost. LanCollab stores each line (fsync) before it is told; the peers store nothing. So that programs are compared and not a disk with none, its history lies in memory
/// (<c>/dev/shm</c>) but for <c>lancollab-disk</c>, which is there when it is named, and what one fsync of this machine's disk takes is printed. <c>--only human</c>, <c>full</c> or <c>stuck</c> measures one of
/// these, <c>--target lancollab-plain,mosquitto</c> some contenders, <c>--receivers 100</c> one of the rooms; <c>--rounds</c>, <c>--seconds</c> and <c>--turns</c> (with and without one who is stuck) say how
/// often and how long. <c>--slowest 10</c> also prints the lines whose last receiver waited longest.
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
        string[] names = [.. Contender.Names.Where(n => only == "" ? n != "lancollab-disk" : only.Split(',').Contains(n))];
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
        var all = names.ToDictionary(n => n, _ => new List<Figures>());
        for (int round = 0; round < settings.Number("rounds", 1); round++)
        {
            // One after the other in each round: what disturbs one for a while disturbs the next as well.
            foreach (string name in names) all[name].AddRange(await RunAsync(room, name, settings));
        }
        foreach (string name in names) Print(room, name, all[name]);
    }

    private static void Print(Room room, string name, List<Figures> figures)
    {
        Figures[] full = Of(figures, "full"), paced = Of(figures, "paced"), stuck = Of(figures, "stuck");
        if (full.Length > 0) Result.Print($"chat-full-{room.Receivers}-{name}", ("deliveriesPerSecond", Median(full, "rate")), ("serverCpuPerDeliveryUs", Median(full, "cpu")),
            ("loadCpuPerDeliveryUs", Median(full, "loadCpu")));
        if (paced.Length > 0) Result.Print($"chat-paced-{room.Receivers}-{name}", ("linesPerSecond", room.Rate), ("p50Ms", Median(paced, "p50")), ("p99Ms", Median(paced, "p99")),
            ("serverCpuPerDeliveryUs", Median(paced, "cpu")), ("loadCpuPerDeliveryUs", Median(paced, "loadCpu")));
        if (stuck.Length > 0) Result.Print($"chat-stuck-{room.Receivers}-{name}", ("p99WithoutMs", Median(paced, "p99")), ("p99WithOneStuckMs", Median(stuck, "p99")));
    }

    private static Figures[] Of(List<Figures> figures, string what) => [.. figures.Where(f => f.What == what)];

    private static double Median(Figures[] runs, string key) => runs.Select(f => f.Values[key]).Median();

    /// <param name="What">The phase: <c>full</c>, <c>paced</c>, <c>stuck</c>.</param>
    /// <param name="Values">By name.</param>
    private sealed record Figures(string What, Dictionary<string, double> Values);

    private static async Task<List<Figures>> RunAsync(Room room, string name, Settings settings)
    {
        await using Contender contender = await Contender.StartAsync(name);
        string[] command =
        [
            .. Contender.OnCore(1), "dotnet", Environment.GetCommandLineArgs()[0], "chat-load", "--target", name, "--tls", $"{Contender.IsSecure(name)}",
            "--server", contender.Address, "--pid", $"{contender.ProcessId}", "--receivers", $"{room.Receivers}", .. Phases(room, name, settings),
            "--slowest", $"{settings.Number("slowest", 0)}",
        ];
        var figures = new List<Figures>();
        foreach (string line in await PrintedAsync(command))
        {
            Console.WriteLine($"{name} {room.Receivers}: {line}");
            if (line.Split(' ')[0] is "full" or "paced" or "stuck") figures.Add(Read(line));
        }
        return figures;
    }

    /// <summary>What the load is to do. What is not measured at full rate is warmed up by it all the same.</summary>
    private static string[] Phases(Room room, string name, Settings settings)
    {
        string only = settings.Word("only", "");
        if (only is not ("" or "human" or "full" or "stuck")) throw new ArgumentException($"--only {only} is none of human, full and stuck.");
        // With TLS mosquitto is there for its delays.
        bool full = only == "full" || (only == "" && name != "mosquitto-tls"), human = only != "full";
        bool stuck = room.Receivers == 1000 && name is "lancollab" or "lancollab-plain" && only is "" or "stuck";
        int lines = settings.Number("lines", name.StartsWith("mosquitto", StringComparison.Ordinal) ? room.Lines / 40 : room.Lines);
        return
        [
            "--lines", $"{lines}", "--window", $"{settings.Number("window", Window(name))}", "--runs", $"{(full ? settings.Number("runs", 1) : 0)}",
            "--rate", $"{settings.Number("rate", room.Rate)}", "--warmup", $"{settings.Number("warmup", 8)}", "--seconds", $"{(human ? settings.Number("seconds", 6) : 0)}",
            "--stuck", $"{(stuck ? settings.Number("turns", 1) : 0)}",
        ];
    }

    private static Figures Read(string line) => new(line.Split(' ')[0], line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(pair => pair.Split('='))
        .ToDictionary(pair => pair[0], pair => double.Parse(pair[1], CultureInfo.InvariantCulture)));

    private static async Task<string[]> PrintedAsync(string[] command)
    {
        // Compiled for good at first: a compiler that works beside the receivers, on their core, would be measured instead of the server.
        using Process load = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, Environment = { ["DOTNET_TieredCompilation"] = "0" } })!;
        string output = await load.StandardOutput.ReadToEndAsync();
        await load.WaitForExitAsync();
        if (load.ExitCode != 0) throw new InvalidOperationException($"the load generator ended with {load.ExitCode}");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
