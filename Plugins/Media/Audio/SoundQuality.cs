using LanCollab.Contracts;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>How a person's sound is captured, coded and played; as in <see cref="MediaOptions"/>.</summary>
/// <param name="Bitrate">Target of the voice's encoder, bits a second.</param>
/// <param name="FrameMs">Milliseconds of the voice's frames, 10 or 20.</param>
/// <param name="Stereo">Two channels, both ways, where there are two. Such frames are 20 ms.</param>
internal sealed record SoundQuality(int Bitrate = SoundQuality.UsualBitrate, int FrameMs = AudioFormat.FrameMilliseconds, bool Stereo = false)
{
    /// <summary>32 000 bit/s: wide-band speech without audible loss (RFC 6716, 2.1.1).</summary>
    public const int UsualBitrate = 32_000;

    /// <summary>The limits, in bits a second.</summary>
    public const int LeastBitrate = 16_000, MostBitrate = 128_000;

    private const int SharedBitrate = 64_000, SharedStereoBitrate = 96_000; // music is more than a voice

    /// <summary>The voice's frames.</summary>
    public FrameShape VoiceShape => Stereo ? FrameShape.Stereo : FrameMs == FrameShape.Short.Milliseconds ? FrameShape.Short : FrameShape.Mono;

    /// <summary>The frames of what is shared beside it.</summary>
    public FrameShape SharedShape => Stereo ? FrameShape.Stereo : FrameShape.Mono;

    /// <summary>The bit rate of what is shared beside it.</summary>
    public int SharedRate => Math.Max(Bitrate, Stereo ? SharedStereoBitrate : SharedBitrate);

    /// <summary>How many channels are played.</summary>
    public int Channels => SharedShape.Channels;

    /// <summary>What is wished for; what is not named stays.</summary>
    /// <exception cref="UserErrorException"><c>out-of-range</c>; then nothing changes.</exception>
    public SoundQuality With(SetAudio wish)
    {
        if (wish.Bitrate is < LeastBitrate or > MostBitrate) throw new UserErrorException("out-of-range", $"The bit rate is {wish.Bitrate} bit/s; it may be {LeastBitrate} to {MostBitrate}.");
        if (wish.FrameMs is not (null or 10 or 20)) throw new UserErrorException("out-of-range", $"A frame is {wish.FrameMs} ms; it may be 10 or 20.");
        return new SoundQuality(wish.Bitrate ?? Bitrate, wish.FrameMs ?? FrameMs, wish.Stereo ?? Stereo);
    }
}
