using System.Diagnostics;
using System.Runtime.InteropServices;
using LanCollab.Host.Net.Tls;
using LanCollab.Tests.Support;

namespace LanCollab.Benchmarks.Files;

/// <summary>
/// Files to the server and back beside curl and nginx, on the same disk in the same run, the two taking turns; medians. Settings: <c>--mib 2048</c>,
/// <c>--files 10000</c>, <c>--rounds 3</c>, <c>--folder /dev/shm</c> (a disk in memory measures the program and not the disk), <c>--who lancollab</c> for
/// one of them alone (<c>lancollabSslStream</c> is this program with .NET's TLS, <c>lancollabOpenSslRecords</c> with records that OpenSSL makes) (bare loops of .NET, <see cref="Bare"/>, go along with large files), <c>--parts upload-1,chat</c> for some of the parts alone.
/// </summary>
internal static class FilesBenchmark
{
    private const string AllParts = "upload-1,download-1,upload-4,download-4,small,chat";

    private static readonly Dictionary<string, Func<Plan, Task>> Parts = new()
    {
        ["upload-1"] = plan => UploadAsync(plan, "upload-1", plan.Large()),
        ["download-1"] = plan => DownloadAsync(plan, "download-1", plan.Large()),
        ["upload-4"] = plan => UploadAsync(plan, "upload-4", plan.Four()),
        ["download-4"] = plan => DownloadAsync(plan, "download-4", plan.Four()),
        ["small"] = SmallAsync,
        ["chat"] = plan => ChatBeside.RunAsync(plan.Large(), plan.Ours),
    };

    private sealed record Plan(TempFolder Folder, Ours Ours, IReadOnlyList<IContender> Contenders, int Mebibytes, int Files, int Rounds)
    {
        public Workload Large() => Workload.Large(Folder, Mebibytes);

        public Workload Four() => Workload.Four(Folder, Mebibytes);

        /// <summary>Whoever goes first finds other memory than who follows.</summary>
        public IEnumerable<IContender> Turn(int round) => round % 2 == 0 ? Contenders : Contenders.Reverse();
    }

    public static async Task RunAsync(string[] arguments)
    {
        var settings = new Settings(arguments);
        string[] parts = settings.Word("parts", AllParts).Split(',');
        if (parts.FirstOrDefault(part => !Parts.ContainsKey(part)) is { } wrong) throw new ArgumentException($"\"{wrong}\" is no part; the parts are {AllParts}.");
        string[] who = settings.Word("who", "nginx,bare,bareHashed,bareOpenSsl,bareOpenSslHashed,bareOpenSslPiped,lancollab").Split(',');
        Environment.SetEnvironmentVariable("TMPDIR", settings.Word("folder", Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath()));
        using var folder = new TempFolder();
        await Packages.TryAsync(MultiBufferAead.Package, MultiBufferAead.Library);
        Result.Print("files-tls", ("libipsecMb", MultiBufferAead.IsSupported ? 1 : 0));
        await using Ours ours = await Ours.StartAsync(folder, Runs.Ours);
        bool peers = parts is not ["chat"];
        await using Nginx? nginx = peers && who.Contains("nginx") ? await Nginx.StartAsync(folder) : null;
        await using var bares = new Bare.Several();
        foreach (BareKind kind in BareKind.All.Where(kind => peers && who.Contains(kind.Name))) bares.Add(await Bare.StartAsync(folder, kind));
        await using Ours? overSslStream = who.Contains(Runs.OursOverSslStream) ? await Ours.StartAsync(folder, Runs.OursOverSslStream, TlsLibrary.Runtime) : null;
        await using Ours? withRecords = who.Contains(Runs.OursWithOpenSslRecords) ? await Ours.StartAsync(folder, Runs.OursWithOpenSslRecords, TlsLibrary.OpenSslRecords) : null;
        IContender[] contenders = [.. ((IContender?[])[nginx, .. bares, who.Contains(ours.Name) ? ours : null, withRecords, overSslStream]).OfType<IContender>()];
        var plan = new Plan(folder, ours, contenders, settings.Number("mib", 2048), settings.Number("files", 10_000), settings.Number("rounds", 3));
        await using (var memory = new MemoryWatch(("server", ours.Server.Process.Id), ("uploader", ours.Ada.Process.Id), ("downloader", ours.Bob.Process.Id)))
        {
            foreach (string part in parts) await Parts[part](plan);
            memory.Print("files-memory");
        }
    }

    private static async Task UploadAsync(Plan plan, string name, Workload workload)
    {
        var runs = new Runs();
        for (int round = 0; round < plan.Rounds; round++)
            foreach (IContender contender in plan.Turn(round))
            {
                await MeasureAsync(runs, workload, contender, contender.PutAsync);
                await contender.ClearAsync(workload);
            }
        runs.Print(name, workload);
        workload.Delete();
    }

    private static async Task DownloadAsync(Plan plan, string name, Workload workload)
    {
        var runs = new Runs();
        foreach (IContender contender in plan.Contenders) await contender.PutAsync(workload);
        for (int round = 0; round < plan.Rounds; round++)
            foreach (IContender contender in plan.Turn(round))
            {
                await MeasureAsync(runs, workload, contender, contender.GetAsync);
                contender.ClearReceived();
            }
        runs.Print(name, workload);
        foreach (IContender contender in plan.Contenders) await contender.ClearAsync(workload);
        workload.Delete();
    }

    private static async Task SmallAsync(Plan plan)
    {
        Workload workload = Workload.Small(plan.Folder, plan.Files);
        Runs puts = new(), gets = new();
        for (int round = 0; round < plan.Rounds; round++)
            foreach (IContender contender in plan.Turn(round).Where(contender => contender is not Bare))
            {
                await MeasureAsync(puts, workload, contender, contender.PutAsync);
                await MeasureAsync(gets, workload, contender, contender.GetAsync);
                await contender.ClearAsync(workload);
            }
        puts.Print("small-upload", workload);
        gets.Print("small-download", workload);
        workload.Delete();
    }

    private static async Task MeasureAsync(Runs runs, Workload workload, IContender contender, Func<Workload, Task> run)
    {
        Warm();
        TimeSpan before = contender.Cpu;
        long start = Stopwatch.GetTimestamp();
        await run(workload);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        runs.Add(contender.Name, workload.MiBytes / seconds, (contender.Cpu - before).TotalMilliseconds / workload.MiBytes);
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
