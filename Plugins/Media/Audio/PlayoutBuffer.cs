using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>What became of a packet that came in.</summary>
internal enum Arrival
{
    /// <summary>It will be played.</summary>
    Stored,

    /// <summary>It has come before.</summary>
    Duplicate,

    /// <summary>Its turn has passed.</summary>
    Late,
}

/// <summary>
/// Takes the jitter out of a sender's packets: they go in as they come, one frame comes out at a time, in order of their timestamps. A frame is 20 ms or 10, as the
/// stream's first packet is. When it begins and how much it holds back is for <see cref="PlayoutDelay"/> to say. Streams that overlap in time share the timeline. Not for
/// two threads at a time. Times are milliseconds of a monotonic clock.
/// </summary>
/// <remarks>
/// A dry buffer stretches time (conceals without moving on) instead of counting the packet as lost: when it comes after all, nothing
/// is missing and the delay has grown. It shrinks again between spurts, by quiet frames that are left out, and by merging two frames into one.
/// </remarks>
internal sealed class PlayoutBuffer
{
    private const int MostStretched = 100; // ms: beyond that concealment is but noise
    private const int Patient = 1000, Hasty = 200; // ms over which the least slack is judged
    private const double FarTooMuch = 60; // ms beyond the target
    private const byte QuietEnough = 45; // -dBov: leaving such a frame out is not heard
    private const double LossMemory = 0.02; // of one beat in the average
    private const double LossyAbove = 0.01;

    private readonly FrameRing _ring;
    private int _frame = AudioFormat.FrameMilliseconds;

    private bool _known; // a timeline has begun
    private bool _waiting; // packets are here, their time has not come
    private bool _playing;
    private uint _newest; // highest timestamp seen
    private uint _stream; // of the newest packet
    private uint? _end; // timestamp at which the spurt ends
    private int _stretched; // concealed without moving on, just now
    private int _missed; // concealed in a row
    private bool _grew; // held a frame back just now
    private int _watched;
    private double _leastSlack;
    private double _loss;

    /// <param name="delay">Says how much to hold back.</param>
    /// <param name="streams">So many may overlap: 1 for a talker, 2 for who is moved from one mix to another.</param>
    public PlayoutBuffer(PlayoutDelay delay, int streams)
    {
        Delay = delay;
        _ring = new FrameRing(streams);
    }

    /// <summary>How much is held back.</summary>
    public PlayoutDelay Delay { get; }

    /// <summary>Samples of a frame.</summary>
    public int FrameSize => _ring.FrameSize;

    /// <summary>Frames between the one in turn and the newest, both included.</summary>
    public int Depth => _playing || _waiting ? Math.Max(0, _ring.Ahead(_newest) + 1) : 0;

    /// <summary>How long the frame played last had been here, had it come as fast as any; ms.</summary>
    public double Slack { get; private set; }

    /// <summary>First sample of the frame in turn: it follows what was played last.</summary>
    public uint Next => _ring.Next;

    /// <summary>True while a spurt is played.</summary>
    public bool IsPlaying => _playing;

    /// <summary>Packets whose turn had passed.</summary>
    public long Late { get; private set; }

    /// <summary>Packets that had come before.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Frames that never came in time and were made up.</summary>
    public long Concealed { get; private set; }

    /// <summary>Frames whose packet was lost and that were played from the copy in the next one.</summary>
    public long Corrected { get; private set; }

    /// <summary>Takes in a copy of a frame that the packet after it carried, unless the frame is here or its turn has passed.</summary>
    public void PushCopy(in AudioPacket packet, ReadOnlySpan<byte> opus)
    {
        if (!_playing && !_waiting || IsElsewhere(packet) || _ring.IsStored(packet)) return;
        if (IsBefore(packet.Timestamp, _ring.Next))
        {
            if (_playing || _ring.Ahead(_newest) - _ring.Ahead(packet.Timestamp) >= FrameRing.Length) return;
            _ring.MoveTo(packet.Timestamp);
        }
        Store(packet, opus, isCopy: true);
    }

    /// <summary>Takes a packet in.</summary>
    public Arrival Push(in AudioPacket packet, ReadOnlySpan<byte> opus, double now)
    {
        if (packet.Kind == AudioKind.End) return StoreEnd(packet);
        if (!_known || IsElsewhere(packet) || IsOtherwise(packet, opus)) Restart(SizeOf(opus));
        else if (!_playing && !_waiting && IsBefore(packet.Timestamp, _ring.Next)) return _ring.IsStored(packet) ? CountDuplicate(packet) : CountLate(packet, now);
        if (!_playing && !_waiting) Begin(packet.Timestamp);
        if (_ring.IsStored(packet)) return CountDuplicate(packet);
        if (IsBefore(packet.Timestamp, _ring.Next))
        {
            if (_playing || _ring.Ahead(_newest) - _ring.Ahead(packet.Timestamp) >= FrameRing.Length) return CountLate(packet, now);
            _ring.MoveTo(packet.Timestamp);
        }
        Delay.Note(packet.Timestamp, now);
        return Store(packet, opus);
    }

    /// <summary>True when a packet of the frame that was played last comes from a stream beside it.</summary>
    public bool IsPast(in AudioPacket packet) => _playing && packet.Stream != _stream && _ring.Ahead(packet.Timestamp) is < 0 and >= -2;

    /// <summary>Takes out what is to be played now and moves on by one beat.</summary>
    public void Take(PlayoutTick tick, double now)
    {
        tick.Clear();
        if (!_playing && !TryStart(now)) return;
        if (_end == _ring.Next) { Stop(); return; }
        Slack = Delay.Slack(_ring.Next, now);
        SkipStretched();
        if (!_ring.IsFilled(0)) tick.Kind = Bridge(tick);
        else if (IsTooEarly()) tick.Kind = Grow();
        else if (IsTooLate()) tick.Kind = Shorten(tick);
        else tick.Kind = Play(tick);
    }

    // A packet whose copy was quicker has come only once.
    private Arrival CountDuplicate(in AudioPacket packet)
    {
        if (_ring.Confirm(packet)) return Arrival.Stored;
        Duplicates++;
        return Arrival.Duplicate;
    }

    private Arrival CountLate(in AudioPacket packet, double now)
    {
        Late++;
        if (_ring.Ahead(packet.Timestamp) > -FrameRing.Length) Delay.NoteLate(packet.Timestamp, now);
        return Arrival.Late;
    }

    private Arrival StoreEnd(in AudioPacket packet)
    {
        // Not if the sender has already gone on after it, not for a spurt of which nothing is here, and not for one of two streams.
        bool counts = (_playing || _waiting) && packet.Stream == _stream && IsBefore(_newest, packet.Timestamp) && _ring.Ahead(packet.Timestamp) < FrameRing.Length;
        if (counts) _end = packet.Timestamp;
        return Arrival.Stored;
    }

    private Arrival Store(in AudioPacket packet, ReadOnlySpan<byte> opus, bool isCopy = false)
    {
        if (!_ring.Store(packet, opus, isCopy))
        {
            if (!isCopy) Late++;
            return Arrival.Late;
        }
        if (IsBefore(_newest, packet.Timestamp)) (_newest, _stream) = (packet.Timestamp, packet.Stream);
        if (_end is { } end && !IsBefore(packet.Timestamp, end)) _end = null;
        return Arrival.Stored;
    }

    private void Restart(int frameSize)
    {
        _ring.Clear(frameSize);
        _frame = frameSize / AudioFormat.SamplesPerMillisecond;
        Delay.Restart();
        _known = true;
        _playing = _waiting = false;
        _end = null;
    }

    private void Begin(uint timestamp)
    {
        _ring.MoveTo(timestamp);
        _newest = timestamp - (uint)_ring.FrameSize;
        _waiting = true;
        _end = null;
        _stretched = _missed = 0;
    }

    private bool TryStart(double now)
    {
        if (!_waiting || Delay.Slack(_ring.Next, now) < Delay.Target) return false;
        _playing = true;
        _waiting = false;
        _watched = 0;
        return true;
    }

    private Playout Play(PlayoutTick tick)
    {
        bool isCopy = _ring.IsCopy;
        bool goesOn = _ring.Read(0, tick, following: false);
        _ring.Advance();
        Watch();
        (_stretched, _missed, _grew) = (0, 0, false);
        if (isCopy) Corrected++;
        NoteLoss(isCopy);
        if (!goesOn) Stop();
        return Playout.Frame;
    }

    // Frames that are played from copies count as lost: the delay has to stay long enough for copies.
    private void NoteLoss(bool lost)
    {
        _loss += ((lost ? 1 : 0) - _loss) * LossMemory;
        Delay.Lossy = _loss > LossyAbove;
    }

    // Two frames in one: nothing is left out, the voice hurries for a moment.
    private Playout Shorten(PlayoutTick tick)
    {
        _watched = 0;
        if (!_ring.IsFilled(1)) return Play(tick);
        _ring.Read(0, tick, following: false);
        _ring.Advance();
        bool goesOn = _ring.Read(0, tick, following: true);
        _ring.Advance();
        if (!goesOn) Stop();
        return Playout.Merge;
    }

    private Playout Bridge(PlayoutTick tick)
    {
        if (_ring.Ahead(_newest) < 0 || Slack < Delay.Target - _frame * 3 / 4.0) return Stretch();
        if (++_missed > MostStretched / _frame) { JumpToFirst(); return Playout.Conceal; }
        Concealed++;
        NoteLoss(true);
        _ring.Advance();
        if (!_ring.IsFilled(0)) return Playout.Conceal;
        _ring.Read(0, tick, following: true, keep: true);
        return Playout.Recover;
    }

    // Not twice in a row, so that what is made up stays speech.
    private Playout Grow()
    {
        _grew = true;
        Concealed++;
        return Playout.Conceal;
    }

    private Playout Stretch()
    {
        if (_stretched++ < MostStretched / _frame)
        {
            Concealed++;
            return Playout.Conceal;
        }
        if (_ring.Ahead(_newest) < 0) Stop();
        else JumpToFirst();
        return Playout.Silence;
    }

    // While these were awaited time was stretched: what was made up then stands for them.
    private void SkipStretched()
    {
        for (; _stretched > 0 && !_ring.IsFilled(0) && _ring.Ahead(_newest) >= 0; _stretched--) _ring.Advance();
    }

    private void JumpToFirst()
    {
        for (_stretched = _missed = 0; !_ring.IsFilled(0) && _ring.Ahead(_newest) > 0;) _ring.Advance();
    }

    private void Stop()
    {
        _playing = _waiting = false;
        _end = null;
        // A spurt that comes at once after its end is a new one.
        if (_ring.Ahead(_newest) < 0) return;
        _waiting = true;
        JumpToFirst();
    }

    private bool IsTooEarly()
    {
        double missing = Delay.Target - Slack;
        return !_grew && missing > _frame * 3 / 4.0 && (missing > 1.5 * _frame || _ring.LevelAt(0) > QuietEnough);
    }

    private bool IsTooLate()
    {
        double excess = _leastSlack - Delay.Target - _frame - 1;
        if (excess <= 0 || _watched < Hasty / _frame) return false;
        return excess > FarTooMuch || _watched >= Patient / _frame && (_ring.LevelAt(0) > QuietEnough || _watched >= 2 * Patient / _frame);
    }

    private void Watch()
    {
        _leastSlack = _watched == 0 ? Slack : Math.Min(_leastSlack, Slack);
        if (++_watched > 2 * Patient / _frame) _watched = 0;
    }

    // A jump ahead, or another sender whose clock has nothing to do with this one. What is only old is late.
    private bool IsElsewhere(in AudioPacket packet)
    {
        int ahead = _ring.Ahead(packet.Timestamp);
        if (packet.Stream != _stream) return ahead is <= -FrameRing.Length or >= FrameRing.Length || !_ring.IsAligned(packet.Timestamp);
        return (_playing || _waiting) && ahead >= FrameRing.Length;
    }

    // Another stream in frames of another length.
    private bool IsOtherwise(in AudioPacket packet, ReadOnlySpan<byte> opus) => packet.Stream != _stream && SizeOf(opus) != _ring.FrameSize;

    // Lengths that are not sent here are left to the decoder, which refuses them.
    private static int SizeOf(ReadOnlySpan<byte> opus) => OpusToc.Samples(opus) == AudioFormat.ShortFrameSize ? AudioFormat.ShortFrameSize : AudioFormat.FrameSize;

    private static bool IsBefore(uint a, uint b) => (int)(a - b) < 0;
}
