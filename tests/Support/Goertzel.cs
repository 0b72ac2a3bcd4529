namespace LanCollab.Tests.Support;

/// <summary>How strong one frequency is in a sound (G. Goertzel, 1958), and tones to look for.</summary>
public static class Goertzel
{
    /// <summary>The power of a frequency in dB; a full-scale sine has 0.</summary>
    public static double Power(ReadOnlySpan<float> samples, double frequency, int rate = 48_000)
    {
        double coefficient = 2 * Math.Cos(2 * Math.PI * frequency / rate);
        double before = 0, last = 0;
        foreach (float sample in samples) (before, last) = (last, sample + coefficient * last - before);
        double power = last * last + before * before - coefficient * last * before;
        double amplitude = 2 * Math.Sqrt(Math.Max(power, 0)) / samples.Length;
        return 20 * Math.Log10(Math.Max(amplitude, 1e-9));
    }

    /// <summary>A sine.</summary>
    public static float[] Tone(double frequency, int samples, float amplitude = 0.25f, int rate = 48_000) =>
        [.. Enumerable.Range(0, samples).Select(i => amplitude * (float)Math.Sin(2 * Math.PI * frequency * i / rate))];
}
