using System.Globalization;
using LanCollab.Plugins.Media;
using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Benchmarks.Audio;

/// <summary>
/// The hub's mixer over real UDP with encryption beside Debian's Janus without, each in a process of its own; the load is this process. Processor time is the
/// kernel's account of the mixing process: <c>cpu_per_participant</c> is ms for each participant and second.
/// </summary>
internal static class MixerBenchmark
{
    private const int All = 0;
    private const double TicksPerSecond = 100; // USER_HZ, fixed in the kernel's interface
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);

    private static readonly (int People, int Talking, int Loudest, bool Beside)[] Series =
    [
        (10, 10, All, true), (50, 50, All, true), (100, 100, All, true), (160, 160, All, false), (200, 200, All, false),
        (50, 50, 8, false), (50, 3, All, true), (100, 3, All, true), (500, 3, All, false), (1000, 3, All, false),
    ];

    /// <param name="args"><c>--n</c>, <c>--talking</c>, <c>--loudest</c>: those series alone; <c>--seconds</c> (10) for each; <c>--janus 0</c>: not beside it.</param>
    public static async Task RunAsync(string[] args)
    {
        var settings = new Settings(args);
        TimeSpan time = TimeSpan.FromSeconds(settings.Number("seconds", 10));
        var options = new MediaOptions();
        using var load = new MixerLoad(new Speech(new LibOpus(), options.Bitrate, options.Complexity));
        bool beside = settings.Number("janus", 1) != 0 && await JanusProcess.IsThereAsync();
        foreach ((int people, int talking, int loudest, bool compared) in Series)
        {
            if (settings.Number("n", people) != people || settings.Number("talking", talking) != talking || settings.Number("loudest", loudest) != loudest) continue;
            await using (IMixer mixer = await MixerProcess.StartAsync(load.Socket, people, loudest)) await PrintAsync("mixer", load, mixer, people, talking, loudest, time);
            if (!beside || !compared) continue;
            await using IMixer janus = await Janus.StartAsync(load.Socket, people);
            await PrintAsync("mixer-janus", load, janus, people, talking, loudest, time);
        }
    }

    private static async Task PrintAsync(string name, MixerLoad load, IMixer mixer, int people, int talking, int loudest, TimeSpan time)
    {
        (double cpu, double seconds) = (0, 0);
        Beats beats = default;
        long start = 0;
        Heard heard = await load.RunAsync(mixer, people, talking, WarmUp, time, async ended =>
        {
            beats = await mixer.BeatsAsync();
            cpu = CpuOf(mixer.ProcessId) - cpu;
            seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
            start = TimeProvider.System.GetTimestamp();
        });
        Result.Print(name, ("n", people), ("talking", talking), ("loudest", loudest), ("cpu_per_participant", cpu * 1000 / seconds / people), ("late_ticks", beats.Late),
            ("ticks", beats.All), ("skipped_ticks", beats.Skipped), ("late_p999_ms", beats.Lateness), ("load_of_a_core", cpu / seconds), ("delivered", heard.Delivered), ("deviation_p99_ms", heard.Deviation));
    }

    // Seconds in user and kernel mode: fields 14 and 15, counted from the end of the name, which may hold spaces.
    private static double CpuOf(int process)
    {
        string[] fields = File.ReadAllText($"/proc/{process}/stat").Split(')')[^1].Split(' ');
        return (long.Parse(fields[12], CultureInfo.InvariantCulture) + long.Parse(fields[13], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
