using LanCollab.Contracts;
using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Plugins.Media.Audio.Mix;

/// <summary>
/// One person in the mix: what comes from them and what goes to them. <see cref="Receive"/> is for the receive loop, the rest for the mixer.
/// </summary>
internal sealed class Participant(Peer peer, IOpusCodec codec, MediaOptions options, TimeProvider time) : IDisposable
{
    private const float Release = 0.5f; // dB a frame

    private readonly PlayoutStream _incoming = new(codec, options, 1, time) { Safety = options.Safety / 100.0 };
    private readonly BeatPhase _phase = new();
    private byte _loudest = AudioLevel.Silence;
    private bool _wasSelected;
    private volatile SharedSound? _sound;
    private ulong _played; // in one word: a sample of the voice, and the one of the mix; 0: none yet

    /// <summary>Who it is.</summary>
    public Peer Peer { get; } = peer;

    /// <summary>How their sound arrives.</summary>
    public Arrivals Arrivals { get; } = new(time);

    /// <summary>What goes to them.</summary>
    public Listener Listener { get; } = new(stereo => new MixOutput(codec, options, stereo), time);

    /// <summary>Datagrams that were none of ours.</summary>
    public long Malformed { get; private set; }

    /// <summary>Frames of theirs that were no Opus of 20 ms.</summary>
    public long Corrupt => _incoming.Corrupt;

    /// <summary>What they say in this tick, meaningful while <see cref="IsHeard"/>.</summary>
    public Sound Voice { get; } = new();

    /// <summary>True when they have something to say in this tick.</summary>
    public bool HasVoice { get; private set; }

    /// <summary>What they share beside their voice; null: they never did.</summary>
    public SharedSound? Sound => _sound;

    /// <summary>They may not talk: their packets are taken and thrown away.</summary>
    public bool IsSilenced => Peer.Muted || Peer.Role < Role.Member;

    /// <summary>What <see cref="IsSilenced"/> was when the room was last told.</summary>
    public bool WasSilenced { get; set; }

    /// <summary>As <see cref="PlayoutDelay.Safety"/>, for what comes from them.</summary>
    public double Safety { set => _incoming.Safety = value; }

    /// <summary>The most that is held back, in ms.</summary>
    public double MostHeld { set => _incoming.MostHeld = value; }

    /// <summary>What they were last told of it.</summary>
    public Uplink Told { get; set; } = new(0, 0);

    /// <summary>The level of this tick, in -dBov.</summary>
    public byte Level => _incoming.Level;

    /// <summary>The levels before it.</summary>
    public LevelHistory Levels { get; } = new();

    /// <summary>How loud they were just now, in dB above digital silence; falls slowly.</summary>
    public float Loudness { get; private set; }

    /// <summary>For <see cref="Loudest"/>.</summary>
    public float Rank { get; set; }

    /// <summary>For <see cref="Loudest"/>: they are to be heard.</summary>
    public bool IsSelected { get; set; }

    /// <summary>Those with the same one sit in one physical room; null: alone.</summary>
    public string? Group { get; set; }

    /// <summary>True when <see cref="Voice"/> is part of this tick's sum.</summary>
    public bool IsHeard { get; private set; }

    /// <summary>The loudest level of the last announcement, in -dBov.</summary>
    public byte Talking { get; private set; } = AudioLevel.Silence;

    /// <summary>What they last reported of themselves.</summary>
    public Report Report { get; set; } = new(Muted: true);

    /// <summary>How long their sound is held back, in ms.</summary>
    public double Held => _incoming.Held;

    /// <summary>A sample of their voice and the one of the room's mix that it was played as; null before they were heard of.</summary>
    public (uint Voice, uint Mix)? Played => Volatile.Read(ref _played) is not 0 and var both ? ((uint)(both >> 32), (uint)both) : null;

    /// <summary>As <see cref="PlayoutStream.Waits"/>.</summary>
    public (double Held, double Needed)? Waits => _incoming.Waits;

    /// <summary>By how many ms the ends of their frames are to be shifted, so that they do not wait for the beat; negative: earlier, 0: not now. Between two ticks.</summary>
    public double AskShift()
    {
        double early = _phase.Ask();
        if (early > 0) _incoming.ExpectLater(early);
        return early;
    }

    /// <summary>The mix of this tick is made.</summary>
    /// <param name="end">The sample of the mix that follows it.</param>
    public void NotePlayed(uint end)
    {
        if (_incoming.Next is { } next) Volatile.Write(ref _played, ((ulong)next << 32) | end);
    }

    /// <summary>Takes a datagram of theirs. Malformed ones are counted and ignored.</summary>
    public void Receive(ReadOnlySpan<byte> datagram)
    {
        if (!AudioPacket.TryRead(datagram, out AudioPacket packet, out ReadOnlySpan<byte> opus, out ReadOnlySpan<byte> copy)) Malformed++;
        else if (packet.Shared) Share(packet, opus, copy);
        else if (_incoming.Push(packet, opus, copy) != Arrival.Duplicate) Arrivals.Note(packet, datagram.Length);
    }

    private void Share(in AudioPacket packet, ReadOnlySpan<byte> opus, ReadOnlySpan<byte> copy)
    {
        if (!IsSilenced) (_sound ??= new SharedSound(codec, options, time)).Receive(packet, opus, copy);
    }

    /// <summary>Moves on by 20 ms without decoding the voice.</summary>
    public void Advance()
    {
        HasVoice = _incoming.Take() && !IsSilenced;
        _phase.Note(Waits);
        _sound?.Advance(IsSilenced);
        Listener.Begin();
        float level = HasVoice ? AudioLevel.Silence - _incoming.Level : 0;
        Loudness = Math.Max(level, Loudness - Release);
        if (HasVoice) _loudest = Math.Min(_loudest, _incoming.Level);
        else (_wasSelected, IsHeard) = (false, false);
    }

    /// <summary>Decodes <see cref="Voice"/>, if it is to be heard; for who has one. Who just lost their place is faded out.</summary>
    public void Decode()
    {
        bool fades = _wasSelected && !IsSelected;
        _wasSelected = IsSelected;
        IsHeard = IsSelected || fades;
        if (IsHeard) _incoming.Decode(Voice);
        if (fades) Voice.FadeOut();
        if (!IsSelected) _incoming.Skip();
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

    /// <summary>As <see cref="PlayoutStream.Corrected"/>.</summary>
    public long Corrected => _incoming.Corrected;

    /// <inheritdoc />
    public void Dispose()
    {
        _incoming.Dispose();
        _sound?.Dispose();
        Listener.Dispose();
    }
}
