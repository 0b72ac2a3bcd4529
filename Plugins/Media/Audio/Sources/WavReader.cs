using System.Buffers.Binary;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Media.Audio.Sources;

/// <summary>
/// Reads a WAV file (RIFF; PCM of 16 bits or float of 32 bits, any rate, any number of channels) as 48 kHz of 16 bits, one channel or two.
/// <code>
/// "RIFF" u32 size "WAVE"  then chunks:  id[4] u32 length, data, a pad byte if length is odd
/// "fmt " u16 format (1 PCM, 3 float, 0xFFFE: the first u16 of the GUID at 24) u16 channels u32 rate u32 bytes/s u16 block u16 bits
/// "data" interleaved samples, little-endian
/// </code>
/// </summary>
internal static class WavReader
{
    /// <summary>The longest file that is taken, in minutes: it is held in memory.</summary>
    public const int MaxMinutes = 30;

    private const int MaxBytes = MaxMinutes * 60 * AudioFormat.SampleRate * 2 * sizeof(float);
    private const ushort Pcm = 1, Float = 3, Extensible = 0xFFFE;

    /// <summary>Reads and resamples the whole file.</summary>
    /// <exception cref="UserErrorException"><c>bad-wav</c>: not there, not readable, no WAV or one of a kind that is not read; one sentence.</exception>
    public static short[] Read(string path) => Read(path, most: 1).Samples;

    /// <summary>Reads and resamples the whole file; exceptions as above.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">So many channels are wanted, 1 or 2.</param>
    /// <returns>The samples, of two channels by turns, and how many channels these are: two if the file has more than one and two are wanted.</returns>
    public static (short[] Samples, int Channels) Read(string path, int most)
    {
        byte[] file = Load(path);
        try
        {
            return Parse(file, most);
        }
        catch (FormatException e)
        {
            throw Bad(path, e.Message);
        }
    }

    private static byte[] Load(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && file.Length > MaxBytes) throw Bad(path, $"it is longer than {MaxMinutes} minutes");
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Bad(path, e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message);
        }
    }

    internal static short[] Parse(ReadOnlySpan<byte> file) => Parse(file, 1).Samples;

    private static (short[] Samples, int Channels) Parse(ReadOnlySpan<byte> file, int most)
    {
        if (file.Length < 12 || !file[..4].SequenceEqual("RIFF"u8) || !file[8..12].SequenceEqual("WAVE"u8)) throw new FormatException("it is no WAV file");
        WavFormat? format = null;
        for (ReadOnlySpan<byte> rest = file[12..]; rest.Length >= 8;)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            // A recording that was cut off says more than is there: take what is.
            ReadOnlySpan<byte> body = rest.Slice(8, (int)Math.Min(length, rest.Length - 8));
            if (rest[..4].SequenceEqual("fmt "u8)) format = WavFormat.Read(body);
            if (rest[..4].SequenceEqual("data"u8)) return Convert(body, format ?? throw new FormatException("its format is not told before its data"), most);
            rest = rest[(int)Math.Min(8L + length + length % 2, rest.Length)..];
        }
        throw new FormatException("it has no data");
    }

    private static (short[] Samples, int Channels) Convert(ReadOnlySpan<byte> data, WavFormat format, int most)
    {
        int count = data.Length / format.BlockAlign;
        if ((long)count * AudioFormat.SampleRate / format.Rate > MaxMinutes * 60L * AudioFormat.SampleRate) throw new FormatException($"it is longer than {MaxMinutes} minutes");
        if (count == 0) throw new FormatException("it has no data");
        if (most == 1 || format.Channels == 1) return (Round(Resample(data, count, format, 0, format.Channels)), 1);
        float[] left = Resample(data, count, format, 0, 1), right = Resample(data, count, format, 1, 2);
        var pairs = new float[2 * left.Length];
        for (int i = 0; i < left.Length; i++) (pairs[2 * i], pairs[2 * i + 1]) = (left[i], right[i]);
        return (Round(pairs), 2);
    }

    private static short[] Round(float[] samples) => Array.ConvertAll(samples, x => (short)Math.Clamp(MathF.Round(x * 32768f), short.MinValue, short.MaxValue));

    /// <summary>The mean of some channels at our rate.</summary>
    private static float[] Resample(ReadOnlySpan<byte> data, int count, WavFormat format, int first, int end)
    {
        var mean = new float[count];
        for (int i = 0; i < count; i++) mean[i] = Mean(data.Slice(i * format.BlockAlign, format.BlockAlign), format, first, end);
        return Resampler.Resample(mean, format.Rate, AudioFormat.SampleRate);
    }

    private static float Mean(ReadOnlySpan<byte> block, WavFormat format, int first, int end)
    {
        float sum = 0;
        for (int channel = first; channel < end; channel++)
            sum += format.IsFloat
                ? BinaryPrimitives.ReadSingleLittleEndian(block[(4 * channel)..])
                : BinaryPrimitives.ReadInt16LittleEndian(block[(2 * channel)..]) / 32768f;
        return float.IsFinite(sum) ? sum / (end - first) : 0;
    }

    private static UserErrorException Bad(string path, string reason) => new("bad-wav", $"The file {path} cannot be played: {reason.TrimEnd('.')}.");

    private readonly record struct WavFormat(bool IsFloat, int Channels, int Rate, int BlockAlign)
    {
        public static WavFormat Read(ReadOnlySpan<byte> chunk)
        {
            if (chunk.Length < 16) throw new FormatException("its format chunk is too short");
            ushort format = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
            if (format == Extensible && chunk.Length >= 26) format = BinaryPrimitives.ReadUInt16LittleEndian(chunk[24..]);
            int channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
            uint rate = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            int bits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
            if ((format, bits) is not ((Pcm, 16) or (Float, 32)))
                throw new FormatException($"its samples are of format {format} with {bits} bits; PCM of 16 bits or float of 32 bits is read");
            if (channels is < 1 or > 32) throw new FormatException($"it has {channels} channels; 1 to 32 are read");
            if (rate is < 4_000 or > 384_000) throw new FormatException($"its rate is {rate} Hz; 4000 to 384000 Hz are read");
            return new WavFormat(format == Float, channels, (int)rate, channels * bits / 8);
        }
    }
}
