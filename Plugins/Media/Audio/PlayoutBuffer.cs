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

/// <summary>What is to be played now.</summary>
internal enum Playout
{
    /// <summary>Nothing: the stream has not begun, has ended or has dried up.</summary>
    Silence,

    /// <summary>The packet in turn.</summary>
    Frame,

    /// <summary>The packet in turn is missing, but the one after it is here and may hold its correction data.</summary>
    Recover,

    /// <summary>The packet in turn is missing.</summary>
    Conceal,
}

/// <summary>
/// Takes the jitter out of one stream: packets go in as they come, one frame comes out every 20 ms. Holds back <see cref="Target"/>
/// frames; a late packet or a dry buffer raises that by one, up to the limit, <see cref="CalmFrames"/> without either lower it again.
/// A stream id other than the last one starts afresh. Not for two threads at a time.
/// </summary>
/// <remarks>
/// A dry buffer stretches time (conceals without moving on) instead of counting the packet as lost: when it comes after all, nothing
/// is missing and the delay has grown. The delay shrinks again by leaving out quiet frames.
/// </remarks>
internal sealed class PlayoutBuffer
{
    /// <summary>So many frames without trouble lower the target: 10 s.</summary>
    public const int CalmFrames = 500;

    private const int Slots = 64; // a power of two, well above the largest target
    private const int MaxStretch = 5; // 100 ms: beyond that concealment is but noise
    private const int WatchFrames = 50; // the delay is judged by the least filling within 1 s

    private readonly byte[] _bytes = new byte[Slots * AudioPacket.MaxOpus];
    private readonly Slot[] _slots = new Slot[Slots];
    private readonly int _minTarget;
    private readonly int _maxTarget;

    private uint _stream;
    private bool _known; // a stream has been seen
    private bool _playing;
    private uint _next; // sequence in turn
    private uint _newest; // highest sequence seen
    private uint? _end; // sequence at which the stream ends
    private bool _restarted;
    private int _waited; // frames since the first packet of a stream that does not play yet
    private int _stretched; // concealed without moving on, just now
    private int _calm;
    private int _watched, _leastDepth;

    private struct Slot
    {
        public bool Filled;
        public uint Sequence;
        public int Length;
        public byte Level;
    }

    /// <param name="minTarget">Frames held back at first and in calm times.</param>
    /// <param name="maxTarget">The most it may grow to.</param>
    public PlayoutBuffer(int minTarget, int maxTarget)
    {
        _minTarget = Math.Clamp(minTarget, 1, Slots / 2);
        _maxTarget = Math.Clamp(maxTarget, _minTarget, Slots / 2);
        Target = _minTarget;
    }

    /// <summary>Frames that are held back at the start of a spurt.</summary>
    public int Target { get; private set; }

    /// <summary>Frames between the one in turn and the newest, both included.</summary>
    public int Depth => _playing || _waited > 0 ? Math.Max(0, (int)(_newest - _next) + 1) : 0;

    /// <summary>Packets whose turn had passed.</summary>
    public long Late { get; private set; }

    /// <summary>Packets that had come before.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Frames that never came in time and were made up.</summary>
    public long Concealed { get; private set; }

    /// <summary>The level of the frame given last.</summary>
    public byte Level { get; private set; } = AudioLevel.Silence;

    /// <summary>True once after the stream has changed: whoever decodes it must forget the old one.</summary>
    public bool TakeRestart()
    {
        bool restarted = _restarted;
        _restarted = false;
        return restarted;
    }

    /// <summary>Takes a packet in.</summary>
    public Arrival Push(in AudioPacket packet, ReadOnlySpan<byte> opus)
    {
        if (!_known || packet.Stream != _stream || IsFarAway(packet.Sequence)) Restart(packet.Stream);
        if (packet.Kind == AudioKind.End) return StoreEnd(packet.Sequence);
        // Played slots keep their number: a copy that comes afterwards says nothing about the delay.
        if (SlotOf(packet.Sequence) is { Length: > 0 } slot && slot.Sequence == packet.Sequence) return CountDuplicate();
        if (!_playing && _waited == 0) Begin(packet.Sequence);
        else if (!_playing && IsBefore(packet.Sequence, _next)) _next = packet.Sequence;
        return IsBefore(packet.Sequence, _next) ? CountLate() : Store(packet, opus);
    }

    /// <summary>Gives what is to be played now and moves on by one frame.</summary>
    /// <param name="opus">Gets the packet, at most <see cref="AudioPacket.MaxOpus"/> bytes.</param>
    /// <param name="length">The packet's length.</param>
    public Playout Take(Span<byte> opus, out int length)
    {
        length = 0;
        if (!_playing && !TryStart()) return Quiet();
        if (_end == _next) return Stop();
        Adapt();
        ref Slot slot = ref SlotOf(_next);
        if (slot.Filled && slot.Sequence == _next) return Play(ref slot, opus, out length);
        return Depth > 0 ? Skip(opus, out length) : Stretch();
    }

    private Arrival CountDuplicate()
    {
        Duplicates++;
        return Arrival.Duplicate;
    }

    private Arrival CountLate()
    {
        Late++;
        Grow();
        return Arrival.Late;
    }

    private Arrival StoreEnd(uint sequence)
    {
        // Not if the sender has already gone on after it, and not for a spurt of which nothing is here.
        bool counts = (_playing || _waited > 0) && !IsBefore(sequence, _newest + 1);
        if (counts) _end = sequence;
        return Arrival.Stored;
    }

    private Arrival Store(in AudioPacket packet, ReadOnlySpan<byte> opus)
    {
        SlotOf(packet.Sequence) = new Slot { Filled = true, Sequence = packet.Sequence, Length = opus.Length, Level = packet.Level };
        opus.CopyTo(BytesOf(packet.Sequence));
        if (IsBefore(_newest, packet.Sequence)) _newest = packet.Sequence;
        if (_end is { } end && !IsBefore(packet.Sequence, end)) _end = null;
        return Arrival.Stored;
    }

    private void Restart(uint stream)
    {
        Array.Clear(_slots);
        _stream = stream;
        _known = true;
        _playing = false;
        _waited = 0;
        _end = null;
        _restarted = true;
    }

    private void Begin(uint sequence)
    {
        _next = sequence;
        _newest = sequence - 1;
        _waited = 1;
        _stretched = 0;
    }

    private bool TryStart()
    {
        if (_waited == 0) return false;
        // The second condition is for a spurt that is shorter than the target.
        bool start = Depth >= Target || _waited++ > Target;
        if (!start) return false;
        _playing = true;
        _watched = 0;
        return true;
    }

    private Playout Play(ref Slot slot, Span<byte> opus, out int length)
    {
        length = slot.Length;
        Level = slot.Level;
        BytesOf(_next)[..length].CopyTo(opus);
        slot.Filled = false;
        _next++;
        _stretched = 0;
        return Playout.Frame;
    }

    private Playout Skip(Span<byte> opus, out int length)
    {
        // Time was stretched while these were awaited: what was made up then stands for them.
        while (_stretched > 0 && Depth > 0 && !IsFilled(_next))
        {
            _stretched--;
            _next++;
        }
        if (IsFilled(_next)) return Play(ref SlotOf(_next), opus, out length);
        Concealed++;
        _next++;
        length = 0;
        if (!IsFilled(_next)) return Playout.Conceal;
        length = SlotOf(_next).Length;
        BytesOf(_next)[..length].CopyTo(opus);
        return Playout.Recover;
    }

    private Playout Stretch()
    {
        if (_stretched == 0) Grow();
        if (_stretched++ >= MaxStretch) return Stop();
        Concealed++;
        return Playout.Conceal;
    }

    private Playout Stop()
    {
        _playing = false;
        _waited = 0;
        _end = null;
        return Quiet();
    }

    private Playout Quiet()
    {
        Level = AudioLevel.Silence;
        return Playout.Silence;
    }

    private void Grow()
    {
        _calm = 0;
        if (Target < _maxTarget) Target++;
    }

    private void Adapt()
    {
        if (++_calm >= CalmFrames && Target > _minTarget)
        {
            Target--;
            _calm = 0;
        }
        _leastDepth = _watched == 0 ? Depth : Math.Min(_leastDepth, Depth);
        if (++_watched < WatchFrames || _leastDepth <= Target) { _watched %= WatchFrames; return; }
        // Always fuller than needed: leave out a frame, a quiet one unless the delay is far too long.
        if (!IsFilled(_next) || SlotOf(_next).Level < 45 && _leastDepth < Target + 4) { _watched--; return; }
        SlotOf(_next).Filled = false;
        _next++;
        _watched = 0;
    }

    private bool IsFarAway(uint sequence) => (_playing || _waited > 0) && Math.Abs((int)(sequence - _next)) >= Slots;

    private bool IsFilled(uint sequence) => SlotOf(sequence) is { Filled: true } slot && slot.Sequence == sequence;

    private ref Slot SlotOf(uint sequence) => ref _slots[sequence % Slots];

    private Span<byte> BytesOf(uint sequence) => _bytes.AsSpan((int)(sequence % Slots) * AudioPacket.MaxOpus, AudioPacket.MaxOpus);

    private static bool IsBefore(uint a, uint b) => (int)(a - b) < 0;
}
