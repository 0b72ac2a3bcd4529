using Concentus.Enums;
using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Plugins.Media.Audio.Windows;

/// <summary>Opus by Concentus, a port of libopus in C#: Windows brings no libopus. Set as <see cref="LibOpus"/> sets it. Compiled on Windows only.</summary>
internal sealed class ConcentusCodec : IOpusCodec
{
    private const int MostLossPercent = 5; // as there

    /// <inheritdoc />
    public IOpusEncoder CreateEncoder(int bitrate, int complexity, int channels = 1) => new Encoder(bitrate, complexity, channels);

    /// <inheritdoc />
    public IOpusDecoder CreateDecoder(int channels = 1) => new Decoder(channels);

    private sealed class Encoder : IOpusEncoder
    {
        private readonly Concentus.IOpusEncoder _encoder;

        public Encoder(int bitrate, int complexity, int channels)
        {
            Channels = channels;
            _encoder = Concentus.OpusCodecFactory.CreateEncoder(AudioFormat.SampleRate, channels, OpusApplication.OPUS_APPLICATION_AUDIO);
            if (channels == 2) IsStereo = true;
            _encoder.Bitrate = bitrate;
            _encoder.Complexity = complexity;
            _encoder.UseVBR = true;
            _encoder.UseInbandFEC = true;
        }

        public int Channels { get; }

        public int Bitrate { set => _encoder.Bitrate = value; }

        public bool IsStereo { set { if (Channels == 2) _encoder.ForceChannels = value ? 2 : 1; } }

        public double ExpectedLoss { set => _encoder.PacketLossPercent = (int)Math.Clamp(Math.Ceiling(value * 100), 0, MostLossPercent); }

        public int Encode(ReadOnlySpan<float> frame, Span<byte> opus) => _encoder.Encode(frame, frame.Length / Channels, opus, opus.Length);

        public void Dispose() => _encoder.Dispose();
    }

    private sealed class Decoder(int channels) : IOpusDecoder
    {
        private readonly Concentus.IOpusDecoder _decoder = Concentus.OpusCodecFactory.CreateDecoder(AudioFormat.SampleRate, channels);

        public bool Decode(ReadOnlySpan<byte> opus, Span<float> frame)
        {
            if (Run(opus, frame, false)) return true;
            Conceal(frame);
            return false;
        }

        public void Recover(ReadOnlySpan<byte> following, Span<float> frame)
        {
            if (!Run(following, frame, true)) Conceal(frame);
        }

        public void Conceal(Span<float> frame)
        {
            if (!Run(default, frame, false)) frame.Clear();
        }

        public void Reset() => _decoder.ResetState();

        // An empty packet is a lost one, as with libopus.
        private bool Run(ReadOnlySpan<byte> opus, Span<float> frame, bool correction)
        {
            try
            {
                return _decoder.Decode(opus, frame, frame.Length / channels, correction) == frame.Length / channels;
            }
            catch (Concentus.OpusException)
            {
                return false;
            }
        }

        public void Dispose() => _decoder.Dispose();
    }
}
