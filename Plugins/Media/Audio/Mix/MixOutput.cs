using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Plugins.Media.Audio.Mix;

/// <summary>
/// One mix on its way out: limiter, encoder, packets. Has a sound to work in, so that nothing is allocated. One for two channels sends packets of one channel, in the
/// same stream, while nothing in the mix has two.
/// </summary>
internal sealed class MixOutput : IDisposable
{
    /// <summary>So many frames of silence are still sent (0.5 s), since a pause between words is no end.</summary>
    public const int Hold = 25;

    /// <summary>What two channels get at least, bits a second: they are for music.</summary>
    public const int StereoBitrate = 96_000;

    private readonly OpusSender _sender;
    private readonly Limiter _limiter = new();
    private readonly float[] _pairs;
    private int _bitrate;
    private bool _wide;
    private int _silent;

    /// <param name="codec">For the encoder.</param>
    /// <param name="options">Bit rate and complexity.</param>
    /// <param name="stereo">For listeners who want two channels.</param>
    public MixOutput(IOpusCodec codec, MediaOptions options, bool stereo = false)
    {
        _sender = new OpusSender(codec.CreateEncoder(options.Bitrate, options.Complexity, stereo ? 2 : 1)) { IsStereo = false };
        (IsStereo, _bitrate) = (stereo, options.Bitrate);
        Frame = new Sound { IsNarrow = !stereo };
        _pairs = stereo ? new float[2 * AudioFormat.FrameSize] : [];
    }

    /// <summary>True when it can have two channels.</summary>
    public bool IsStereo { get; }

    /// <summary>The mix of this tick; <see cref="Packet"/> changes it.</summary>
    public Sound Frame { get; }

    /// <summary>True between the first packet of a spurt and its last.</summary>
    public bool IsOpen => _sender.IsOpen;

    /// <summary>The share of packets that its listeners lose, 0 to 1.</summary>
    public double ExpectedLoss { set => _sender.ExpectedLoss = value; }

    /// <summary>As <see cref="OpusSender.Corrects"/>.</summary>
    public bool Corrects { set => _sender.Corrects = value; }

    /// <summary>Target, bits a second.</summary>
    public int Bitrate
    {
        set
        {
            if (value == _bitrate) return;
            _bitrate = value;
            _sender.Bitrate = Wanted;
        }
    }

    private int Wanted => _wide ? Math.Max(_bitrate, StereoBitrate) : _bitrate;

    /// <summary>Encodes <see cref="Frame"/>.</summary>
    /// <param name="timestamp">The room's clock, in samples.</param>
    /// <param name="audible">False: there is nothing to hear, and the frame is not looked at.</param>
    /// <param name="last">Its listener goes over to another stream.</param>
    /// <returns>What to send; empty when nothing is to be sent. Valid until the next call.</returns>
    public ReadOnlySpan<byte> Packet(uint timestamp, bool audible, bool last = false)
    {
        if (!audible && !_sender.IsOpen) return default;
        _sender.Timestamp = timestamp;
        _silent = audible ? 0 : _silent + 1;
        if (!audible) Frame.Clear();
        Span<float> frame = IsStereo ? Pairs() : Frame.Mid;
        _limiter.Process(frame);
        return _sender.Frame(frame, last || _silent >= Hold);
    }

    private Span<float> Pairs()
    {
        if (Frame.IsStereo != _wide)
        {
            _wide = Frame.IsStereo;
            (_sender.IsStereo, _sender.Bitrate) = (_wide, Wanted);
        }
        Frame.WriteTo(_pairs);
        return _pairs;
    }

    /// <inheritdoc />
    public void Dispose() => _sender.Dispose();
}
