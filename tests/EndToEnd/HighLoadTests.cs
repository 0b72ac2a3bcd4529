using System.Diagnostics;
using System.Globalization;
using LanCollab.Plugins.Media.Audio.Sources;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Media;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.EndToEnd;

/// <summary>
/// All cores kept busy by other programs: video is scaled down and comes back, and nobody misses a syllable. Nothing here depends on how fast the machine is: more and more programs
/// are started until the hub says that it is under load. Its mark is low, since a scheduler is fair to those that work little.
/// </summary>
[Collection(EndToEndCollection.Name)]
public class HighLoadTests(ITestOutputHelper output)
{
    private const int Mark = 10; // ms by which the hub's timers are late
    private const double Tone = 440, LongestGap = 0.040;
    private const int MostSpinners = 512, LoudSeconds = 3, LevelsPerSecond = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90), BeforeMore = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task Sound_goes_on_without_gaps_while_video_scales_down_and_returns()
    {
        await using Meeting meeting = await Meeting.StartAsync($"--Plugins:Media:HighDelay={Mark}", "--Plugins:Media:HighCpu=100");
        string heard = meeting.Folder["heard.wav"], video = NumberedVideo.Write(meeting.Folder["numbers.avi"], 300, 30, scale: 2);
        ClientProcess bob = await meeting.JoinAsync("Bob", $"--Plugins:Media:Speaker=file:{heard}", "--Plugins:Media:Microphone=none", "--Plugins:Media:Camera=none");
        await meeting.JoinAsync("Ada", $"--Plugins:Media:Microphone=file:{Spoken(meeting)}", "--Plugins:Media:Speaker=none", $"--Plugins:Media:Camera=file:{video}");
        var pictures = new Phases(bob);
        await HearAsync(bob, LoudSeconds);
        pictures.Next("before");

        using (var spinners = new Spinners())
        {
            while (Step(bob) == 0) await spinners.AddAsync(() => bob.Bridge.WaitAsync("media", "video.load", body => body.GetProperty("step").GetInt32() > 0), BeforeMore);
            pictures.Next("until step 1");
            output.WriteLine($"step {Step(bob)} with {spinners.Count} busy programs on {Environment.ProcessorCount} cores");
            await HearAsync(bob, LoudSeconds);
            pictures.Next("under load");
        }
        await bob.Bridge.Events.UntilAsync(events => Steps(events) is [.., 0], Patience);
        await HearAsync(bob, LoudSeconds);
        pictures.Next("after");

        (double gap, double at, double seconds) = Longest(WavReader.Read(heard));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"steps {string.Join(' ', Steps(bob.Bridge.Events.All))}; pictures a second: {pictures}; longest gap {gap * 1000:0} ms, after {at:0.0} of {seconds:0.0} s of sound"));
        Assert.InRange(seconds, 3 * LoudSeconds, double.MaxValue);
        Assert.InRange(gap, 0, LongestGap);
        Assert.All(pictures.Counts, count => Assert.True(count > 0, pictures.ToString()));
    }

    private static string Spoken(Meeting meeting)
    {
        string path = meeting.Folder["spoken.wav"];
        using var file = new WavWriter(path);
        foreach (float[] frame in Goertzel.Tone(Tone, 48_000).Chunk(960)) file.Write(frame);
        return path;
    }

    private static int[] Steps(IEnumerable<BridgeEvent> events) =>
        [.. events.Where(e => e is { Plugin: "media", Type: "video.load" }).Select(e => e.Body.GetProperty("step").GetInt32())];

    private static int Step(ClientProcess client) => Steps(client.Bridge.Events.All).LastOrDefault();

    /// <summary>The hub tells levels five times a second while somebody is heard: so time passes without a clock of the test's own.</summary>
    private static Task HearAsync(ClientProcess client, int seconds)
    {
        int Told(IEnumerable<BridgeEvent> events) => events.Count(e => e is { Plugin: "media", Type: "levels" } && e.Body.GetProperty("talkers").GetArrayLength() > 0);
        int until = Told(client.Bridge.Events.All) + (seconds * LevelsPerSecond);
        return client.Bridge.Events.UntilAsync(events => Told(events) >= until, Patience);
    }

    /// <summary>The longest silence between the first sound and the last, when it ended, and how long all is, in seconds.</summary>
    private static (double Gap, double At, double Seconds) Longest(short[] samples)
    {
        const int Window = 48; // 1 ms
        bool[] loud = [.. samples.Chunk(Window).Select(w => w.Max(s => Math.Abs((int)s)) > 300)]; // the tone has 8000
        int first = Array.IndexOf(loud, true), last = Array.LastIndexOf(loud, true), longest = 0, at = first;
        for (int i = first, silent = 0; i <= last; i++)
        {
            silent = loud[i] ? 0 : silent + 1;
            if (silent > longest) (longest, at) = (silent, i);
        }
        return (longest / 1000.0, (at - first) / 1000.0, (last - first + 1) / 1000.0);
    }

    /// <summary>Programs that do nothing but keep cores busy; they end by themselves should nobody end them.</summary>
    private sealed class Spinners : IDisposable
    {
        private readonly List<Process> _running = [];

        public int Count => _running.Count;

        /// <summary>Eight to a core, then two more at a time, until something happens or there may be even more: just so many as the hub calls a load, since what it does about it is looked at.</summary>
        public async Task AddAsync(Func<Task> happens, TimeSpan patience)
        {
            Assert.True(Count < MostSpinners, $"{Count} busy programs are no load to this hub");
            for (int more = (Count == 0 ? 8 : 2) * Environment.ProcessorCount; more > 0; more--)
                _running.Add(Process.Start(new ProcessStartInfo("timeout", ["120", "sh", "-c", "while :; do :; done"]))!);
            try
            {
                await happens().WaitAsync(patience, TestContext.Current.CancellationToken);
            }
            catch (TimeoutException)
            {
                // Not yet.
            }
        }

        public void Dispose()
        {
            foreach (Process process in _running)
            {
                process.Kill(entireProcessTree: true);
                process.Dispose();
            }
        }
    }

    /// <summary>How many pictures came in each part.</summary>
    private sealed class Phases(ClientProcess viewer)
    {
        private readonly List<string> _told = [];
        private long _since = Stopwatch.GetTimestamp();
        private int _before;

        public List<int> Counts { get; } = [];

        public void Next(string name)
        {
            int now = viewer.Bridge.Lane("media.video").Count;
            Counts.Add(now - _before);
            _told.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {Counts[^1] / Stopwatch.GetElapsedTime(_since).TotalSeconds:0.0}"));
            (_before, _since) = (now, Stopwatch.GetTimestamp());
        }

        public override string ToString() => string.Join(", ", _told);
    }
}
