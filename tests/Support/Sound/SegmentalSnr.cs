namespace LanCollab.Tests.Support.Sound;

/// <summary>
/// Segmental signal-to-noise ratio (J. R. Deller, J. H. L. Hansen, J. G. Proakis: Discrete-Time Processing of Speech Signals, 9.3): the mean of the ratios of
/// short segments in dB, each within -10 and 35; segments without speech do not count.
/// </summary>
public static class SegmentalSnr
{
    private const double Least = -10, Most = 35;
    private const double Silence = 1e-6; // mean square: -60 dBov

    /// <summary>Compares two sounds that begin at the same moment and are in step.</summary>
    /// <param name="clean">As it was spoken.</param>
    /// <param name="heard">As it arrived.</param>
    /// <param name="segment">Samples in a segment: 15 to 25 ms.</param>
    /// <returns>dB; NaN when nothing was spoken.</returns>
    public static double Of(ReadOnlySpan<float> clean, ReadOnlySpan<float> heard, int segment)
    {
        double sum = 0;
        int count = 0;
        for (int at = 0; at + segment <= Math.Min(clean.Length, heard.Length); at += segment)
        {
            double signal = 0, noise = 0;
            for (int i = at; i < at + segment; i++)
            {
                signal += clean[i] * (double)clean[i];
                noise += Math.Pow(clean[i] - (double)heard[i], 2);
            }
            if (signal / segment < Silence) continue;
            sum += Math.Clamp(10 * Math.Log10(signal / (noise + 1e-12)), Least, Most);
            count++;
        }
        return sum / count;
    }
}
