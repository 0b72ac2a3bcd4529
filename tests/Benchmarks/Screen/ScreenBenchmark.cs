using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LanCollab.Benchmarks.Screen;

/// <summary>
/// Sessions of real programs on an X11 display, seen through this program and, in the same run, through TigerVNC with a viewer that decodes:
/// <c>-- screen [--scenes typing,scroll,drag,video,idle,fanout,late] [--seconds n] [--warm n] [--peers 1]</c>.
/// </summary>
internal static class ScreenBenchmark
{
    private const int LateViewers = 20;

    /// <summary>The peers are compiled already; their programs settle.</summary>
    private const int PeerWarmSeconds = 5;

    private static readonly TimeSpan FlipEvery = TimeSpan.FromMilliseconds(230);

    private static readonly string[] Programs = ["Xvfb", "xdotool", "xterm", "vim", "chromium", "X0tigervnc", "Xtigervnc"];
    private static readonly string[] Packages = ["xvfb", "xdotool", "xterm", "vim", "chromium", "tigervnc-scraping-server", "tigervnc-standalone-server", "libxcomposite1", "libxdamage1", "libxi6"];

    public static async Task RunAsync(string[] arguments)
    {
        var settings = new Settings(arguments);
        Install();
        string[] wanted = settings.Word("scenes", string.Join(',', Scene.All.Select(s => s.Name)) + ",fanout,late").Split(',');
        foreach (Scene scene in Scene.All.Where(s => wanted.Contains(s.Name)))
            await RunAsync(scene with { Seconds = settings.Number("seconds", scene.Seconds) }, settings.Number("warm", scene.Warm), settings.Number("peers", 1) != 0);
        if (wanted.Contains("late"))
        {
            await LateBenchmark.RunAsync("text", Presentation.ScrollingText(), LateViewers);
            await LateBenchmark.RunAsync("photo", Presentation.Photograph(), LateViewers);
        }
        if (!wanted.Contains("fanout")) return;
        await FanOutBenchmark.RunAsync(viewers: 10, slow: 0, settings.Number("seconds", 15));
        await FanOutBenchmark.RunAsync(viewers: 50, slow: 5, settings.Number("seconds", 15));
    }

    private static async Task RunAsync(Scene scene, int warm, bool peers)
    {
        await using (XSession session = await XSession.StartAsync())
        {
            var play = new Play(scene, session, await scene.PrepareAsync(session), warm);
            await RunOursAsync(play, "lancollab");
            if (scene.Name == "scroll") await RunWithoutCopiesAsync(play);
            if (scene.Name == "video") await RunOursAsync(play, "lancollab-lossless", "--Plugins:Screen:Lossless=true");
            if (peers) await RunScrapingAsync(play with { Warm = PeerWarmSeconds });
        }
        if (peers && scene.Name is "scroll" or "drag" or "typing") await RunStandaloneAsync(scene);
    }

    /// <summary>At its own pace, and at about that of the peers, who show some 18 pictures a second: bytes a second compare only so.</summary>
    private static async Task RunWithoutCopiesAsync(Play play)
    {
        await RunOursAsync(play, "lancollab-no-copies", "--Plugins:Screen:Copies=false");
        await RunOursAsync(play, "lancollab-no-copies-18", "--Plugins:Screen:Copies=false", "--Plugins:Screen:MaxFps=18");
    }

    private static async Task RunOursAsync(Play play, string name, params string[] settings)
    {
        using var marker = new Marker(play.Session.Display);
        await using OurShare share = await OurShare.StartAsync(play.Session.Display, marker.Seen, settings);
        await MeasureAsync(name, play, marker, share, share.Presenter, share.Server);
    }

    private static async Task RunScrapingAsync(Play play)
    {
        using var marker = new Marker(play.Session.Display);
        int port = FreePort();
        Process server = play.Session.Start("X0tigervnc", "-display", play.Session.Display, "-SecurityTypes", "None", "-rfbport", $"{port}", "-localhost");
        await using (RfbViewer viewer = await RfbViewer.ConnectAsync(port, copies: true, marker.Seen)) await MeasureAsync("x0tigervnc", play, marker, viewer, server, null);
        server.Kill();
    }

    /// <summary>A display that is itself the VNC server: it knows what was copied. Its processor time is that of the display, too.</summary>
    private static async Task RunStandaloneAsync(Scene scene)
    {
        int port = FreePort();
        await using XSession session = await XSession.StartAsync("Xtigervnc", "-geometry", "1920x1080", "-depth", "24", "-SecurityTypes", "None", "-rfbport", $"{port}", "-localhost");
        var play = new Play(scene, session, await scene.PrepareAsync(session), PeerWarmSeconds);
        foreach (bool copies in (bool[])[true, false])
        {
            using var marker = new Marker(session.Display);
            await using RfbViewer viewer = await RfbViewer.ConnectAsync(port, copies, marker.Seen);
            await MeasureAsync(copies ? "xtigervnc-copyrect" : "xtigervnc-zrle", play, marker, viewer, session.Server, null);
        }
    }

    private static async Task MeasureAsync(string name, Play play, Marker marker, IContestant seen, Process presenter, Process? server)
    {
        Scene scene = play.Scene;
        // With what was played before: the page is scrolled back.
        if (scene.Name == "scroll") play.Session.Read("xdotool", "key", "Home");
        string[] input = [.. scene.Play(play.Window, play.Warm + scene.Seconds)];
        Process? player = input.Length > 0 ? play.Session.Start("xdotool", input) : null;
        await FlipAsync(scene, marker, play.Warm);
        marker.Forget();
        (long bytes, long updates, TimeSpan cpu, TimeSpan serverCpu) = (seen.Bytes, seen.Updates, Cpu(presenter), Cpu(server));
        long start = Stopwatch.GetTimestamp();
        await FlipAsync(scene, marker, scene.Seconds);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        updates = seen.Updates - updates;
        double presenterMs = (Cpu(presenter) - cpu).TotalMilliseconds;
        Result.Print($"screen {scene.Name} {name}", ("seconds", seconds), ("bytes", seen.Bytes - bytes), ("kibPerS", (seen.Bytes - bytes) / seconds / 1024),
            ("framesPerS", updates / seconds), ("presenterCpuPercent", presenterMs / seconds / 10), ("cpuMsPerFrame", updates == 0 ? 0 : presenterMs / updates),
            ("serverCpuPercent", (Cpu(server) - serverCpu).TotalMilliseconds / seconds / 10), ("delayP50Ms", marker.Percentile(50)), ("delayP95Ms", marker.Percentile(95)));
        if (player is { HasExited: false }) player.Kill();
    }

    private static async Task FlipAsync(Scene scene, Marker marker, int seconds)
    {
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        using var flip = new PeriodicTimer(FlipEvery);
        try
        {
            // An idle display is one on which nothing changes at all.
            if (scene.Name is "idle") await Task.Delay(Timeout.Infinite, end.Token);
            while (await flip.WaitForNextTickAsync(end.Token)) marker.Flip();
        }
        catch (OperationCanceledException)
        {
            // Time is up.
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>A scene on a display, with its programs running.</summary>
    private sealed record Play(Scene Scene, XSession Session, string Window, int Warm);

    private static TimeSpan Cpu(Process? process)
    {
        if (process is null) return TimeSpan.Zero;
        process.Refresh();
        return process.TotalProcessorTime;
    }

    private static void Install()
    {
        if (Programs.All(program => Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, program))))) return;
        var start = new ProcessStartInfo("apt-get", ["install", "-y", "-q", "--no-install-recommends", .. Packages]) { RedirectStandardOutput = true };
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        using Process install = Process.Start(start)!;
        install.StandardOutput.ReadToEnd();
        install.WaitForExit();
        if (install.ExitCode != 0) throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"packages could not be installed; run apt-get install {string.Join(' ', Packages)}"));
    }
}
