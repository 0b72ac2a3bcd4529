using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Benchmarks.Files;

/// <summary>
/// One file, many real clients that fetch it at once: how often it crosses the server's wire. Settings: <c>--mib 100</c>, <c>--clients 30</c>,
/// <c>--swarm true</c>, <c>--folder /dev/shm</c>.
/// </summary>
internal static class SwarmBenchmark
{
    private const int StartedAtATime = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task RunAsync(string[] arguments)
    {
        var settings = new Settings(arguments);
        int mebibytes = settings.Number("mib", 100), count = settings.Number("clients", 30);
        string swarm = $"--Plugins:Files:Swarm={settings.Word("swarm", "true")}";
        Environment.SetEnvironmentVariable("TMPDIR", settings.Word("folder", Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath()));
        using var folder = new TempFolder();
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Folder("server"), "--Plugins:Files:MinFreeBytes=0", swarm);
        await using ClientProcess ada = await ClientProcess.StartAsync("Ada", folder.Folder("ada"), "--Plugins:Files:MinFreeBytes=0");
        await ada.JoinAsync(server.Address);
        ClientProcess[] clients = await StartAsync(count, folder, server, swarm);
        try
        {
            Workload workload = Workload.Large(folder, mebibytes);
            string path = workload.Paths.Single(), id = await ShareAsync(ada, path);
            await using var memory = new MemoryWatch([("server", server.Process.Id), .. clients.Select(client => (client.Name, client.Process.Id))]);
            long before = await SentAsync(server), start = Stopwatch.GetTimestamp();
            string[] paths = await Task.WhenAll(clients.Select(client => FetchAsync(client, id, folder.Folder($"to-{client.Name}"))));
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            long sent = await SentAsync(server) - before;
            string hash = Hash(path);
            Result.Print("files-swarm", ("clients", count), ("mebibytes", mebibytes), ("copiesSentByServer", sent / (mebibytes * 1024.0 * 1024.0)),
                ("seconds", seconds), ("rightFiles", paths.Count(got => Hash(got) == hash)), ("serverPeakMiB", memory.Peaks[0]),
                ("clientPeakMiB", memory.Peaks.Skip(1).Max()),
                ("serverWithFilesMiB", ProcessFacts.PeakMiB(server.Process.Id)), ("clientWithFilesMiB", clients.Max(client => ProcessFacts.PeakMiB(client.Process.Id))));
        }
        finally
        {
            foreach (ClientProcess client in clients) await client.DisposeAsync();
        }
    }

    private static async Task<ClientProcess[]> StartAsync(int count, TempFolder folder, ServerProcess server, string swarm)
    {
        using var slots = new SemaphoreSlim(StartedAtATime);
        return await Task.WhenAll(Enumerable.Range(0, count).Select(async i =>
        {
            await slots.WaitAsync();
            try
            {
                ClientProcess client = await ClientProcess.StartAsync($"Person{i}", folder.Folder($"client{i}"), "--Plugins:Files:MinFreeBytes=0", swarm);
                await client.JoinAsync(server.Address);
                return client;
            }
            finally
            {
                slots.Release();
            }
        }));
    }

    private static async Task<string> ShareAsync(ClientProcess ada, string path)
    {
        string upload = (await ada.Bridge.RequestAsync("files", "offer", new { path })).GetProperty("upload").GetString()!;
        JsonElement done = await ada.Bridge.WaitAsync("files", "uploaded", e => e.GetProperty("upload").GetString() == upload, Patience);
        return done.GetProperty("id").GetString()!;
    }

    private static async Task<string> FetchAsync(ClientProcess client, string id, string target)
    {
        await client.Bridge.WaitAsync("files", "offered", e => e.GetProperty("id").GetString() == id, Patience);
        await client.Bridge.RequestAsync("files", "download", new { id, path = target });
        return (await client.Bridge.WaitAsync("files", "downloaded", e => e.GetProperty("id").GetString() == id, Patience)).GetProperty("path").GetString()!;
    }

    /// <summary>Bytes that the server's service for files has sent to anybody.</summary>
    private static async Task<long> SentAsync(ServerProcess server)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Port("admin", "http")}") };
        string text = await http.GetStringAsync("/metrics");
        string line = text.Split('\n').First(l => l.StartsWith("lancollab_sent_bytes_total{", StringComparison.Ordinal) && l.Contains("service=\"files\"", StringComparison.Ordinal));
        return (long)double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture);
    }

    private static string Hash(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
