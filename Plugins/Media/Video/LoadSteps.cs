namespace LanCollab.Plugins.Media.Video;

/// <summary>How the hub does, over the last half second.</summary>
/// <param name="Cpu">This process's share of all processors, 0 to 1.</param>
/// <param name="Unsent">Share of video packets that the operating system did not take, 0 to 1.</param>
/// <param name="Late">By how much the clock of pictures was late at least <see cref="LoadMeter.LateBeats"/> times.</param>
internal readonly record struct LoadSample(double Cpu, double Unsent, TimeSpan Late);

/// <summary>
/// High load: scales video down by a step when a mark was passed in two samples in a row, and up again by one when for three seconds all were well below their
/// marks. Sound is never touched.
/// </summary>
/// <param name="options">The marks.</param>
internal sealed class LoadSteps(MediaOptions options)
{
    /// <summary>How often to take a sample.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMilliseconds(500);

    /// <summary>The last step.</summary>
    public const int Last = 6;

    /// <summary>After the first camera of a hub that had none comes what it does for the first time is compiled: no step down for so long.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    private const int BadSamples = 2, GoodSamples = 6;
    private const double WellBelow = 0.75, MostUnsent = 0.01;

    private int _bad, _good;

    /// <summary>0: nothing is scaled down.</summary>
    public int Step { get; private set; }

    /// <summary>What was short when it last went down.</summary>
    public LoadCause Cause { get; private set; }

    /// <summary>Most pictures a second that are wanted from senders; null: no limit.</summary>
    public int? Fps => Step switch { 0 => null, < ViewerPlan.AllSmall => 15, _ => 8 };

    /// <summary>Takes a sample.</summary>
    /// <param name="sample">Of the last half second.</param>
    /// <param name="settling">True within <see cref="Settling"/>: it can only go up again.</param>
    /// <returns>True when the step has changed.</returns>
    public bool Take(in LoadSample sample, bool settling = false)
    {
        LoadCause cause = CauseOf(sample, 1);
        _bad = cause == LoadCause.None || settling ? 0 : _bad + 1;
        _good = CauseOf(sample, WellBelow) == LoadCause.None ? _good + 1 : 0;
        if (_bad >= BadSamples && Step < Last) return Move(Step + 1, cause);
        return _good >= GoodSamples && Step > 0 && Move(Step - 1, Step == 1 ? LoadCause.None : Cause);
    }

    private bool Move(int step, LoadCause cause)
    {
        (Step, Cause, _bad, _good) = (step, cause, 0, 0);
        return true;
    }

    private LoadCause CauseOf(in LoadSample sample, double share)
    {
        if (sample.Cpu * 100 > options.HighCpu * share) return LoadCause.Cpu;
        if (sample.Unsent > MostUnsent * share) return LoadCause.SendQueue;
        return sample.Late.TotalMilliseconds > options.HighDelay * share ? LoadCause.Delay : LoadCause.None;
    }
}
