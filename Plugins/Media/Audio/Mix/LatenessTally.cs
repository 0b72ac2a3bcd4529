namespace LanCollab.Plugins.Media.Audio.Mix;

/// <summary>Counts latenesses in steps of a twentieth of a millisecond, up to 50 ms. One thread notes, any may look.</summary>
internal sealed class LatenessTally
{
    private const double StepMs = 0.05;

    private readonly long[] _steps = new long[1000];

    /// <summary>Counts one.</summary>
    public void Note(TimeSpan lateness) => Interlocked.Increment(ref _steps[Math.Clamp((int)(lateness.TotalMilliseconds / StepMs), 0, _steps.Length - 1)]);

    /// <summary>Forgets all so far.</summary>
    public void Clear() => Array.Clear(_steps);

    /// <summary>What a share of them (0 to 1) does not go beyond, in ms, rounded up to a step; 0 when there are none.</summary>
    public double Quantile(double share)
    {
        long wanted = (long)Math.Ceiling(share * _steps.Sum()), seen = 0;
        if (wanted == 0) return 0;
        int step = 0;
        while (step < _steps.Length - 1 && (seen += _steps[step]) < wanted) step++;
        return (step + 1) * StepMs;
    }
}
