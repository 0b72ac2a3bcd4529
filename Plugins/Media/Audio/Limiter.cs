using System.Numerics;
using System.Runtime.CompilerServices;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>
/// Keeps the sum of many voices within range without making a single one quieter: a gain that falls at once when the sum is too loud
/// and comes back slowly, then a soft knee that no sample gets past.
/// </summary>
internal sealed class Limiter
{
    private const float Aim = 0.8f; // of a loud frame's peak
    private const float Knee = 0.8f; // up to here a sample passes unchanged
    private const float Release = 0.03f; // of the way back to 1 in each frame: about 0.6 s
    private const int Attack = 240; // samples over which the gain falls: 5 ms

    private float _gain = 1;

    /// <summary>Limits a frame in place. Each sample ends within (-1, 1).</summary>
    public void Process(Span<float> frame)
    {
        float peak = Peak(frame);
        float wanted = peak > Aim ? Aim / peak : 1;
        float next = wanted < _gain ? wanted : Math.Min(wanted, _gain + (1 - _gain) * Release);
        if (_gain == 1 && next == 1) return;
        Ramp(frame[..Attack], _gain, next);
        Scale(frame[Attack..], next);
        _gain = next > 0.999f ? 1 : next;
        if (peak > Knee) Bend(frame);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Ramp(Span<float> samples, float from, float to)
    {
        float step = (to - from) / samples.Length;
        for (int i = 0; i < samples.Length; i++) samples[i] *= from + step * (i + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(Span<float> samples, float gain)
    {
        int i = 0;
        for (; i <= samples.Length - Vector<float>.Count; i += Vector<float>.Count) (new Vector<float>(samples[i..]) * gain).CopyTo(samples[i..]);
        for (; i < samples.Length; i++) samples[i] *= gain;
    }

    // y = k + (1-k) t / (1+t), t = (x-k) / (1-k): slope 1 at the knee, 1 at infinity.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Bend(Span<float> samples)
    {
        foreach (ref float sample in samples)
        {
            float over = (Math.Abs(sample) - Knee) / (1 - Knee);
            if (over > 0) sample = Math.Sign(sample) * (Knee + (1 - Knee) * over / (1 + over));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Peak(ReadOnlySpan<float> samples)
    {
        var peaks = Vector<float>.Zero;
        int i = 0;
        for (; i <= samples.Length - Vector<float>.Count; i += Vector<float>.Count)
            peaks = Vector.Max(peaks, Vector.Abs(new Vector<float>(samples[i..])));
        float peak = 0;
        for (int lane = 0; lane < Vector<float>.Count; lane++) peak = Math.Max(peak, peaks[lane]);
        for (; i < samples.Length; i++) peak = Math.Max(peak, Math.Abs(samples[i]));
        return peak;
    }
}
