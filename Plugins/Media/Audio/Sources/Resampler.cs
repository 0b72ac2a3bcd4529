namespace LanCollab.Plugins.Media.Audio.Sources;

/// <summary>
/// Changes the sample rate of a whole sound by windowed-sinc interpolation (J. O. Smith, Digital Audio Resampling): for loading a file,
/// where time does not matter.
/// </summary>
internal static class Resampler
{
    private const int ZeroCrossings = 16;

    /// <summary>Gives the same sound at another rate.</summary>
    public static float[] Resample(float[] samples, int from, int to)
    {
        if (from == to) return samples;
        // Going down, the filter must also take out what the lower rate cannot hold.
        double cutoff = Math.Min(1.0, (double)to / from) * 0.97;
        double reach = ZeroCrossings / cutoff;
        var result = new float[(int)((long)samples.Length * to / from)];
        for (int i = 0; i < result.Length; i++)
        {
            double center = (double)i * from / to;
            int first = Math.Max(0, (int)Math.Ceiling(center - reach));
            int last = Math.Min(samples.Length - 1, (int)Math.Floor(center + reach));
            double sum = 0;
            for (int k = first; k <= last; k++) sum += samples[k] * Kernel(k - center, cutoff, reach);
            result[i] = (float)sum;
        }
        return result;
    }

    private static double Kernel(double distance, double cutoff, double reach)
    {
        double x = Math.PI * distance * cutoff;
        double sinc = Math.Abs(x) < 1e-9 ? 1 : Math.Sin(x) / x;
        double window = 0.5 + 0.5 * Math.Cos(Math.PI * distance / reach);
        return cutoff * sinc * window;
    }
}
