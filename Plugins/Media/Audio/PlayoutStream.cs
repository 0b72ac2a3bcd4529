using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>
/// One sender from datagrams to frames: playout buffer and decoders. Packets come from the receive loop, frames are taken by the clock;
/// the two may be different threads. A sender that goes over from one stream to another is followed with a cross-fade.
/// </summary>
internal sealed class PlayoutStream : IDisposable
{
    // The decoder rings out for some milliseconds: only after so many inaudible frames nothing is left of the sound before.
    private const int RingOut = 2;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly PlayoutBuffer _buffer;
    private readonly PlayoutTick _tick;
    private readonly Voice[] _voices; // one for each stream that may overlap
    private readonly PlayoutPacket _warmUp = new();
    private readonly float[] _other = new float[AudioFormat.FrameSize];
    private int _current;
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
        _tick = new PlayoutTick(streams);
        _voices = [.. Enumerable.Range(0, streams).Select(_ => new Voice(codec))];
    }

    /// <summary>Packets that claimed to be Opus and were not.</summary>
    public long Corrupt { get; private set; }

    /// <summary>The level of what <see cref="Take"/> took last.</summary>
    public byte Level { get; private set; } = AudioLevel.Silence;

    /// <summary>How long the frame played last was held back, in ms; 0 in silence.</summary>
    public double Held { get { lock (_gate) return _buffer.IsPlaying ? Math.Max(0, _buffer.Slack) : 0; } }

    /// <summary>How far that is above what is aimed at, in ms; null in silence. A clock that may be moved is moved by this.</summary>
    public double? Excess { get { lock (_gate) return _buffer.IsPlaying ? _buffer.Slack - _buffer.Delay.Target : null; } }

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

    private static AudioPacket Before(in AudioPacket packet) =>
        packet with { Sequence = packet.Sequence - 1, Timestamp = packet.Timestamp - AudioFormat.FrameSize, Last = false };

    private bool IsKnown(uint stream)
    {
        foreach (Voice voice in _voices)
            if (voice.Is(stream)) return true;
        return _voices.Length == 1 || _warmUp.Stream == stream;
    }

    /// <summary>Moves on by 20 ms without decoding anything.</summary>
    /// <returns>True when there is something to hear: decode or skip it.</returns>
    public bool Take()
    {
        double now = Now;
        lock (_gate) _buffer.Take(_tick, now);
        if (_tick.Kind == Playout.Silence) Level = AudioLevel.Silence;
        else if (_tick.Count > 0) Level = _tick[0].Level;
        return _tick.Kind != Playout.Silence && IsAudible();
    }

    /// <summary>Decodes what was taken. Allocates nothing.</summary>
    /// <param name="frame">Gets 960 samples.</param>
    public void Decode(Span<float> frame)
    {
        if (_tick.Kind is Playout.Frame or Playout.Merge) Play(frame);
        else if (_tick.Kind == Playout.Recover && FollowingOf(_voices[_current].Stream) is { } next) _voices[_current].Decoder.Recover(next.Opus, frame);
        else _voices[_current].Decoder.Conceal(frame);
        if (_skipped) Samples.FadeIn(frame);
        _skipped = false;
    }

    /// <summary>Nobody is to hear what was taken: spares the decoder.</summary>
    public void Skip() => _skipped = true;

    private bool IsAudible()
    {
        _inaudible = Level < AudioLevel.Inaudible ? 0 : _tick.Kind == Playout.Frame ? _inaudible + 1 : _inaudible;
        return _inaudible <= RingOut;
    }

    private void Play(Span<float> frame)
    {
        PlayoutPacket? mine = PacketOf(_voices[_current].Stream), other = OtherThan(_voices[_current].Stream);
        if (other is null) Decode(_current, mine!, frame);
        else if (mine is { Last: false }) Accompany(mine, other, frame);
        else GoOver(mine, other, frame);
        if (_tick.Kind == Playout.Merge && FollowingOf(_voices[_current].Stream) is { } next)
        {
            Decode(_current, next, _other);
            Samples.CrossFade(frame, _other);
        }
    }

    // The other stream's decoder gets used to it, for the moment when this one ends.
    private void Accompany(PlayoutPacket mine, PlayoutPacket other, Span<float> frame)
    {
        Decode(_current, mine, frame);
        Decode(Tune(other.Stream), other, _other);
    }

    private void GoOver(PlayoutPacket? mine, PlayoutPacket other, Span<float> frame)
    {
        bool fresh = !_voices[_current].IsTuned;
        if (mine is not null) Decode(_current, mine, frame);
        else if (!fresh) _voices[_current].Decoder.Conceal(frame);
        int next = Tune(other.Stream);
        Decode(next, other, _other);
        if (fresh) _other.CopyTo(frame);
        else Samples.CrossFade(frame, _other);
        _current = next;
    }

    private void Decode(int voice, PlayoutPacket packet, Span<float> frame)
    {
        if (!_voices[voice].Decoder.Decode(packet.Opus, frame)) Corrupt++;
    }

    /// <summary>The voice of a stream; one that was used for another stream forgets that.</summary>
    private int Tune(uint stream)
    {
        for (int i = 0; i < _voices.Length; i++)
            if (_voices[i].Is(stream)) return i;
        int free = _voices[_current].IsTuned ? (_current + 1) % _voices.Length : _current;
        _voices[free].Tune(stream);
        lock (_gate)
            if (_warmUp.Stream == stream) _voices[free].Decoder.Decode(_warmUp.Opus, _other);
        return free;
    }

    private PlayoutPacket? PacketOf(uint? stream)
    {
        for (int i = 0; i < _tick.Count; i++)
            if (_tick[i].Stream == stream) return _tick[i];
        return null;
    }

    private PlayoutPacket? OtherThan(uint? stream)
    {
        for (int i = 0; i < _tick.Count; i++)
            if (_tick[i].Stream != stream) return _tick[i];
        return null;
    }

    private PlayoutPacket? FollowingOf(uint? stream)
    {
        for (int i = 0; i < _tick.Following; i++)
            if (_tick.After(i).Stream == stream) return _tick.After(i);
        return null;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (Voice voice in _voices) voice.Dispose();
    }

    /// <summary>A decoder and the stream whose state it holds. Made when first needed: most people never talk.</summary>
    private sealed class Voice(IOpusCodec codec) : IDisposable
    {
        private IOpusDecoder? _decoder;

        public uint? Stream { get; private set; }

        public bool IsTuned => Stream is not null;

        public IOpusDecoder Decoder => _decoder ??= codec.CreateDecoder();

        public bool Is(uint stream) => Stream == stream;

        public void Tune(uint stream)
        {
            if (IsTuned) Decoder.Reset();
            Stream = stream;
        }

        public void Dispose() => _decoder?.Dispose();
    }
}
