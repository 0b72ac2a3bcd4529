using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Benchmarks.Audio;

/// <summary>Ten seconds of a voice-like sound as Opus, encoded before anything is measured: talkers take it from different places on.</summary>
internal sealed class Speech
{
    private const int Frames = 500, Apart = 37;
    private const byte Level = 20;

    private readonly byte[][] _opus = new byte[Frames][];

    public Speech(IOpusCodec codec, int bitrate, int complexity)
    {
        using IOpusEncoder encoder = codec.CreateEncoder(bitrate, complexity);
        byte[] space = new byte[AudioPacket.MaxOpus];
        var frame = new float[AudioFormat.FrameSize];
        var noise = new Random(1);
        for (int i = 0; i < Frames; i++)
        {
            for (int s = 0; s < frame.Length; s++) frame[s] = Sample(i * frame.Length + s, noise);
            _opus[i] = space[..encoder.Encode(frame, space)];
        }
    }

    /// <summary>A talker's frame of one tick.</summary>
    public ReadOnlySpan<byte> OpusOf(int talker, uint tick) => _opus[(tick + talker * Apart) % Frames];

    /// <summary>A talker's packet of one tick; gives its length.</summary>
    public int Write(int talker, uint tick, Span<byte> packet)
    {
        ReadOnlySpan<byte> opus = OpusOf(talker, tick);
        new AudioPacket(AudioKind.Frame, (uint)talker + 1, tick, tick * AudioFormat.FrameSize, Level).Write(packet);
        opus.CopyTo(packet[AudioPacket.HeaderLength..]);
        return AudioPacket.HeaderLength + opus.Length;
    }

    // A gliding pitch with harmonics, a little breath, four syllables a second.
    private static float Sample(int at, Random noise)
    {
        double time = (double)at / AudioFormat.SampleRate, phase = 2 * Math.PI * (130 * time + 5 * Math.Sin(2 * time)), sum = 0;
        for (int harmonic = 1; harmonic <= 12; harmonic++) sum += Math.Sin(harmonic * phase) / harmonic;
        double syllable = 0.2 + 0.8 * Math.Pow(Math.Sin(Math.PI * 4 * time), 2);
        return (float)(0.06 * syllable * (sum + 0.3 * (noise.NextDouble() - 0.5)));
    }
}
