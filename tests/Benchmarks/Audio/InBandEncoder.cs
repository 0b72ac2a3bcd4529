using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Benchmarks.Audio;

/// <summary>Opus as it is used for calls elsewhere: the application VOIP, which writes SILK's correction data (LBRR) once loss is expected.</summary>
internal sealed class InBandEncoder : IOpusEncoder
{
    private readonly OpusEncoderHandle _handle = new(application: OpusNative.ApplicationVoip);

    public InBandEncoder(int bitrate, int complexity)
    {
        OpusNative.EncoderControl(_handle, OpusNative.SetBitrate, bitrate);
        OpusNative.EncoderControl(_handle, OpusNative.SetComplexity, complexity);
        OpusNative.EncoderControl(_handle, OpusNative.SetInbandFec, 1);
    }

    public int Channels => 1;

    public int Bitrate { set => OpusNative.EncoderControl(_handle, OpusNative.SetBitrate, value); }

    public bool IsStereo { set { } }

    public double ExpectedLoss { set => OpusNative.EncoderControl(_handle, OpusNative.SetPacketLossPercent, (int)(100 * value)); }

    public int Encode(ReadOnlySpan<float> frame, Span<byte> opus) => OpusNative.Encode(_handle, frame, AudioFormat.FrameSize, opus, opus.Length);

    public void Dispose() => _handle.Dispose();
}
