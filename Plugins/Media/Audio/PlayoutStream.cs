using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>
/// One sender from datagrams to frames: playout buffer and decoders. Packets come from the receive loop, frames are taken by the clock;
/// the two may be different threads. A sender that goes over from one stream to another is followed with a cross-fade. Senders whose frames are 10 ms have two of them
/// taken at a time.
/// </summary>
internal sealed class PlayoutStream : IDisposable
{
    // The decoder rings out for some milliseconds: only after so many inaudible frames nothing is left of the sound before.
    private const int RingOut = 2;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly PlayoutBuffer _buffer;
    private readonly PlayoutTick _tick, _second; // the latter for senders of short frames only
    private readonly PlayoutVoice[] _voices; // one for each stream that may overlap
    private readonly PlayoutPacket _warmUp = new();
    private readonly Sound _other = new(), _half = new() { Length = AudioFormat.ShortFrameSize };
    private int _current;
    private bool _isShort; // in this tick
    private byte _lastLevel = AudioLevel.Silence;
    private int _inaudible;
    private bool _skipped;

    /// <param name="codec">For the decoders.</param>
    /// <param name="options">The limits of the delay.</param>
    /// <param name="streams">Streams that may overlap.</param>
    /// <param name="time">Its timestamps are used.</param>
    public PlayoutStream(IOpusCodec codec, MediaOptions options, int streams, TimeProvider time)
    {
        (_time, _start) = (time, time.GetTimestamp());
        _buffer = new PlayoutBuffer(new PlayoutDelay(options.PlayoutDelay, options.MaxPlayoutDelay), streams);
        (_tick, _second) = (new PlayoutTick(streams), new PlayoutTick(streams));
        _voices = [.. Enumerable.Range(0, streams).Select(_ => new PlayoutVoice(codec))];
    }

    /// <summary>So many channels are decoded of each stream that begins from now on; 0: as many as it has.</summary>
    public int Channels { get; set; }

    /// <summary>Packets that claimed to be Opus and were not.</summary>
    public long Corrupt { get; private set; }

    /// <summary>The level of what <see cref="Take"/> took last.</summary>
    public byte Level { get; private set; } = AudioLevel.Silence;

    /// <summary>How long the frame played last was held back, in ms; 0 in silence.</summary>
    public double Held { get { lock (_gate) return _buffer.IsPlaying ? Math.Max(0, _buffer.Slack) : 0; } }

    /// <summary>How far that is above what is aimed at, in ms; null in silence. A clock that may be moved is moved by this.</summary>
    public double? Excess { get { lock (_gate) return _buffer.IsPlaying ? _buffer.Slack - _buffer.Delay.Target : null; } }

    /// <summary>How long the frame played last was held back, had it come as fast as any, and how long that would have to be; in ms. Null in silence.</summary>
    public (double Held, double Needed)? Waits { get { lock (_gate) return _buffer.IsPlaying ? (_buffer.Slack, _buffer.Delay.Wanted) : null; } }

    /// <summary>As <see cref="PlayoutDelay.ExpectLater"/>.</summary>
    public void ExpectLater(double milliseconds)
    {
        lock (_gate) _buffer.Delay.ExpectLater(milliseconds);
    }

    /// <summary>What is aimed at, in ms.</summary>
    public double Target { get { lock (_gate) return _buffer.Delay.Target; } }

    /// <summary>As <see cref="PlayoutDelay.Safety"/>.</summary>
    public double Safety { set { lock (_gate) _buffer.Delay.Safety = value; } }

    /// <summary>As <see cref="PlayoutDelay.Most"/>.</summary>
    public double MostHeld { set { lock (_gate) _buffer.Delay.Most = value; } }

    /// <summary>Late, duplicate and made-up frames so far.</summary>
    public (long Late, long Duplicates, long Concealed) Counters { get { lock (_gate) return (_buffer.Late, _buffer.Duplicates, _buffer.Concealed); } }

    private double Now => _time.GetElapsedTime(_start).TotalMilliseconds;

    /// <summary>Frames that were played from copies so far.</summary>
    public long Corrected { get { lock (_gate) return _buffer.Corrected; } }

    /// <summary>The sample that follows what <see cref="Take"/> took last; null in silence.</summary>
    public uint? Next { get { lock (_gate) return _buffer.IsPlaying ? _buffer.Next : null; } }

    /// <summary>Takes a packet in.</summary>
    /// <param name="packet">Its header.</param>
    /// <param name="opus">Its frame.</param>
    /// <param name="copy">The frame before it, or nothing.</param>
    public Arrival Push(in AudioPacket packet, ReadOnlySpan<byte> opus, ReadOnlySpan<byte> copy = default)
    {
        double now = Now;
        lock (_gate)
        {
            // What comes too late to be heard still warms a new stream's decoder up.
            if (packet.Kind == AudioKind.Frame && _buffer.IsPast(packet) && !IsKnown(packet.Stream))
            {
                _warmUp.Set(packet.Stream, packet.Level, packet.Last, opus);
                return Arrival.Stored;
            }
            Arrival arrival = _buffer.Push(packet, opus, now);
            if (!copy.IsEmpty && arrival != Arrival.Duplicate) _buffer.PushCopy(Before(packet), copy);
            return arrival;
        }
    }

    private AudioPacket Before(in AudioPacket packet) =>
        packet with { Sequence = packet.Sequence - 1, Timestamp = packet.Timestamp - (uint)_buffer.FrameSize, Last = false };

    private bool IsKnown(uint stream)
    {
        foreach (PlayoutVoice voice in _voices)
            if (voice.Is(stream)) return true;
        return _voices.Length == 1 || _warmUp.Stream == stream;
    }

    /// <summary>Moves on by 20 ms without decoding anything.</summary>
    /// <returns>True when there is something to hear: decode or skip it.</returns>
    public bool Take()
    {
        double now = Now;
        lock (_gate)
        {
            _isShort = _buffer.FrameSize < AudioFormat.FrameSize;
            // The first half's time has come when the second half's has, less its length.
            _buffer.Take(_tick, _isShort ? now - AudioFormat.FrameMilliseconds / 2.0 : now);
            if (_isShort) _buffer.Take(_second, now);
        }
        Level = LevelOf(_tick);
        if (_isShort) Level = Math.Min(Level, LevelOf(_second));
        return (_tick.Kind != Playout.Silence || _isShort && _second.Kind != Playout.Silence) && IsAudible();
    }

    /// <summary>Decodes what was taken. Allocates nothing.</summary>
    /// <param name="sound">Gets 960 samples.</param>
    public void Decode(Sound sound)
    {
        if (_isShort) DecodeHalves(sound);
        else Decode(_tick, sound);
        if (_skipped) sound.FadeIn();
        _skipped = false;
    }

    /// <summary>Nobody is to hear what was taken: spares the decoder.</summary>
    public void Skip() => _skipped = true;

    // What is made up is as loud as what came before it.
    private byte LevelOf(PlayoutTick tick)
    {
        if (tick.Kind == Playout.Silence) _lastLevel = AudioLevel.Silence;
        else if (tick.Count > 0) _lastLevel = tick[0].Level;
        return _lastLevel;
    }

    private bool IsAudible()
    {
        bool came = _tick.Kind == Playout.Frame || _isShort && _second.Kind == Playout.Frame;
        _inaudible = Level < AudioLevel.Inaudible ? 0 : came ? _inaudible + 1 : _inaudible;
        return _inaudible <= RingOut;
    }

    private void DecodeHalves(Sound sound)
    {
        sound.Clear();
        Decode(_tick, _half);
        sound.Put(0, _half);
        Decode(_second, _half);
        sound.Put(AudioFormat.ShortFrameSize, _half);
    }

    private void Decode(PlayoutTick tick, Sound sound)
    {
        _other.Length = sound.Length;
        if (tick.Kind == Playout.Silence) sound.Clear(); // of one half
        else if (tick.Kind is Playout.Frame or Playout.Merge) Play(tick, sound);
        else if (tick.Kind == Playout.Recover && FollowingOf(tick, _voices[_current].Stream) is { } next) _voices[_current].Recover(next.Opus, sound);
        else _voices[_current].Conceal(sound);
    }

    private void Play(PlayoutTick tick, Sound sound)
    {
        PlayoutPacket? mine = PacketOf(tick, _voices[_current].Stream), other = OtherThan(tick, _voices[_current].Stream);
        if (other is null) Decode(_current, mine!, sound);
        else if (mine is { Last: false }) Accompany(mine, other, sound);
        else GoOver(mine, other, sound);
        if (tick.Kind == Playout.Merge && FollowingOf(tick, _voices[_current].Stream) is { } next)
        {
            Decode(_current, next, _other);
            sound.CrossFade(_other);
        }
    }

    // The other stream's decoder gets used to it, for the moment when this one ends.
    private void Accompany(PlayoutPacket mine, PlayoutPacket other, Sound sound)
    {
        Decode(_current, mine, sound);
        Decode(Tune(other), other, _other);
    }

    private void GoOver(PlayoutPacket? mine, PlayoutPacket other, Sound sound)
    {
        bool fresh = !_voices[_current].IsTuned;
        if (mine is not null) Decode(_current, mine, sound);
        else if (!fresh) _voices[_current].Conceal(sound);
        int next = Tune(other);
        Decode(next, other, _other);
        if (fresh) sound.Take(_other);
        else sound.CrossFade(_other);
        _current = next;
    }

    private void Decode(int voice, PlayoutPacket packet, Sound sound)
    {
        if (!_voices[voice].Decode(packet.Opus, sound)) Corrupt++;
    }

    /// <summary>The voice of a stream; one that was used for another stream forgets that.</summary>
    private int Tune(PlayoutPacket packet)
    {
        for (int i = 0; i < _voices.Length; i++)
            if (_voices[i].Is(packet.Stream)) return i;
        int free = _voices[_current].IsTuned ? (_current + 1) % _voices.Length : _current;
        _voices[free].Tune(packet.Stream, Channels > 0 ? Channels : OpusToc.IsStereo(packet.Opus) ? 2 : 1);
        lock (_gate)
            if (_warmUp.Stream == packet.Stream) _voices[free].Decode(_warmUp.Opus, _other);
        return free;
    }

    private static PlayoutPacket? PacketOf(PlayoutTick tick, uint? stream)
    {
        for (int i = 0; i < tick.Count; i++)
            if (tick[i].Stream == stream) return tick[i];
        return null;
    }

    private static PlayoutPacket? OtherThan(PlayoutTick tick, uint? stream)
    {
        for (int i = 0; i < tick.Count; i++)
            if (tick[i].Stream != stream) return tick[i];
        return null;
    }

    private static PlayoutPacket? FollowingOf(PlayoutTick tick, uint? stream)
    {
        for (int i = 0; i < tick.Following; i++)
            if (tick.After(i).Stream == stream) return tick.After(i);
        return null;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (PlayoutVoice voice in _voices) voice.Dispose();
    }
}
