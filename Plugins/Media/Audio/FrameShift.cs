namespace LanCollab.Plugins.Media.Audio;

/// <summary>
/// Moves the ends of a source's frames in time, so that they are at the hub when its beat comes and not up to a frame earlier. Nothing is left out or said twice: a frame is made of some samples more or less than it has, and plays them faster
/// or slower. One thread captures, any asks.
/// </summary>
internal sealed class FrameShift
{
    /// <summary>Samples that a frame is made of beyond its own, or short of them, at most.</summary>
    public const int Most = 48;

    // In what somebody says: 5 cents, a whole frame within seven seconds. Between words five hundredths are no more heard than that.
    private const int MostHeard = 3;
    private const byte Quiet = 45; // -dBov

    private readonly Lock _gate = new();
    private int _owed;
    private bool _quiet;

    /// <summary>The ends of all frames are to come so much later; negative: earlier. Replaces what was asked before and is not done yet.</summary>
    public void Ask(double milliseconds)
    {
        lock (_gate) _owed = (int)Math.Round(milliseconds * AudioFormat.SamplesPerMillisecond);
    }

    /// <summary>How many samples the next frame takes from its source beyond its own.</summary>
    public int Next()
    {
        lock (_gate)
        {
            int most = _quiet ? Most : MostHeard, step = Math.Clamp(_owed, -most, most);
            _owed -= step;
            return step;
        }
    }

    /// <summary>Makes a frame.</summary>
    /// <param name="source">What is captured, as many samples as <see cref="Next"/> said.</param>
    /// <param name="frame">Gets it, in as many channels.</param>
    /// <param name="channels">1, or 2 by turns.</param>
    public void Fit(ReadOnlySpan<float> source, Span<float> frame, int channels)
    {
        if (source.Length == frame.Length) source.CopyTo(frame);
        else Samples.Stretch(source, frame, channels);
        bool quiet = AudioLevel.Of(frame) > Quiet;
        lock (_gate) _quiet = quiet;
    }
}
