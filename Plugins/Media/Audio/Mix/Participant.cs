using LanCollab.Contracts;
using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Plugins.Media.Audio.Mix;

/// <summary>
/// One person in the mix: what comes from them and what goes to them. <see cref="Receive"/> is for the receive loop, the rest for the mixer.
/// </summary>
internal sealed class Participant(Peer peer, IOpusCodec codec, MediaOptions options, TimeProvider time) : IDisposable
{
    private readonly PlayoutStream _incoming = new(
        codec.CreateDecoder(), options.PlayoutDelay / AudioFormat.FrameMilliseconds, options.MaxPlayoutDelay / AudioFormat.FrameMilliseconds);

    private MixOutput? _own;
    private byte _loudest = AudioLevel.Silence;
    private int _sinceHeard = MixOutput.Hold;

    /// <summary>Who it is.</summary>
    public Peer Peer { get; } = peer;

    /// <summary>How their sound arrives.</summary>
    public Arrivals Arrivals { get; } = new(time);

    /// <summary>Datagrams that were none of ours.</summary>
    public long Malformed { get; private set; }

    /// <summary>What they say in this tick; 960 samples, meaningful while <see cref="IsHeard"/>.</summary>
    public float[] Voice { get; } = new float[AudioFormat.FrameSize];

    /// <summary>True when <see cref="Voice"/> is part of this tick's sum.</summary>
    public bool IsHeard { get; private set; }

    /// <summary>True for as long as they need a mix of their own, without themselves: while they are heard and half a second longer.</summary>
    public bool HasOwnMix => _sinceHeard < MixOutput.Hold;

    /// <summary>What <see cref="HasOwnMix"/> was in the tick before.</summary>
    public bool HadOwnMix { get; private set; }

    /// <summary>The loudest level of the last announcement, in -dBov.</summary>
    public byte Talking { get; private set; } = AudioLevel.Silence;

    /// <summary>The mix for them alone, made when first needed.</summary>
    public MixOutput Own => _own ??= new MixOutput(codec.CreateEncoder(options.Bitrate, options.Complexity));

    /// <summary>True if <see cref="Own"/> has ever been needed.</summary>
    public bool HasOwnOutput => _own is not null;

    /// <summary>What they last reported of themselves.</summary>
    public Report Report { get; set; } = new(Muted: true);

    /// <summary>Takes a datagram of theirs. Malformed ones are counted and ignored.</summary>
    public void Receive(ReadOnlySpan<byte> datagram)
    {
        if (!AudioPacket.TryRead(datagram, out AudioPacket packet, out ReadOnlySpan<byte> opus)) Malformed++;
        else if (_incoming.Push(packet, opus) != Arrival.Duplicate) Arrivals.Note(packet, datagram.Length);
    }

    /// <summary>Takes the next 20 ms of what they say.</summary>
    public void Advance()
    {
        HadOwnMix = HasOwnMix;
        IsHeard = _incoming.Next(Voice);
        _sinceHeard = IsHeard ? 0 : Math.Min(_sinceHeard + 1, MixOutput.Hold);
        if (IsHeard) _loudest = Math.Min(_loudest, _incoming.Level);
    }

    /// <summary>Gives the loudest level since the last time.</summary>
    public byte TakeLevel()
    {
        Talking = _loudest;
        _loudest = AudioLevel.Silence;
        return Talking;
    }

    /// <summary>Late, duplicate and made-up frames so far.</summary>
    public (long Late, long Duplicates, long Concealed) Counters => _incoming.Counters;

    /// <inheritdoc />
    public void Dispose()
    {
        _incoming.Dispose();
        _own?.Dispose();
    }
}
