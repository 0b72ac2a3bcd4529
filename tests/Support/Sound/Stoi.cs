using System.Numerics;

namespace LanCollab.Tests.Support.Sound;

/// <summary>
/// Short-time objective intelligibility (C. H. Taal, R. C. Hendriks, R. Heusdens, J. Jensen: An Algorithm for Intelligibility Prediction of Time-Frequency
/// Weighted Noisy Speech, IEEE TASLP 19(7), 2011): how alike the envelopes of two sounds are in third-octave bands, from about 0 (nothing understood) to 1.
/// The names are the paper's.
/// </summary>
public static class Stoi
{
    /// <summary>The rate that the measure is defined at.</summary>
    public const int Rate = 10_000;

    private const int Frame = 256, Hop = 128, Bins = 512, Bands = 15;
    private const int Segment = 30; // frames: 384 ms
    private const double LowestBand = 150; // Hz
    private const double DynamicRange = 40; // dB: what is quieter than that below the loudest frame is silence
    private static readonly double Clip = 1 + Math.Pow(10, 15.0 / 20); // the lower bound of the signal-to-distortion ratio is -15 dB

    private static readonly double[] Window = [.. Enumerable.Range(1, Frame).Select(i => 0.5 - 0.5 * Math.Cos(2 * Math.PI * i / (Frame + 1)))];

    /// <summary>Compares two sounds of 10 kHz that begin at the same moment.</summary>
    /// <param name="clean">As it was spoken.</param>
    /// <param name="heard">As it arrived; as long.</param>
    /// <exception cref="ArgumentException">Less than 384 ms of speech.</exception>
    public static double Of(ReadOnlySpan<float> clean, ReadOnlySpan<float> heard)
    {
        List<int> spoken = SpokenFrames(clean);
        if (spoken.Count < Segment) throw new ArgumentException("too little speech to compare", nameof(clean));
        double[,] x = Envelopes(clean, spoken), y = Envelopes(heard, spoken);
        double sum = 0;
        int count = 0;
        for (int m = Segment; m <= spoken.Count; m++)
            for (int band = 0; band < Bands; band++, count++) sum += Correlation(x, y, band, m - Segment);
        return sum / count;
    }

    private static List<int> SpokenFrames(ReadOnlySpan<float> clean)
    {
        var levels = new List<double>();
        for (int at = 0; at + Frame <= clean.Length; at += Hop)
        {
            double energy = 0;
            for (int i = 0; i < Frame; i++) energy += Math.Pow(clean[at + i] * Window[i], 2);
            levels.Add(10 * Math.Log10(energy + 1e-12));
        }
        double least = levels.Count == 0 ? 0 : levels.Max() - DynamicRange;
        return [.. Enumerable.Range(0, levels.Count).Where(i => levels[i] > least)];
    }

    private static double[,] Envelopes(ReadOnlySpan<float> sound, List<int> frames)
    {
        var envelopes = new double[Bands, frames.Count];
        var spectrum = new Complex[Bins];
        for (int f = 0; f < frames.Count; f++)
        {
            Array.Clear(spectrum);
            for (int i = 0; i < Frame; i++) spectrum[i] = sound[frames[f] * Hop + i] * Window[i];
            Transform(spectrum);
            for (int band = 0; band < Bands; band++) envelopes[band, f] = Math.Sqrt(Energy(spectrum, band));
        }
        return envelopes;
    }

    private static double Energy(Complex[] spectrum, int band)
    {
        double centre = LowestBand * Math.Pow(2, band / 3.0), energy = 0;
        for (int bin = BinOf(centre * Math.Pow(2, -1.0 / 6)); bin < BinOf(centre * Math.Pow(2, 1.0 / 6)); bin++)
            energy += spectrum[bin].Real * spectrum[bin].Real + spectrum[bin].Imaginary * spectrum[bin].Imaginary;
        return energy;
    }

    private static int BinOf(double frequency) => (int)Math.Round(frequency * Bins / Rate);

    // y is brought to the loudness of x and clipped where it is far off; then the two are correlated.
    private static double Correlation(double[,] x, double[,] y, int band, int from)
    {
        Span<double> a = stackalloc double[Segment], b = stackalloc double[Segment];
        double xs = 0, ys = 0;
        for (int i = 0; i < Segment; i++) (xs, ys) = (xs + Math.Pow(x[band, from + i], 2), ys + Math.Pow(y[band, from + i], 2));
        double scale = Math.Sqrt(xs / (ys + 1e-30));
        for (int i = 0; i < Segment; i++) (a[i], b[i]) = (x[band, from + i], Math.Min(y[band, from + i] * scale, x[band, from + i] * Clip));
        return Pearson(a, b);
    }

    private static double Pearson(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double meanA = 0, meanB = 0, ab = 0, aa = 0, bb = 0;
        for (int i = 0; i < a.Length; i++) (meanA, meanB) = (meanA + a[i] / a.Length, meanB + b[i] / b.Length);
        for (int i = 0; i < a.Length; i++)
        {
            double u = a[i] - meanA, v = b[i] - meanB;
            (ab, aa, bb) = (ab + u * v, aa + u * u, bb + v * v);
        }
        return ab / (Math.Sqrt(aa * bb) + 1e-30);
    }

    /// <summary>The discrete Fourier transform in place, radix 2 (J. W. Cooley and J. W. Tukey, 1965).</summary>
    private static void Transform(Complex[] values)
    {
        int n = values.Length;
        for (int i = 1, j = 0; i < n; i++)
        {
            int bit = n >> 1;
            for (; (j & bit) != 0; bit >>= 1) j ^= bit;
            j |= bit;
            if (i < j) (values[i], values[j]) = (values[j], values[i]);
        }
        for (int length = 2; length <= n; length <<= 1)
        {
            Complex step = Complex.FromPolarCoordinates(1, -2 * Math.PI / length);
            for (int start = 0; start < n; start += length)
            {
                Complex turn = Complex.One;
                for (int k = 0; k < length / 2; k++, turn *= step)
                {
                    Complex even = values[start + k], odd = values[start + k + length / 2] * turn;
                    (values[start + k], values[start + k + length / 2]) = (even + odd, even - odd);
                }
            }
        }
    }
}
