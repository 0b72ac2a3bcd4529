using System.Numerics;
using System.Runtime.CompilerServices;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>
/// Arithmetic of frames, several samples at a time. Compiled for good at once: the first seconds of a meeting are no time for slow loops.
/// </summary>
internal static class Samples
{
    /// <summary>Adds a frame to a sum of the same length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(Span<float> sum, ReadOnlySpan<float> frame)
    {
        int i = 0;
        for (; i <= sum.Length - Vector<float>.Count; i += Vector<float>.Count)
            (new Vector<float>(sum[i..]) + new Vector<float>(frame[i..])).CopyTo(sum[i..]);
        for (; i < sum.Length; i++) sum[i] += frame[i];
    }

    /// <summary>Writes sum minus frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Subtract(ReadOnlySpan<float> sum, ReadOnlySpan<float> frame, Span<float> result)
    {
        int i = 0;
        for (; i <= sum.Length - Vector<float>.Count; i += Vector<float>.Count)
            (new Vector<float>(sum[i..]) - new Vector<float>(frame[i..])).CopyTo(result[i..]);
        for (; i < sum.Length; i++) result[i] = sum[i] - frame[i];
    }

    /// <summary>Adds a frame times a factor to a sum of the same length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(Span<float> sum, ReadOnlySpan<float> frame, float factor)
    {
        int i = 0;
        for (; i <= sum.Length - Vector<float>.Count; i += Vector<float>.Count)
            (new Vector<float>(sum[i..]) + factor * new Vector<float>(frame[i..])).CopyTo(sum[i..]);
        for (; i < sum.Length; i++) sum[i] += factor * frame[i];
    }

    /// <summary>Goes over from one frame to another in the course of its length; the first one gets the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CrossFade(Span<float> from, ReadOnlySpan<float> to)
    {
        float step = 1f / from.Length;
        for (int i = 0; i < from.Length; i++) from[i] += (to[i] - from[i]) * (i + 1) * step;
    }

    /// <summary>Plays one sound in the time of another, by Catmull and Rom's spline.</summary>
    /// <param name="sound">Of any length.</param>
    /// <param name="result">Gets all of it.</param>
    /// <param name="channels">Of both, by turns.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Stretch(ReadOnlySpan<float> sound, Span<float> result, int channels)
    {
        int last = sound.Length / channels - 1;
        double step = sound.Length / (double)result.Length;
        for (int i = 0; i < result.Length; i++)
        {
            int side = i % channels, whole = (int)(i / channels * step);
            float t = (float)(i / channels * step - whole);
            float a = sound[Math.Max(whole - 1, 0) * channels + side], b = sound[whole * channels + side];
            float c = sound[Math.Min(whole + 1, last) * channels + side], d = sound[Math.Min(whole + 2, last) * channels + side];
            result[i] = b + 0.5f * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
        }
    }

    /// <summary>Two channels by turns to their middle and half their difference.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Split(ReadOnlySpan<float> pairs, Span<float> mid, Span<float> side)
    {
        for (int i = 0; i < mid.Length; i++)
        {
            float left = pairs[2 * i], right = pairs[2 * i + 1];
            (mid[i], side[i]) = ((left + right) / 2, (left - right) / 2);
        }
    }

    /// <summary>The other way round.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Join(ReadOnlySpan<float> mid, ReadOnlySpan<float> side, Span<float> pairs)
    {
        for (int i = 0; i < mid.Length; i++) (pairs[2 * i], pairs[2 * i + 1]) = (mid[i] + side[i], mid[i] - side[i]);
    }

    /// <summary>One channel on both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Double(ReadOnlySpan<float> mid, Span<float> pairs)
    {
        for (int i = 0; i < mid.Length; i++) pairs[2 * i] = pairs[2 * i + 1] = mid[i];
    }

    /// <summary>Out of silence.</summary>
    public static void FadeIn(Span<float> frame)
    {
        float step = 1f / frame.Length;
        for (int i = 0; i < frame.Length; i++) frame[i] *= (i + 1) * step;
    }

    /// <summary>Into silence.</summary>
    public static void FadeOut(Span<float> frame)
    {
        float step = 1f / frame.Length;
        for (int i = 0; i < frame.Length; i++) frame[i] *= (frame.Length - 1 - i) * step;
    }

    /// <summary>Little-endian PCM of 16 bits to float; as many samples as <paramref name="samples"/> holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromPcm16(ReadOnlySpan<byte> pcm, Span<float> samples)
    {
        for (int i = 0; i < samples.Length; i++) samples[i] = System.Buffers.Binary.BinaryPrimitives.ReadInt16LittleEndian(pcm[(2 * i)..]) / 32768f;
    }

    /// <summary>Float to little-endian PCM of 16 bits, clamped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToPcm16(ReadOnlySpan<float> samples, Span<byte> pcm)
    {
        for (int i = 0; i < samples.Length; i++)
            System.Buffers.Binary.BinaryPrimitives.WriteInt16LittleEndian(pcm[(2 * i)..], (short)Math.Clamp(MathF.Round(samples[i] * 32768f), short.MinValue, short.MaxValue));
    }
}
