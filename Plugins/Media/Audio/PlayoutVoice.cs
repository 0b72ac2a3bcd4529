using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>A decoder and the stream whose state it holds. Made when first needed: most people never talk.</summary>
internal sealed class PlayoutVoice(IOpusCodec codec) : IDisposable
{
    private IOpusDecoder? _decoder;
    private int _channels = 1;
    private float[] _pairs = []; // for two channels

    /// <summary>The stream; null: none yet.</summary>
    public uint? Stream { get; private set; }

    /// <summary>True when it has had a stream.</summary>
    public bool IsTuned => Stream is not null;

    private IOpusDecoder Decoder => _decoder ??= codec.CreateDecoder(_channels);

    /// <summary>True when its state is that of a stream.</summary>
    public bool Is(uint stream) => Stream == stream;

    /// <summary>Forgets what it has heard.</summary>
    /// <param name="stream">What comes from now on.</param>
    /// <param name="channels">1 or 2, whatever the packets have.</param>
    public void Tune(uint stream, int channels)
    {
        if (channels != _channels)
        {
            _decoder?.Dispose();
            (_decoder, _channels) = (null, channels);
        }
        else if (IsTuned) Decoder.Reset();
        Stream = stream;
    }

    /// <summary>Decodes a packet; false when it is no Opus of the sound's length, which then is made up.</summary>
    public bool Decode(ReadOnlySpan<byte> opus, Sound sound)
    {
        bool good = Decoder.Decode(opus, FrameOf(sound));
        Finish(sound);
        return good;
    }

    /// <summary>Restores a lost one from the packet after it.</summary>
    public void Recover(ReadOnlySpan<byte> following, Sound sound)
    {
        Decoder.Recover(following, FrameOf(sound));
        Finish(sound);
    }

    /// <summary>Makes one up.</summary>
    public void Conceal(Sound sound)
    {
        Decoder.Conceal(FrameOf(sound));
        Finish(sound);
    }

    private Span<float> FrameOf(Sound sound)
    {
        if (_channels == 1) return sound.Mid;
        if (_pairs.Length == 0) _pairs = new float[2 * AudioFormat.FrameSize];
        return _pairs.AsSpan(0, 2 * sound.Length);
    }

    private void Finish(Sound sound)
    {
        if (_channels == 1) sound.IsStereo = false;
        else sound.Set(FrameOf(sound));
    }

    /// <inheritdoc />
    public void Dispose() => _decoder?.Dispose();
}
