using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Benchmarks.Files;

/// <summary>
/// Files to the server and back beside curl and nginx, on the same disk in the same run, the two taking turns; medians. Settings: <c>--mib 2048</c>,
/// <c>--files 10000</c>, <c>--rounds 3</c>, <c>--folder /dev/shm</c> (a disk in memory measures the program and not the disk).
/// </summary>
internal static class FilesBenchmark
{
    public static async Task RunAsync(string[] arguments)
    {
        var settings = new Settings(arguments);
        int mebibytes = settings.Number("mib", 2048), files = settings.Number("files", 10_000), rounds = settings.Number("rounds", 3);
        Environment.SetEnvironmentVariable("TMPDIR", settings.Word("folder", Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath()));
        using var folder = new TempFolder();
        await using Nginx nginx = await Nginx.StartAsync(folder);
        await using Ours ours = await Ours.StartAsync(folder);
        foreach (Workload workload in (Workload[])[Workload.Large(folder, mebibytes), Workload.Four(folder, mebibytes), Workload.Small(folder, files)])
            await CompareAsync(workload, nginx, ours, rounds);
        Result.Print("files-memory", ("serverPeakMiB", ProcessFacts.PeakMiB(ours.Server.Process.Id)),
            ("uploaderPeakMiB", ProcessFacts.PeakMiB(ours.Ada.Process.Id)), ("downloaderPeakMiB", ProcessFacts.PeakMiB(ours.Bob.Process.Id)));
        await ChatAsync(Workload.Large(folder, mebibytes), ours);
    }

    private static async Task CompareAsync(Workload workload, Nginx nginx, Ours ours, int rounds)
    {
        var runs = new Dictionary<string, List<double>>();
        for (int round = 0; round < rounds; round++)
        {
            // Whoever goes first finds other memory than who follows.
            foreach (IContender contender in round % 2 == 0 ? (IContender[])[nginx, ours] : [ours, nginx])
            {
                await MeasureAsync(runs, $"{contender.Name} put", workload, contender, contender.PutAsync);
                await MeasureAsync(runs, $"{contender.Name} get", workload, contender, contender.GetAsync);
                await contender.ClearAsync(workload);
            }
        }
        double Rate(string key) => runs[key].Median();
        Result.Print($"files {workload.Name}",
            ("putMiBPerSecond", Rate("lancollab put")), ("nginxPutMiBPerSecond", Rate("nginx put")), ("putRatio", Rate("lancollab put") / Rate("nginx put")),
            ("getMiBPerSecond", Rate("lancollab get")), ("nginxGetMiBPerSecond", Rate("nginx get")), ("getRatio", Rate("lancollab get") / Rate("nginx get")),
            ("putCpuMsPerMiB", Rate("lancollab put cpu")), ("nginxPutCpuMsPerMiB", Rate("nginx put cpu")),
            ("getCpuMsPerMiB", Rate("lancollab get cpu")), ("nginxGetCpuMsPerMiB", Rate("nginx get cpu")));
    }

    private static async Task MeasureAsync(Dictionary<string, List<double>> runs, string key, Workload workload, IContender contender, Func<Workload, Task> run)
    {
        Warm();
        TimeSpan before = contender.Cpu;
        long start = Stopwatch.GetTimestamp();
        await run(workload);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Add(runs, key, workload.MiBytes / seconds);
        Add(runs, key + " cpu", (contender.Cpu - before).TotalMilliseconds / workload.MiBytes);
    }

    private static void Add(Dictionary<string, List<double>> runs, string key, double value)
    {
        if (!runs.TryGetValue(key, out List<double>? values)) runs[key] = values = [];
        values.Add(value);
    }

    /// <summary>Chat's round trip at rest and while a large upload runs.</summary>
    private static async Task ChatAsync(Workload workload, Ours ours)
    {
        const int samples = 150;
        await using ClientProcess cleo = await ClientProcess.StartAsync("Cleo", Path.Combine(Path.GetTempPath(), $"cleo-{Environment.ProcessId}"));
        await cleo.JoinAsync(ours.Server.Address);
        for (int i = 0; i < samples; i++) await SayAsync(cleo);
        double idle = await P99Async(cleo, samples, () => true);
        Task put = ours.PutAsync(workload);
        double busy = await P99Async(cleo, samples, () => !put.IsCompleted);
        await put;
        Result.Print("files-chat", ("idleP99Milliseconds", idle), ("duringUploadP99Milliseconds", busy), ("ratio", busy / idle));
    }

    private static async Task<double> P99Async(ClientProcess person, int samples, Func<bool> more)
    {
        var times = new List<double>();
        while (times.Count < samples && more())
        {
            times.Add(await SayAsync(person));
            await Task.Delay(15);
        }
        return times.Count == 0 ? double.NaN : times.Order().ElementAt((int)(times.Count * 0.99) is var at && at < times.Count ? at : times.Count - 1);
    }

    private static async Task<double> SayAsync(ClientProcess person)
    {
        string text = Guid.NewGuid().ToString("n");
        long start = Stopwatch.GetTimestamp();
        await person.Bridge.RequestAsync("chat", "say", new { text });
        await person.Bridge.WaitAsync("chat", "said", e => e.TryGetProperty("text", out JsonElement said) && said.GetString() == text);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>Touches memory right before a run: pages that the machine has not given out lately are several times slower, for whoever gets them.</summary>
    private static unsafe void Warm()
    {
        const long page = 4096;
        long size = 4L << 30;
        byte* memory = (byte*)NativeMemory.Alloc(checked((nuint)size));
        for (long at = 0; at < size; at += page) memory[at] = 1;
        NativeMemory.Free(memory);
    }
}
