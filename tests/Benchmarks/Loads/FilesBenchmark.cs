using System.Diagnostics;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Benchmarks.Loads;

/// <summary>A large file from one person's disk to the hub's and on to another's: real processes, TLS on loopback, hashes at every end.</summary>
internal static class FilesBenchmark
{
    private const int MiB = 1024 * 1024, Size = 512, Runs = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task RunAsync()
    {
        using var folder = new TempFolder();
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Folder("server"), "--Plugins:Files:MinFreeBytes=0");
        await using ClientProcess ada = await ClientProcess.StartAsync("Ada", folder.Folder("ada"));
        await using ClientProcess bob = await ClientProcess.StartAsync("Bob", folder.Folder("bob"), "--Plugins:Files:MinFreeBytes=0");
        await ada.JoinAsync(server.Address);
        await bob.JoinAsync(server.Address);
        var runs = new List<(double Up, double Down)>();
        for (int run = 0; run < Runs; run++) runs.Add(await RunAsync(folder, ada.Bridge, bob.Bridge, run));
        Result.Print("files", ("fileMiB", Size),
            ("uploadMiBPerSecond", runs.Select(r => r.Up).Median()), ("downloadMiBPerSecond", runs.Select(r => r.Down).Median()));
    }

    private static async Task<(double Up, double Down)> RunAsync(TempFolder folder, BridgeClient ada, BridgeClient bob, int run)
    {
        string path = folder[$"run{run}.bin"], target = folder.Folder($"to{run}");
        Write(path, run);
        string id = "";
        double up = await RateAsync(async () => id = await UploadAsync(ada, path));
        await bob.WaitAsync("files", "offered", e => e.GetProperty("id").GetString() == id);
        double down = await RateAsync(async () =>
        {
            await bob.RequestAsync("files", "download", new { id, path = target });
            await bob.WaitAsync("files", "downloaded", e => e.GetProperty("id").GetString() == id, Patience);
        });
        // One file at a time on the disk, not all runs' together.
        await ada.RequestAsync("files", "withdraw", new { id });
        File.Delete(path);
        Directory.Delete(target, recursive: true);
        return (up, down);
    }

    private static async Task<string> UploadAsync(BridgeClient bridge, string path)
    {
        string upload = (await bridge.RequestAsync("files", "offer", new { path })).GetProperty("upload").GetString()!;
        return (await bridge.WaitAsync("files", "uploaded", e => e.GetProperty("upload").GetString() == upload, Patience)).GetProperty("id").GetString()!;
    }

    private static async Task<double> RateAsync(Func<Task> transfer)
    {
        long start = Stopwatch.GetTimestamp();
        await transfer();
        return Size / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Write(string path, int seed)
    {
        byte[] block = new byte[MiB];
        var random = new Random(seed);
        using FileStream file = File.Create(path);
        for (int i = 0; i < Size; i++)
        {
            random.NextBytes(block);
            file.Write(block);
        }
        file.Flush(flushToDisk: true);
    }
}
