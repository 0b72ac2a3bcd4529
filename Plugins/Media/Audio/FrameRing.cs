namespace LanCollab.Plugins.Media.Audio;

/// <summary>
/// The places of a <see cref="PlayoutBuffer"/>: frames by their timestamps around the one in turn, of one length each, some streams beside each other. A place keeps what
/// was in it until something else takes it, so that a packet that comes twice is known also after it has been played.
/// </summary>
/// <param name="streams">So many may overlap in time.</param>
internal sealed class FrameRing(int streams)
{
    /// <summary>Frames on either side of the one in turn; a power of two, well above the largest target.</summary>
    public const int Length = 64;

    private readonly Slot[] _slots = new Slot[Length * streams];
    private byte[]? _bytes; // made for the first packet: most people in a large room never talk
    private int _head; // the place of the one in turn

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

    /// <summary>The timestamp in turn.</summary>
    public uint Next { get; private set; }

    /// <summary>Samples of a frame.</summary>
    public int FrameSize { get; private set; } = AudioFormat.FrameSize;

    /// <summary>True when the frame in turn is a copy whose packet has not come.</summary>
    public bool IsCopy
    {
        get
        {
            for (int place = PlaceOf(0), end = place + streams; place < end; place++)
                if (IsFilledAt(place, 0) && _slots[place].IsCopy) return true;
            return false;
        }
    }

    /// <summary>Forgets everything.</summary>
    /// <param name="frameSize">Samples of a frame from now on.</param>
    public void Clear(int frameSize)
    {
        Array.Clear(_slots);
        FrameSize = frameSize;
    }

    /// <summary>Makes another timestamp the one in turn.</summary>
    public void MoveTo(uint timestamp)
    {
        _head = (_head + Ahead(timestamp)) & (Length - 1);
        Next = timestamp;
    }

    /// <summary>The frame in turn is over.</summary>
    public void Advance()
    {
        for (int way = 0; way < streams; way++) _slots[_head * streams + way].Filled = false;
        MoveTo(Next + (uint)FrameSize);
    }

    /// <summary>Frames from the one in turn to a timestamp; negative: it has passed.</summary>
    public int Ahead(uint timestamp) => (int)Math.Floor((int)(timestamp - Next) / (double)FrameSize);

    /// <summary>True when a timestamp is a whole number of frames away.</summary>
    public bool IsAligned(uint timestamp) => (int)(timestamp - Next) % FrameSize == 0;

    /// <summary>True when a frame of any stream is here.</summary>
    public bool IsFilled(int ahead)
    {
        for (int way = 0; way < streams; way++)
            if (IsFilledAt(PlaceOf(ahead) + way, ahead)) return true;
        return false;
    }

    /// <summary>The level of a frame that is here.</summary>
    public byte LevelAt(int ahead) => _slots[PlaceOf(ahead)].Level;

    /// <summary>True for a packet that has come, also after it has been played, as long as nothing has taken its place.</summary>
    public bool IsStored(in AudioPacket packet) => StoredPlaceOf(packet) >= 0;

    /// <summary>For a stored one: true when only its copy was here; the packet counts as come from now on.</summary>
    public bool Confirm(in AudioPacket packet)
    {
        ref Slot slot = ref _slots[StoredPlaceOf(packet)];
        bool wasCopy = slot.IsCopy;
        slot.IsCopy = false;
        return wasCopy;
    }

    /// <summary>Takes a frame in; false when its place is taken by other streams.</summary>
    public bool Store(in AudioPacket packet, ReadOnlySpan<byte> opus, bool isCopy)
    {
        _bytes ??= new byte[_slots.Length * AudioPacket.MaxOpus];
        int place = FreePlace(Ahead(packet.Timestamp));
        if (place < 0) return false;
        _slots[place] = new Slot
        {
            Filled = true, Timestamp = packet.Timestamp, Stream = packet.Stream, Length = opus.Length, Level = packet.Level, Last = packet.Last,
            IsCopy = isCopy,
        };
        opus.CopyTo(_bytes.AsSpan(place * AudioPacket.MaxOpus));
        return true;
    }

    /// <summary>Writes all frames of one beat to a tick.</summary>
    /// <param name="ahead">Which.</param>
    /// <param name="tick">Gets them.</param>
    /// <param name="following">As those after its own.</param>
    /// <param name="keep">They stay here as well.</param>
    /// <returns>False when each of them is the last one of its spurt.</returns>
    public bool Read(int ahead, PlayoutTick tick, bool following, bool keep = false)
    {
        bool goesOn = false;
        for (int way = 0; way < streams; way++)
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

    // -1: nowhere.
    private int StoredPlaceOf(in AudioPacket packet)
    {
        int ahead = Ahead(packet.Timestamp);
        if (ahead is <= -Length or >= Length) return -1;
        for (int place = PlaceOf(ahead), end = place + streams; place < end; place++)
            if (_slots[place] is { Length: > 0 } slot && slot.Timestamp == packet.Timestamp && slot.Stream == packet.Stream) return place;
        return -1;
    }

    private int FreePlace(int ahead)
    {
        for (int way = 0; way < streams; way++)
            if (!IsFilledAt(PlaceOf(ahead) + way, ahead)) return PlaceOf(ahead) + way;
        return -1;
    }

    private bool IsFilledAt(int place, int ahead) => _slots[place].Filled && _slots[place].Timestamp == Next + (uint)(ahead * FrameSize);

    private int PlaceOf(int ahead) => ((_head + ahead) & (Length - 1)) * streams;
}
