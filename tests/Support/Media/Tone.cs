using System.Buffers.Binary;

namespace LanCollab.Tests.Support.Media;

/// <summary>Sine waves in WAV files (RIFF, PCM of 16 bits, 48 kHz, mono), and how much of a frequency is in one.</summary>
public static class Tone
{
    /// <summary>Samples a second.</summary>
    public const int Rate = 48_000;

    private const int HeaderBytes = 44;

    /// <summary>Writes one that loops without a click: whole seconds of a whole number of Hz.</summary>
    public static string Write(string path, int hertz, int seconds = 2, double amplitude = 0.3)
    {
        byte[] file = new byte[HeaderBytes + seconds * Rate * sizeof(short)];
        WriteHeader(file, file.Length - HeaderBytes);
        for (int i = 0; i < seconds * Rate; i++)
        {
            double value = amplitude * Math.Sin(2 * Math.PI * hertz * i / Rate);
            BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(HeaderBytes + i * sizeof(short)), (short)Math.Round(value * short.MaxValue));
        }
        File.WriteAllBytes(path, file);
        return path;
    }

    /// <summary>The samples of a recording, -1 to 1; a header that was never finished does not matter.</summary>
    public static float[] Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] file = new byte[stream.Length];
        stream.ReadExactly(file);
        int data = file.AsSpan().IndexOf("data"u8) + 8;
        var samples = new float[(file.Length - data) / sizeof(short)];
        for (int i = 0; i < samples.Length; i++) samples[i] = BinaryPrimitives.ReadInt16LittleEndian(file.AsSpan(data + i * sizeof(short))) / 32768f;
        return samples;
    }

    /// <summary>Power of one frequency in dB relative to a full-scale sine (Goertzel 1958, with a Hann window against leakage).</summary>
    public static double Decibel(ReadOnlySpan<float> samples, int hertz)
    {
        double step = 2 * Math.PI * hertz / Rate, coefficient = 2 * Math.Cos(step), one = 0, two = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            double window = 0.5 - 0.5 * Math.Cos(2 * Math.PI * i / samples.Length);
            (one, two) = (window * samples[i] + coefficient * one - two, one);
        }
        double power = one * one + two * two - coefficient * one * two, full = samples.Length / 4.0;
        return 10 * Math.Log10(power / (full * full) + 1e-15);
    }

    private static void WriteHeader(Span<byte> header, int dataBytes)
    {
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], 36 + dataBytes);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(header[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], Rate);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], Rate * sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(header[32..], sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(header[34..], 16);
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[40..], dataBytes);
    }
}
