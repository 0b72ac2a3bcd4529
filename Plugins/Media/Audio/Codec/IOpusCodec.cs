namespace LanCollab.Plugins.Media.Audio.Codec;

/// <summary>Opus (RFC 6716) at 48 kHz in frames of 10 or 20 ms. Implementations differ by operating system.</summary>
internal interface IOpusCodec
{
    /// <summary>A new encoder: variable bit rate with in-band forward error correction.</summary>
    /// <param name="bitrate">Target, bits a second.</param>
    /// <param name="complexity">0 to 10.</param>
    /// <param name="channels">1 or 2.</param>
    IOpusEncoder CreateEncoder(int bitrate, int complexity, int channels = 1);

    /// <summary>A new decoder. Whatever the number of channels in a packet, it gives as many as are asked for here.</summary>
    /// <param name="channels">1 or 2.</param>
    IOpusDecoder CreateDecoder(int channels = 1);
}

/// <summary>One stream's encoder; not for two threads at a time.</summary>
internal interface IOpusEncoder : IDisposable
{
    /// <summary>How many channels its frames have.</summary>
    int Channels { get; }

    /// <summary>Target, bits a second; may change between two frames.</summary>
    int Bitrate { set; }

    /// <summary>For two channels: false while both are the same; packets then are those of one channel, in the same stream. True at first.</summary>
    bool IsStereo { set; }

    /// <summary>Encodes a frame of 480 or 960 samples for each channel. Allocates nothing.</summary>
    /// <param name="frame">Two channels by turns, if there are two.</param>
    /// <param name="opus">Gets the packet.</param>
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
    /// <summary>Decodes a frame. Allocates nothing.</summary>
    /// <param name="opus">The packet.</param>
    /// <param name="frame">480 or 960 samples for each channel, by turns.</param>
    /// <returns>False when the bytes are no Opus frame of that length; then the frame holds concealment.</returns>
    bool Decode(ReadOnlySpan<byte> opus, Span<float> frame);

    /// <summary>Restores a lost frame from the correction data in the packet after it, as far as there is any.</summary>
    void Recover(ReadOnlySpan<byte> following, Span<float> frame);

    /// <summary>Makes up a lost frame from what was heard before; fades out when called again and again.</summary>
    void Conceal(Span<float> frame);

    /// <summary>Forgets everything, as for a new stream.</summary>
    void Reset();
}
