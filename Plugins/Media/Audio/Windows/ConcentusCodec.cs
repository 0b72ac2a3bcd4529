using Concentus.Enums;
using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Plugins.Media.Audio.Windows;

/// <summary>Opus by Concentus, a port of libopus in C#: Windows brings no libopus. Set as <see cref="LibOpus"/> sets it. Compiled on Windows only.</summary>
internal sealed class ConcentusCodec : IOpusCodec
{
    private const int MostLossPercent = 5; // as there

    /// <inheritdoc />
    public IOpusEncoder CreateEncoder(int bitrate, int complexity) => new Encoder(bitrate, complexity);

    /// <inheritdoc />
    public IOpusDecoder CreateDecoder() => new Decoder();

    private sealed class Encoder : IOpusEncoder
    {
        private readonly Concentus.IOpusEncoder _encoder = Concentus.OpusCodecFactory.CreateEncoder(AudioFormat.SampleRate, 1, OpusApplication.OPUS_APPLICATION_AUDIO);

        public Encoder(int bitrate, int complexity)
        {
            _encoder.Bitrate = bitrate;
            _encoder.Complexity = complexity;
            _encoder.UseVBR = true;
            _encoder.UseInbandFEC = true;
        }

        public double ExpectedLoss { set => _encoder.PacketLossPercent = (int)Math.Clamp(Math.Ceiling(value * 100), 0, MostLossPercent); }

        public int Encode(ReadOnlySpan<float> frame, Span<byte> opus) => _encoder.Encode(frame, AudioFormat.FrameSize, opus, opus.Length);

        public void Dispose() => _encoder.Dispose();
    }

    private sealed class Decoder : IOpusDecoder
    {
        private readonly Concentus.IOpusDecoder _decoder = Concentus.OpusCodecFactory.CreateDecoder(AudioFormat.SampleRate, 1);

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
                return _decoder.Decode(opus, frame, AudioFormat.FrameSize, correction) == AudioFormat.FrameSize;
            }
            catch (Concentus.OpusException)
            {
                return false;
            }
        }

        public void Dispose() => _decoder.Dispose();
    }
}
