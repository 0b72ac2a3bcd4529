using System.Buffers.Binary;
using CsCheck;
using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Audio.Sources;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Media.Audio;

public sealed class WavTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string At(string name) => Path.Combine(_folder.Path, name);

    private string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(At(name), bytes);
        return At(name);
    }

    private static byte[] Wav(ushort format, ushort channels, uint rate, ushort bits, byte[] data)
    {
        var head = new byte[36];
        "RIFF"u8.CopyTo(head);
        "WAVEfmt "u8.CopyTo(head.AsSpan(8));
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(16), 16);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(20), format);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(22), channels);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(24), rate);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(34), bits);
        var length = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)data.Length);
        return [.. head, .. "LIST"u8, 3, 0, 0, 0, 1, 2, 3, 0, .. "data"u8, .. length, .. data];
    }

    private static byte[] Floats(float[] samples) => [.. samples.SelectMany(BitConverter.GetBytes)];

    private static float[] ToFloat(short[] samples) => Array.ConvertAll(samples, s => s / 32768f);

    [Fact]
    public void What_is_recorded_is_read_back_sample_by_sample()
    {
        float[] tone = Goertzel.Tone(440, 4800);
        using (var writer = new WavWriter(At("a.wav")))
            for (int i = 0; i < tone.Length; i += 960) writer.Write(tone.AsSpan(i, 960));
        Assert.Equal(tone.Select(x => (short)MathF.Round(x * 32768f)), WavReader.Read(At("a.wav")));
    }

    [Fact]
    public void A_recording_is_readable_while_it_goes_on()
    {
        using var writer = new WavWriter(At("a.wav"));
        writer.Write(Goertzel.Tone(440, 960));
        writer.Write(Goertzel.Tone(440, 960));
        Assert.Equal(1920, WavReader.Read(At("a.wav")).Length);
    }

    [Theory]
    [InlineData(8_000)]
    [InlineData(44_100)]
    [InlineData(96_000)]
    public void Float_stereo_of_any_rate_becomes_48_kHz_mono(int rate)
    {
        float[] mono = Goertzel.Tone(1000, rate, 0.25f, rate);
        float[] stereo = [.. mono.SelectMany(x => new[] { x, x })];
        short[] read = WavReader.Read(Write("b.wav", Wav(3, 2, (uint)rate, 32, Floats(stereo))));
        Assert.Equal(48_000, read.Length);
        Assert.InRange(Goertzel.Power(ToFloat(read), 1000), -12.6, -11.4);
    }

    [Theory]
    [InlineData("no.wav", "there is no such file")]
    public void A_missing_file_is_one_sentence(string name, string reason)
    {
        var error = Assert.Throws<UserErrorException>(() => WavReader.Read(At(name)));
        Assert.Equal(("bad-wav", $"The file {At(name)} cannot be played: {reason}."), (error.Code, error.Message));
    }

    [Fact]
    public void A_bad_file_is_one_sentence()
    {
        (byte[] Bytes, string Reason)[] cases =
        [
            ([], "no WAV file"),
            ("this is some text, no sound"u8.ToArray(), "no WAV file"),
            (Wav(1, 1, 48_000, 24, new byte[96]), "format 1 with 24 bits"),
            (Wav(85, 1, 48_000, 16, new byte[96]), "format 85"),
            (Wav(1, 0, 48_000, 16, new byte[96]), "0 channels"),
            (Wav(1, 1, 0, 16, new byte[96]), "0 Hz"),
            (Wav(1, 1, 48_000, 16, []), "no data"),
        ];
        foreach ((byte[] bytes, string reason) in cases)
            Assert.Contains(reason, Assert.Throws<UserErrorException>(() => WavReader.Read(Write("c.wav", bytes))).Message);
    }

    [Fact]
    public void Whatever_a_file_holds_reading_it_ends_in_sound_or_one_sentence()
    {
        byte[] good = Wav(1, 2, 44_100, 16, new byte[400]);
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length]).Array[1, 4].Sample(changes =>
        {
            byte[] bytes = [.. good];
            foreach ((int at, byte value, int length) in changes) bytes[at] = value;
            try
            {
                WavReader.Parse(bytes.AsSpan(0, changes[0].Item3));
            }
            catch (FormatException)
            {
                // one sentence
            }
        }, iter: 2000);
    }

    public void Dispose() => _folder.Dispose();
}
