namespace LanCollab.Plugins.Media.Audio.Codec;

/// <summary>Opus (RFC 6716), mono at 48 kHz in frames of 20 ms. Implementations differ by operating system.</summary>
internal interface IOpusCodec
{
    /// <summary>A new encoder: variable bit rate with in-band forward error correction.</summary>
    /// <param name="bitrate">Target, bits a second.</param>
    /// <param name="complexity">0 to 10.</param>
    IOpusEncoder CreateEncoder(int bitrate, int complexity);

    /// <summary>A new decoder.</summary>
    IOpusDecoder CreateDecoder();
}

/// <summary>One stream's encoder; not for two threads at a time.</summary>
internal interface IOpusEncoder : IDisposable
{
    /// <summary>Encodes a frame of 960 samples. Allocates nothing.</summary>
    /// <returns>Bytes written to <paramref name="opus"/>.</returns>
    int Encode(ReadOnlySpan<float> frame, Span<byte> opus);

    /// <summary>
    /// The share of packets that gets lost, 0 to 1: the encoder leans less on frames that may be missing.
    /// </summary>
    double ExpectedLoss { set; }
}

/// <summary>One stream's decoder; not for two threads at a time.</summary>
internal interface IOpusDecoder : IDisposable
{
    /// <summary>Decodes a frame into 960 samples. Allocates nothing.</summary>
    /// <returns>False when the bytes are no Opus frame of 20 ms; then the frame holds concealment.</returns>
    bool Decode(ReadOnlySpan<byte> opus, Span<float> frame);

    /// <summary>Restores a lost frame from the correction data in the packet after it, as far as there is any.</summary>
    void Recover(ReadOnlySpan<byte> following, Span<float> frame);

    /// <summary>Makes up a lost frame from what was heard before; fades out when called again and again.</summary>
    void Conceal(Span<float> frame);

    /// <summary>Forgets everything, as for a new stream.</summary>
    void Reset();
}
