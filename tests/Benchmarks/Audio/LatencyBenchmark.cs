using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Audio.Sources;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Benchmarks.Audio;

/// <summary>
/// Mouth to ear through real processes: clicks in one client's <c>file:</c> source, the same clicks in others' <c>file:</c> sinks. Spoken is a sample when its
/// time has come in the source; heard is a frame when it has come into the file, which is looked at each half millisecond. Several people talk in turn,
/// since where each one's frames fall between the hub's beats is chance.
/// </summary>
internal static partial class LatencyBenchmark
{
    private const int Listeners = 3, ClicksEach = 40;
    private const double Longest = 0.25; // s

    /// <param name="args"><c>--talkers</c> (4), half a minute each; <c>--frame</c> (20): milliseconds of their frames, 10 or 20; <c>--server 0</c>: without the hub's share.</param>
    public static async Task RunAsync(string[] args)
    {
        var settings = new Settings(args);
        int talkers = settings.Number("talkers", 4), frame = settings.Number("frame", AudioFormat.FrameMilliseconds);
        using var folder = new TempFolder();
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Folder("server"));
        var ears = new List<(ClientProcess Client, FileEar Ear)>();
        for (int i = 0; i < Listeners; i++) ears.Add(await ListenAsync(folder, server, i));
        int[] clicks = Clicks();
        string spoken = folder["clicks.wav"];
        Write(spoken, clicks);
        var delays = new List<double>();
        for (int i = 0; i < talkers; i++) delays.AddRange(await TalkAsync(folder, server, ears, spoken, clicks, i, frame));
        foreach ((ClientProcess client, FileEar ear) in ears)
        {
            await ear.DisposeAsync();
            await client.DisposeAsync();
        }
        delays.Sort();
        Result.Print("latency", ("frame_ms", frame), ("clicks", delays.Count), ("expected", talkers * Listeners * (clicks.Length - 10)), ("p50_ms", delays[delays.Count / 2]),
            ("p95_ms", delays[(int)(delays.Count * 0.95)]), ("least_ms", delays[0]), ("most_ms", delays[^1]));
        if (settings.Number("server", 1) != 0) await ServerShareBenchmark.RunAsync();
    }

    private static async Task<(ClientProcess, FileEar)> ListenAsync(TempFolder folder, ServerProcess server, int number)
    {
        string heard = folder[$"heard{number}.wav"];
        ClientProcess client = await ClientProcess.StartAsync($"Ear{number}", folder.Folder($"ear{number}"), $"--Plugins:Media:Speaker=file:{heard}", "--Plugins:Media:Microphone=none", "--Plugins:Media:Camera=none");
        await client.JoinAsync(server.Address);
        return (client, new FileEar(heard));
    }

    private static async Task<IEnumerable<double>> TalkAsync(TempFolder folder, ServerProcess server, List<(ClientProcess, FileEar Ear)> ears, string spoken, int[] clicks, int number, int frame)
    {
        string data = folder.Folder($"mouth{number}");
        await using ClientProcess client = await ClientProcess.StartAsync($"Mouth{number}", data, $"--Plugins:Media:Microphone=file:{spoken}", "--Plugins:Media:Speaker=none", "--Plugins:Media:Camera=none",
            $"--Plugins:Media:FrameMs={frame}");
        await client.JoinAsync(server.Address);
        await Task.Delay(TimeSpan.FromSeconds(clicks[^1] / (double)AudioFormat.SampleRate + 1));
        double began = Began(data);
        // The first ones find the buffers still at their beginning.
        return [.. from ear in ears let onsets = ear.Ear.Onsets() from click in clicks[10..]
                   let mouth = began + click / (double)AudioFormat.SampleRate
                   let heard = onsets.FirstOrDefault(at => at > mouth, double.PositiveInfinity) - mouth
                   where heard < Longest select heard * 1000];
    }

    // Seconds of the monotonic clock, which all processes of a machine share.
    private static double Began(string data)
    {
        string log = string.Concat(Directory.EnumerateFiles(data, "*.log", SearchOption.AllDirectories).Select(File.ReadAllText));
        return long.Parse(SpokenFrom().Match(log).Groups[1].Value, CultureInfo.InvariantCulture) / 1e6;
    }

    // A third to half a second apart, at every place within a frame.
    private static int[] Clicks()
    {
        var random = new Random(7);
        var clicks = new int[ClicksEach + 10];
        int at = AudioFormat.SampleRate / 2;
        for (int i = 0; i < clicks.Length; i++) clicks[i] = at += random.Next(16_000, 24_000);
        return clicks;
    }

    private static void Write(string path, int[] clicks)
    {
        var sound = new float[clicks[^1] + 10 * AudioFormat.SampleRate];
        foreach (int click in clicks)
            for (int i = 0; i < 240; i++) sound[click + i] = 0.7f * MathF.Sin(2 * MathF.PI * 1000 * i / AudioFormat.SampleRate) * (1 - i / 240f);
        using var file = new WavWriter(path);
        foreach (float[] frame in sound.Chunk(AudioFormat.FrameSize)) file.Write(frame);
    }

    [GeneratedRegex(@"is spoken from (\d+) us")]
    private static partial Regex SpokenFrom();

    /// <summary>Follows a file that is being recorded.</summary>
    private sealed class FileEar : IAsyncDisposable
    {
        private const int Header = 44;
        private const float Onset = 0.15f;

        private readonly string _path;
        private readonly List<double> _times = [];
        private readonly Task _following;
        private volatile bool _stop;

        public FileEar(string path)
        {
            _path = path;
            _following = Task.Factory.StartNew(Follow, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        /// <summary>When each click was heard, in seconds of the monotonic clock.</summary>
        public List<double> Onsets()
        {
            short[] heard = WavReader.Read(_path);
            var onsets = new List<double>();
            lock (_times)
                for (int i = 0, quiet = 0; i < Math.Min(heard.Length, _times.Count * AudioFormat.FrameSize); i++)
                {
                    bool loud = Math.Abs(heard[i] / 32768f) > Onset;
                    if (loud && quiet > AudioFormat.SampleRate / 10)
                        onsets.Add(_times[i / AudioFormat.FrameSize] + i % AudioFormat.FrameSize / (double)AudioFormat.SampleRate);
                    quiet = loud ? 0 : quiet + 1;
                }
            return onsets;
        }

        private void Follow()
        {
            var file = new FileInfo(_path);
            while (!_stop)
            {
                file.Refresh();
                double now = Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
                long frames = file.Exists ? (file.Length - Header) / (AudioFormat.FrameSize * sizeof(short)) : 0;
                lock (_times)
                    while (_times.Count < frames) _times.Add(now);
                Nanosleep.For(TimeSpan.FromMilliseconds(0.5));
            }
        }

        public async ValueTask DisposeAsync()
        {
            _stop = true;
            await _following;
        }
    }
}
