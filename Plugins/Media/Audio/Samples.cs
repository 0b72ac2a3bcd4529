using System.Numerics;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>Arithmetic of frames, several samples at a time.</summary>
internal static class Samples
{
    /// <summary>Adds a frame to a sum of the same length.</summary>
    public static void Add(Span<float> sum, ReadOnlySpan<float> frame)
    {
        int i = 0;
        for (; i <= sum.Length - Vector<float>.Count; i += Vector<float>.Count)
            (new Vector<float>(sum[i..]) + new Vector<float>(frame[i..])).CopyTo(sum[i..]);
        for (; i < sum.Length; i++) sum[i] += frame[i];
    }

    /// <summary>Writes sum minus frame.</summary>
    public static void Subtract(ReadOnlySpan<float> sum, ReadOnlySpan<float> frame, Span<float> result)
    {
        int i = 0;
        for (; i <= sum.Length - Vector<float>.Count; i += Vector<float>.Count)
            (new Vector<float>(sum[i..]) - new Vector<float>(frame[i..])).CopyTo(result[i..]);
        for (; i < sum.Length; i++) result[i] = sum[i] - frame[i];
    }

    /// <summary>Little-endian PCM of 16 bits to float; as many samples as <paramref name="samples"/> holds.</summary>
    public static void FromPcm16(ReadOnlySpan<byte> pcm, Span<float> samples)
    {
        for (int i = 0; i < samples.Length; i++) samples[i] = System.Buffers.Binary.BinaryPrimitives.ReadInt16LittleEndian(pcm[(2 * i)..]) / 32768f;
    }

    /// <summary>Float to little-endian PCM of 16 bits, clamped.</summary>
    public static void ToPcm16(ReadOnlySpan<float> samples, Span<byte> pcm)
    {
        for (int i = 0; i < samples.Length; i++)
            System.Buffers.Binary.BinaryPrimitives.WriteInt16LittleEndian(pcm[(2 * i)..], (short)Math.Clamp(MathF.Round(samples[i] * 32768f), short.MinValue, short.MaxValue));
    }
}
