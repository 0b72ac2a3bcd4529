using System.Diagnostics;
using System.Globalization;

namespace LanCollab.Benchmarks.Screen;

/// <summary>
/// Sessions of real programs on an X11 display, seen through this program and, in the same run, through TigerVNC with a viewer that decodes:
/// <c>-- screen [--scenes typing,scroll,drag,video,idle,fanout,late] [--seconds n] [--peers 1]</c>.
/// </summary>
internal static class ScreenBenchmark
{
    private const int FirstDisplay = 70, FirstPort = 15970, LateViewers = 20;
    private static readonly TimeSpan Warmth = TimeSpan.FromSeconds(3), FlipEvery = TimeSpan.FromMilliseconds(230);

    private static readonly string[] Programs = ["Xvfb", "xdotool", "xterm", "vim", "chromium", "X0tigervnc", "Xtigervnc"];
    private static readonly string[] Packages = ["xvfb", "xdotool", "xterm", "vim", "chromium", "tigervnc-scraping-server", "tigervnc-standalone-server", "libxcomposite1", "libxdamage1"];

    public static async Task RunAsync(string[] arguments)
    {
        var settings = new Settings(arguments);
        Install();
        string[] wanted = settings.Word("scenes", string.Join(',', Scene.All.Select(s => s.Name)) + ",fanout,late").Split(',');
        int display = FirstDisplay;
        foreach (Scene scene in Scene.All.Where(s => wanted.Contains(s.Name)))
            await RunAsync(scene with { Seconds = settings.Number("seconds", scene.Seconds) }, display++, settings.Number("peers", 1) != 0);
        if (wanted.Contains("late"))
        {
            await LateBenchmark.RunAsync("text", Presentation.ScrollingText(), LateViewers);
            await LateBenchmark.RunAsync("photo", Presentation.Photograph(), LateViewers);
        }
        if (!wanted.Contains("fanout")) return;
        await FanOutBenchmark.RunAsync(viewers: 10, slow: 0, settings.Number("seconds", 15));
        await FanOutBenchmark.RunAsync(viewers: 50, slow: 5, settings.Number("seconds", 15));
    }

    private static async Task RunAsync(Scene scene, int display, bool peers)
    {
        await using (XSession session = await XSession.StartAsync(display))
        {
            string window = await scene.PrepareAsync(session);
            await RunOursAsync(scene, session, window, "lancollab");
            if (scene.Name == "scroll") await RunOursAsync(scene, session, window, "lancollab-no-copies", "--Plugins:Screen:Copies=false");
            if (scene.Name == "video") await RunOursAsync(scene, session, window, "lancollab-lossless", "--Plugins:Screen:Lossless=true");
            if (peers) await RunScrapingAsync(scene, session, window, display);
        }
        if (peers && scene.Name is "scroll" or "drag" or "typing") await RunStandaloneAsync(scene, display + 10);
    }

    private static async Task RunOursAsync(Scene scene, XSession session, string window, string name, params string[] settings)
    {
        using var marker = new Marker(session.Display);
        await using OurShare share = await OurShare.StartAsync(session.Display, marker.Seen, settings);
        await MeasureAsync(name, scene, session, window, marker, share, share.Presenter, share.Server);
    }

    private static async Task RunScrapingAsync(Scene scene, XSession session, string window, int display)
    {
        using var marker = new Marker(session.Display);
        int port = FirstPort + display;
        Process server = session.Start("X0tigervnc", "-display", session.Display, "-SecurityTypes", "None", "-rfbport", $"{port}", "-localhost");
        await using (RfbViewer viewer = await RfbViewer.ConnectAsync(port, copies: true, marker.Seen))
            await MeasureAsync("x0tigervnc", scene, session, window, marker, viewer, server, null);
        server.Kill();
    }

    /// <summary>A display that is itself the VNC server: it knows what was copied. Its processor time is that of the display, too.</summary>
    private static async Task RunStandaloneAsync(Scene scene, int display)
    {
        int port = FirstPort + display;
        string[] command = ["Xtigervnc", "-geometry", "1920x1080", "-depth", "24", "-SecurityTypes", "None", "-rfbport", $"{port}", "-localhost"];
        await using XSession session = await XSession.StartAsync(display, command);
        string window = await scene.PrepareAsync(session);
        foreach (bool copies in (bool[])[true, false])
        {
            using var marker = new Marker(session.Display);
            await using RfbViewer viewer = await RfbViewer.ConnectAsync(port, copies, marker.Seen);
            await MeasureAsync(copies ? "xtigervnc-copyrect" : "xtigervnc-zrle", scene, session, window, marker, viewer, session.Server, null);
        }
    }

    private static async Task MeasureAsync(
        string name, Scene scene, XSession session, string window, Marker marker, IContestant seen, Process presenter, Process? server)
    {
        // With what was played before: the page is scrolled back, the programs have settled.
        if (scene.Name == "scroll") session.Read("xdotool", "key", "Home");
        await Task.Delay(Warmth);
        (long bytes, long updates, TimeSpan cpu, TimeSpan serverCpu) = (seen.Bytes, seen.Updates, Cpu(presenter), Cpu(server));
        long start = Stopwatch.GetTimestamp();
        string[] play = [.. scene.Play(window, scene.Seconds)];
        if (play.Length > 0) session.Start("xdotool", play);
        await FlipAsync(scene, marker);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        updates = seen.Updates - updates;
        double presenterMs = (Cpu(presenter) - cpu).TotalMilliseconds;
        Result.Print($"screen {scene.Name} {name}", ("seconds", seconds), ("bytes", seen.Bytes - bytes), ("kibPerS", (seen.Bytes - bytes) / seconds / 1024),
            ("framesPerS", updates / seconds), ("presenterCpuPercent", presenterMs / seconds / 10), ("cpuMsPerFrame", updates == 0 ? 0 : presenterMs / updates),
            ("serverCpuPercent", (Cpu(server) - serverCpu).TotalMilliseconds / seconds / 10), ("delayP50Ms", marker.Percentile(50)), ("delayP95Ms", marker.Percentile(95)));
    }

    private static async Task FlipAsync(Scene scene, Marker marker)
    {
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(scene.Seconds));
        using var flip = new PeriodicTimer(FlipEvery);
        try
        {
            // An idle display is one on which nothing changes at all; moving pictures are measured without the marker's help.
            if (scene.Name is "idle") await Task.Delay(Timeout.Infinite, end.Token);
            while (await flip.WaitForNextTickAsync(end.Token)) marker.Flip();
        }
        catch (OperationCanceledException)
        {
            // Time is up.
        }
    }

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
