using System.Globalization;
using OpenCvSharp;

namespace LanCollab.Benchmarks.Screen;

/// <summary>What happens on a display: programs that are started once, and input that is played for each contender anew.</summary>
/// <param name="Name">In the results.</param>
/// <param name="Seconds">How long it is measured.</param>
/// <param name="PrepareAsync">Starts the programs.</param>
/// <param name="Play">The command line of xdotool; empty for nothing.</param>
/// <param name="Warm">So many seconds it is played before it counts: what happens a few times a second takes half a minute until it has been compiled for good.</param>
internal sealed record Scene(string Name, int Seconds, Func<XSession, Task<string>> PrepareAsync, Func<string, int, IEnumerable<string>> Play, int Warm = 10)
{
    private const string Lorem = "the quick brown fox jumps over the lazy dog and writes it all down again ";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Scene> All { get; } =
    [
        new("typing", 15, TerminalAsync, (_, seconds) => ["type", "--delay", "125", string.Concat(Enumerable.Repeat(Lorem, 60))[..(seconds * 8)]], 30),
        new("scroll", 15, LongPageAsync, (_, seconds) => ["click", "--repeat", $"{seconds * 10}", "--delay", "100", "5"]),
        new("drag", 15, PhotoAndWindowAsync, Drag),
        new("video", 12, VideoAsync, (_, _) => []),
        new("idle", 60, TerminalAsync, (_, _) => [], 45),
    ];

    private static async Task<string> TerminalAsync(XSession session)
    {
        string window = await session.ShowAsync("xterm", "xterm", "-fa", "Monospace", "-fs", "12", "-geometry", "150x50+100+60", "-xrm", "xterm*cursorBlink: false",
            "-e", "vim", "-u", "NONE", "-i", "NONE", "-n", "-c", "startinsert");
        session.Read("xdotool", "mousemove", "700", "500");
        return window;
    }

    private static async Task<string> LongPageAsync(XSession session)
    {
        var page = new System.Text.StringBuilder("<meta charset=utf-8><body style='font:18px serif;margin:30px 200px'>");
        var random = new Random(5);
        for (int i = 0; i < 900; i++)
        {
            page.Append(CultureInfo.InvariantCulture, $"<h3>{i}. Section</h3><p>");
            for (int word = 0; word < 110; word++) page.Append(string.Concat(Enumerable.Range(0, random.Next(2, 10)).Select(_ => (char)('a' + random.Next(26))))).Append(' ');
        }
        await session.BrowseAsync(session.Write("long.html", page.ToString()));
        session.Read("xdotool", "mousemove", "900", "600");
        return "";
    }

    private static async Task<string> PhotoAndWindowAsync(XSession session)
    {
        using Mat photo = Photo(1920, 1080);
        Cv2.ImWrite(session.PathOf("photo.png"), photo);
        await session.BrowseAsync(session.Write("photo.html", "<body style='margin:0;overflow:hidden'><img src=photo.png>"));
        return await session.ShowAsync("xterm", "xterm", "-geometry", "90x30+100+100", "-e", "sh", "-c", "ls -la /usr/bin | head -60; sleep 1000");
    }

    // Raised each time: the page that fills the display comes to the front when it likes.
    private static IEnumerable<string> Drag(string window, int seconds)
    {
        for (int i = 0; i < seconds * 30; i++)
        {
            double angle = i / 30.0;
            int x = 600 + (int)(480 * Math.Sin(angle)), y = 250 + (int)(200 * Math.Sin(1.7 * angle));
            foreach (string word in (string[])["windowraise", window, "windowmove", window, $"{x}", $"{y}", "sleep", "0.033"]) yield return word;
        }
    }

    private static async Task<string> VideoAsync(XSession session)
    {
        using Mat photo = Photo(1280, 720);
        Cv2.ImWrite(session.PathOf("photo.png"), photo);
        await session.BrowseAsync(session.Write("video.html", """
            <body style="margin:60px;background:#eee"><canvas id=c width=640 height=360></canvas><img id=p src=photo.png hidden><script>
            const c = document.getElementById("c").getContext("2d"), p = document.getElementById("p");
            let t = 0;
            setInterval(() => { t++; const s = 1 + .3 * Math.sin(t / 40);
              c.drawImage(p, 300 + 250 * Math.sin(t / 30), 180 + 150 * Math.cos(t / 23), 640 / s, 360 / s, 0, 0, 640, 360); }, 33);
            </script>
            """));
        return "";
    }

    /// <summary>Soft shapes with the grain of a sensor.</summary>
    internal static Mat Photo(int width, int height)
    {
        var photo = new Mat(height, width, MatType.CV_8UC3);
        using var small = new Mat(height / 40, width / 40, MatType.CV_8UC3);
        Cv2.Randu(small, new Scalar(20, 20, 20), new Scalar(235, 235, 235));
        Cv2.Resize(small, photo, new Size(width, height), 0, 0, InterpolationFlags.Cubic);
        using var grain = new Mat(height, width, MatType.CV_8UC3);
        Cv2.Randn(grain, new Scalar(4, 4, 4), new Scalar(2, 2, 2));
        Cv2.Add(photo, grain, photo);
        return photo;
    }
}
