using System.Diagnostics;
using LanCollab.Host.Net;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Processes;
using LanCollab.Tests.Support.Scripted;

namespace LanCollab.Benchmarks.Chat;

/// <summary>
/// 500 clients at once, over TLS and from one address, each with a seat in one room and a chat channel that has caught up; then all leave, and the server's memory is
/// looked at again. Server and load are processes of their own. <c>join --clients 500 --runs 3 --settle 30</c> (seconds after which memory is looked at)
/// </summary>
internal static class JoinBenchmark
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var settings = new Settings(arguments);
        int clients = settings.Number("clients", 500);
        using var folder = new TempFolder();
        await using ServerProcess server = await ServerProcess.StartByAsync(Contender.OnCore(0), folder.Folder("server"),
            "--Plugins:Files:Enabled=false", "--Plugins:Screen:Enabled=false", "--Plugins:Media:Enabled=false", "--Plugins:Session:MaxMembers=2000");
        int settle = settings.Number("settle", 30);
        // The first crowd makes code and pools; what stays of the later ones would be a leak.
        await CrowdAsync(server, clients, print: false);
        double before = await MemoryAsync(server, settle), after = before;
        for (int run = 0; run < settings.Number("runs", 3); run++)
        {
            await CrowdAsync(server, clients, print: true);
            after = await MemoryAsync(server, settle);
        }
        Result.Print("join-memory", ("clients", clients), ("beforeMiB", before), ("afterTheyLeftMiB", after), ("grownPercent", 100 * (after - before) / before));
    }

    private static async Task CrowdAsync(ServerProcess server, int clients, bool print)
    {
        using var stop = new CancellationTokenSource();
        using var process = Process.GetProcessById(server.Process.Id);
        TimeSpan cpu = process.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        ServerAddress address = ServerAddress.Parse(server.Address, 0);
        var dialer = new Dialer(TimeProvider.System);
        ScriptedPerson[] people = [.. Enumerable.Range(0, clients).Select(i => new ScriptedPerson(new PersonScript(i, address, "crowd", 0, 1, Seed: 1), dialer, () => { }))];
        Task[] playing = [.. people.Select(p => p.RunAsync(stop.Token))];
        double[] seconds = await Task.WhenAll(people.Select(p => SecondsAsync(p, start)));
        process.Refresh();
        TimeSpan used = process.TotalProcessorTime - cpu;
        int errors = people.Sum(p => p.Channels - 1 + p.Seat.Count.Entered + p.Seat.Count.Resumed - 1);
        if (print) Result.Print("join", ("clients", clients), ("allInSeconds", seconds.Max()), ("p50Seconds", Percentile(seconds, 0.5)), ("p99Seconds", Percentile(seconds, 0.99)),
            ("repeated", errors), ("serverCpuMsPerClient", used.TotalMilliseconds / clients));
        await stop.CancelAsync();
        await Task.WhenAll(playing);
    }

    private static async Task<double> SecondsAsync(ScriptedPerson person, long start)
    {
        await person.CaughtUpAsync().WaitAsync(Patience);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Percentile(double[] values, double share) => values.Order().ElementAt(Math.Min((int)(share * values.Length), values.Length - 1));

    /// <summary>Resident memory once it no longer falls: all have given their seats back, and the collector gives back what it does not need.</summary>
    private static async Task<double> MemoryAsync(ServerProcess server, int settle)
    {
        using var process = Process.GetProcessById(server.Process.Id);
        double least = double.MaxValue;
        for (int second = 0; second < settle; second++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            process.Refresh();
            least = Math.Min(least, process.WorkingSet64 / 1048576.0);
        }
        Console.WriteLine($"memory {least:F1} MiB");
        return least;
    }
}
