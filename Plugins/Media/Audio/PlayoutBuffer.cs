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
/// Takes the jitter out of a sender's packets: they go in as they come, one beat of 20 ms comes out at a time, in order of their timestamps.
/// When it begins and how much it holds back is for <see cref="PlayoutDelay"/> to say. Streams that overlap in time share the timeline. Not for
/// two threads at a time. Times are milliseconds of a monotonic clock.
/// </summary>
/// <remarks>
/// A dry buffer stretches time (conceals without moving on) instead of counting the packet as lost: when it comes after all, nothing
/// is missing and the delay has grown. It shrinks again between spurts, by quiet frames that are left out, and by merging two frames into one.
/// </remarks>
internal sealed class PlayoutBuffer
{
    private const int Slots = 64; // a power of two, well above the largest target
    private const int MaxStretch = 5; // 100 ms: beyond that concealment is but noise
    private const int Patient = 50, Hasty = 10; // beats over which the least slack is judged
    private const double FarTooMuch = 60; // ms beyond the target
    private const byte QuietEnough = 45; // -dBov: leaving such a frame out is not heard
    private const double FrameMilliseconds = AudioFormat.FrameMilliseconds;
    private const double LossMemory = 0.02; // of one beat in the average
    private const double LossyAbove = 0.01;

    private readonly int _streams;
    private readonly Slot[] _slots;
    private byte[]? _bytes; // made for the first packet: most people in a large room never talk

    private bool _known; // a timeline has begun
    private bool _waiting; // packets are here, their time has not come
    private bool _playing;
    private uint _next; // timestamp in turn
    private int _head; // its place
    private uint _newest; // highest timestamp seen
    private uint _stream; // of the newest packet
    private uint? _end; // timestamp at which the spurt ends
    private int _stretched; // concealed without moving on, just now
    private int _missed; // concealed in a row
    private bool _grew; // held a frame back just now
    private int _watched;
    private double _leastSlack;
    private double _loss;

    private struct Slot
    {
        public bool Filled;
        public uint Timestamp;
        public uint Stream;
        public int Length;
        public byte Level;
        public bool Last;
        public bool IsCopy; // the packet itself has not come
    }

    /// <param name="delay">Says how much to hold back.</param>
    /// <param name="streams">So many may overlap: 1 for a talker, 2 for who is moved from one mix to another.</param>
    public PlayoutBuffer(PlayoutDelay delay, int streams)
    {
        Delay = delay;
        _streams = streams;
        _slots = new Slot[Slots * streams];
    }

    /// <summary>How much is held back.</summary>
    public PlayoutDelay Delay { get; }

    /// <summary>Frames between the one in turn and the newest, both included.</summary>
    public int Depth => _playing || _waiting ? Math.Max(0, TicksAhead(_newest) + 1) : 0;

    /// <summary>How long the frame played last had been here, had it come as fast as any; ms.</summary>
    public double Slack { get; private set; }

    /// <summary>First sample of the frame in turn: it follows what was played last.</summary>
    public uint Next => _next;

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
        if (!_playing && !_waiting || IsElsewhere(packet) || IsStored(packet)) return;
        if (IsBefore(packet.Timestamp, _next))
        {
            if (_playing || TicksAhead(_newest) - TicksAhead(packet.Timestamp) >= Slots) return;
            MoveTo(packet.Timestamp);
        }
        Store(packet, opus, isCopy: true);
    }

    /// <summary>Takes a packet in.</summary>
    public Arrival Push(in AudioPacket packet, ReadOnlySpan<byte> opus, double now)
    {
        if (packet.Kind == AudioKind.End) return StoreEnd(packet);
        if (!_known || IsElsewhere(packet)) Restart();
        else if (!_playing && !_waiting && IsBefore(packet.Timestamp, _next)) return IsStored(packet) ? CountDuplicate(packet) : CountLate(packet, now);
        if (!_playing && !_waiting) Begin(packet.Timestamp);
        if (IsStored(packet)) return CountDuplicate(packet);
        if (IsBefore(packet.Timestamp, _next))
        {
            if (_playing || TicksAhead(_newest) - TicksAhead(packet.Timestamp) >= Slots) return CountLate(packet, now);
            MoveTo(packet.Timestamp);
        }
        Delay.Note(packet.Timestamp, now);
        return Store(packet, opus);
    }

    /// <summary>True when a packet of the frame that was played last comes from a stream beside it.</summary>
    public bool IsPast(in AudioPacket packet) => _playing && packet.Stream != _stream && TicksAhead(packet.Timestamp) is < 0 and >= -2;

    /// <summary>Takes out what is to be played now and moves on by one beat.</summary>
    public void Take(PlayoutTick tick, double now)
    {
        tick.Clear();
        if (!_playing && !TryStart(now)) return;
        if (_end == _next) { Stop(); return; }
        Slack = Delay.Slack(_next, now);
        SkipStretched();
        if (!IsFilled(0)) tick.Kind = Bridge(tick);
        else if (IsTooEarly()) tick.Kind = Grow();
        else if (IsTooLate()) tick.Kind = Shorten(tick);
        else tick.Kind = Play(tick);
    }

    // A packet whose copy was quicker has come only once.
    private Arrival CountDuplicate(in AudioPacket packet)
    {
        ref Slot slot = ref _slots[StoredPlaceOf(packet)];
        if (slot.IsCopy)
        {
            slot.IsCopy = false;
            return Arrival.Stored;
        }
        Duplicates++;
        return Arrival.Duplicate;
    }

    private Arrival CountLate(in AudioPacket packet, double now)
    {
        Late++;
        if (TicksAhead(packet.Timestamp) > -Slots) Delay.NoteLate(packet.Timestamp, now);
        return Arrival.Late;
    }

    private Arrival StoreEnd(in AudioPacket packet)
    {
        // Not if the sender has already gone on after it, not for a spurt of which nothing is here, and not for one of two streams.
        bool counts = (_playing || _waiting) && packet.Stream == _stream && IsBefore(_newest, packet.Timestamp) && TicksAhead(packet.Timestamp) < Slots;
        if (counts) _end = packet.Timestamp;
        return Arrival.Stored;
    }

    private Arrival Store(in AudioPacket packet, ReadOnlySpan<byte> opus, bool isCopy = false)
    {
        _bytes ??= new byte[Slots * _streams * AudioPacket.MaxOpus];
        int place = FreePlace(TicksAhead(packet.Timestamp));
        if (place < 0)
        {
            if (!isCopy) Late++;
            return Arrival.Late;
        }
        _slots[place] = new Slot
        {
            Filled = true, Timestamp = packet.Timestamp, Stream = packet.Stream, Length = opus.Length, Level = packet.Level, Last = packet.Last,
            IsCopy = isCopy,
        };
        opus.CopyTo(_bytes.AsSpan(place * AudioPacket.MaxOpus));
        if (IsBefore(_newest, packet.Timestamp)) (_newest, _stream) = (packet.Timestamp, packet.Stream);
        if (_end is { } end && !IsBefore(packet.Timestamp, end)) _end = null;
        return Arrival.Stored;
    }

    private void Restart()
    {
        Array.Clear(_slots);
        Delay.Restart();
        _known = true;
        _playing = _waiting = false;
        _end = null;
    }

    private void Begin(uint timestamp)
    {
        MoveTo(timestamp);
        _newest = timestamp - AudioFormat.FrameSize;
        _waiting = true;
        _end = null;
        _stretched = _missed = 0;
    }

    private bool TryStart(double now)
    {
        if (!_waiting || Delay.Slack(_next, now) < Delay.Target) return false;
        _playing = true;
        _waiting = false;
        _watched = 0;
        return true;
    }

    private Playout Play(PlayoutTick tick)
    {
        bool isCopy = IsCopy();
        bool goesOn = Copy(0, tick, following: false);
        Advance();
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
        if (!IsFilled(1)) return Play(tick);
        Copy(0, tick, following: false);
        Advance();
        bool goesOn = Copy(0, tick, following: true);
        Advance();
        if (!goesOn) Stop();
        return Playout.Merge;
    }

    private Playout Bridge(PlayoutTick tick)
    {
        if (TicksAhead(_newest) < 0 || Slack < Delay.Target - FrameMilliseconds * 3 / 4) return Stretch();
        if (++_missed > MaxStretch) { JumpToFirst(); return Playout.Conceal; }
        Concealed++;
        NoteLoss(true);
        Advance();
        if (!IsFilled(0)) return Playout.Conceal;
        Copy(0, tick, following: true, keep: true);
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
        if (_stretched++ < MaxStretch)
        {
            Concealed++;
            return Playout.Conceal;
        }
        if (TicksAhead(_newest) < 0) Stop();
        else JumpToFirst();
        return Playout.Silence;
    }

    // While these were awaited time was stretched: what was made up then stands for them.
    private void SkipStretched()
    {
        for (; _stretched > 0 && !IsFilled(0) && TicksAhead(_newest) >= 0; _stretched--) Advance();
    }

    private void JumpToFirst()
    {
        for (_stretched = _missed = 0; !IsFilled(0) && TicksAhead(_newest) > 0;) Advance();
    }

    private void Stop()
    {
        _playing = _waiting = false;
        _end = null;
        // A spurt that comes at once after its end is a new one.
        if (TicksAhead(_newest) < 0) return;
        _waiting = true;
        JumpToFirst();
    }

    private bool IsTooEarly()
    {
        double missing = Delay.Target - Slack;
        return !_grew && missing > FrameMilliseconds * 3 / 4 && (missing > 1.5 * FrameMilliseconds || LevelAt(0) > QuietEnough);
    }

    private bool IsTooLate()
    {
        double excess = _leastSlack - Delay.Target - FrameMilliseconds - 1;
        if (excess <= 0 || _watched < Hasty) return false;
        return excess > FarTooMuch || _watched >= Patient && (LevelAt(0) > QuietEnough || _watched >= 2 * Patient);
    }

    private void Watch()
    {
        _leastSlack = _watched == 0 ? Slack : Math.Min(_leastSlack, Slack);
        if (++_watched > 2 * Patient) _watched = 0;
    }

    /// <summary>False when every packet of that beat is the last one of its spurt.</summary>
    private bool Copy(int ahead, PlayoutTick tick, bool following, bool keep = false)
    {
        bool goesOn = false;
        for (int way = 0; way < _streams; way++)
        {
            int place = PlaceOf(ahead) + way;
            ref Slot slot = ref _slots[place];
            if (!IsFilledAt(place, ahead)) continue;
            tick.Add(following).Set(slot.Stream, slot.Level, slot.Last, _bytes.AsSpan(place * AudioPacket.MaxOpus, slot.Length));
            goesOn |= !slot.Last;
            if (!keep) slot.Filled = false;
        }
        return goesOn;
    }

    private void Advance()
    {
        for (int way = 0; way < _streams; way++) _slots[_head * _streams + way].Filled = false;
        MoveTo(_next + AudioFormat.FrameSize);
    }

    private void MoveTo(uint timestamp)
    {
        _head = (_head + TicksAhead(timestamp)) & (Slots - 1);
        _next = timestamp;
    }

    private bool IsStored(in AudioPacket packet) => StoredPlaceOf(packet) >= 0;

    // Also after it has been played, as long as nothing has taken its place; -1: nowhere.
    private int StoredPlaceOf(in AudioPacket packet)
    {
        int ahead = TicksAhead(packet.Timestamp);
        if (ahead is <= -Slots or >= Slots) return -1;
        for (int place = PlaceOf(ahead), end = place + _streams; place < end; place++)
            if (_slots[place] is { Length: > 0 } slot && slot.Timestamp == packet.Timestamp && slot.Stream == packet.Stream) return place;
        return -1;
    }

    private bool IsCopy()
    {
        for (int place = PlaceOf(0), end = place + _streams; place < end; place++)
            if (IsFilledAt(place, 0) && _slots[place].IsCopy) return true;
        return false;
    }

    private int FreePlace(int ahead)
    {
        for (int way = 0; way < _streams; way++)
            if (!IsFilledAt(PlaceOf(ahead) + way, ahead)) return PlaceOf(ahead) + way;
        return -1;
    }

    // A jump ahead, or another sender whose clock has nothing to do with this one. What is only old is late.
    private bool IsElsewhere(in AudioPacket packet)
    {
        int ahead = TicksAhead(packet.Timestamp);
        if (packet.Stream != _stream) return ahead is <= -Slots or >= Slots || (int)(packet.Timestamp - _next) % AudioFormat.FrameSize != 0;
        return (_playing || _waiting) && ahead >= Slots;
    }

    private bool IsFilled(int ahead)
    {
        for (int way = 0; way < _streams; way++)
            if (IsFilledAt(PlaceOf(ahead) + way, ahead)) return true;
        return false;
    }

    private bool IsFilledAt(int place, int ahead) =>
        _slots[place].Filled && _slots[place].Timestamp == _next + (uint)(ahead * AudioFormat.FrameSize);

    private byte LevelAt(int ahead) => _slots[PlaceOf(ahead)].Level;

    private int PlaceOf(int ahead) => ((_head + ahead) & (Slots - 1)) * _streams;

    private int TicksAhead(uint timestamp) => (int)Math.Floor((int)(timestamp - _next) / (double)AudioFormat.FrameSize);

    private static bool IsBefore(uint a, uint b) => (int)(a - b) < 0;
}
