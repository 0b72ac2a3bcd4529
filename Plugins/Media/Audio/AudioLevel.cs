using System.Numerics;
using System.Runtime.CompilerServices;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>Loudness of a frame as RFC 6464 has it: the negative of dBov, 0 is the loudest, 127 silence.</summary>
internal static class AudioLevel
{
    /// <summary>Digital silence.</summary>
    public const byte Silence = 127;

    /// <summary>Quieter than one step of 16 bits: nobody hears it, nobody needs to decode it.</summary>
    public const byte Inaudible = 90;

    /// <summary>Quieter than this is not told to the page.</summary>
    public const byte Quiet = 70;

    /// <summary>The level of a frame.</summary>
    public static byte Of(ReadOnlySpan<float> frame)
    {
        float energy = Energy(frame) / Math.Max(1, frame.Length);
        if (!(energy > 1e-12f)) return Silence;
        double level = -10 * Math.Log10(energy);
        return (byte)Math.Clamp(Math.Round(level), 0, Silence);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Energy(ReadOnlySpan<float> frame)
    {
        var sum = Vector<float>.Zero;
        int i = 0;
        for (; i <= frame.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var x = new Vector<float>(frame[i..]);
            sum += x * x;
        }
        float energy = Vector.Sum(sum);
        for (; i < frame.Length; i++) energy += frame[i] * frame[i];
        return energy;
    }
}
