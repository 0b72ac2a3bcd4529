namespace LanCollab.Plugins.Media.Video;

/// <summary>Receives a whole frame; its header says fragment 0 of 1. The span is valid during the call.</summary>
internal delegate void FrameReady(in VideoHeader header, ReadOnlySpan<byte> bytes);

/// <summary>Bytes that all assemblies of a program may keep at a time, so that many streams together stay within bounds.</summary>
/// <param name="limit">In bytes.</param>
internal sealed class AssemblyBudget(long limit)
{
    private long _used;

    /// <summary>Bytes reserved at this moment.</summary>
    public long Used => _used;

    /// <summary>True while that many more bytes would fit.</summary>
    public bool Fits(int bytes) => _used + bytes <= limit;

    /// <summary>Takes bytes, or gives them back with a negative number.</summary>
    public void Take(int bytes) => _used += bytes;
}

/// <summary>
/// Puts the packets of one stream together to frames. At most <see cref="MaxPending"/> frames are open; newer ones push out the oldest, so nothing needs a
/// clock. Frames are handed on whole and in order: one waits while a packet of an earlier one may still come, and is not waited for when none may. A
/// JPEG stands alone. A VP8 frame is handed on only when the one that it needs was: after a loss everything else waits for a key frame. For one thread.
/// </summary>
/// <param name="budget">Shared by all streams.</param>
/// <param name="ready">Called for each whole frame.</param>
/// <param name="keyFrameNeeded">Called for every packet that is of no use without a key frame: the receiver limits the rate of asking.</param>
/// <param name="mayCome">True while a packet before this number is waited for.</param>
internal sealed class FrameAssembly(AssemblyBudget budget, FrameReady ready, Action<VideoLayer> keyFrameNeeded, Func<uint, bool> mayCome)
{
    /// <summary>Frames kept open: a quarter of a second at 30 frames a second, time enough to ask for a packet several times.</summary>
    public const int MaxPending = 8;

    private readonly List<PendingFrame> _pending = new(MaxPending);
    private readonly Stack<PendingFrame> _spare = new(MaxPending);
    private VideoLayer _layer = VideoLayer.None;
    private uint _last;
    private bool _fresh = true;
    private bool _held;
    private ulong _handed; // bit n: frame _last - n was handed on

    /// <summary>Frames handed on.</summary>
    public long Frames { get; private set; }

    /// <summary>Frames that were sent, as their numbers show, and never handed on.</summary>
    public long Lost { get; private set; }

    /// <summary>Payload bytes that came, useful or not.</summary>
    public long Bytes { get; private set; }

    /// <summary>The layer that comes at this moment; none before the first key frame.</summary>
    public VideoLayer Layer => _layer;

    /// <summary>Takes a packet whose header has been read with <see cref="VideoHeader.TryReadPacket"/>.</summary>
    public void Add(in VideoHeader header, ReadOnlySpan<byte> bytes)
    {
        Bytes += bytes.Length;
        if (header.Layer != _layer && !TrySwitch(header)) return;
        if (Distance(header.Frame) <= 0) return;
        if (IsUseless(header)) keyFrameNeeded(header.Layer);
        else if (Find(header) is { } frame && frame.Add(header, bytes) && frame.IsComplete) Drain();
    }

    /// <summary>Hands on what waited for a packet that is not waited for any more.</summary>
    public void Review() => Drain();

    /// <summary>How many packets of the newest frame are still to come behind the newest one that came; 0 when it is whole.</summary>
    public int TailMissing => _pending.Count > 0 ? _pending[^1].TailMissing : 0;

    /// <summary>Forgets all that is pending and gives the memory back.</summary>
    public void Clear() => Release(_pending.Count);

    // Frame numbers wrap around after 2^32: the distance is right as long as it is below 2^31.
    private int Distance(uint frame) => (int)(frame - _last);

    private bool TrySwitch(in VideoHeader header)
    {
        if (!header.Key)
        {
            if (_layer == VideoLayer.None) keyFrameNeeded(header.Layer);
            return false;
        }
        // The layers of a JPEG picture share its number: one that was shown large is not shown again small.
        bool sharesNumbers = header.Codec == VideoCodec.Jpeg && _layer != VideoLayer.None;
        if (sharesNumbers && Distance(header.Frame) <= 0) return false;
        Clear();
        _layer = header.Layer;
        if (sharesNumbers) return true;
        _last = header.Frame - 1;
        _fresh = true;
        _held = header.Codec == VideoCodec.Vp8;
        return true;
    }

    // While held, a delta frame is worth keeping only behind a key frame that is on its way.
    private bool IsUseless(in VideoHeader header)
    {
        if (!_held || header.Key) return false;
        foreach (PendingFrame frame in _pending)
            if (frame.Header.Key && Distance(frame.Header.Frame) < Distance(header.Frame)) return false;
        return true;
    }

    private PendingFrame? Find(in VideoHeader header)
    {
        foreach (PendingFrame frame in _pending)
            if (frame.Header.Frame == header.Frame) return frame;
        return MakeRoom(header) ? Open(header) : null;
    }

    private bool MakeRoom(in VideoHeader header)
    {
        while (_pending.Count > 0 && (_pending.Count >= MaxPending || !budget.Fits(PendingFrame.Need(header))))
        {
            if (Distance(header.Frame) < Distance(_pending[0].Header.Frame)) return false;
            GiveUpOldest();
        }
        if (!IsUseless(header)) return budget.Fits(PendingFrame.Need(header));
        keyFrameNeeded(header.Layer);
        return false;
    }

    private PendingFrame Open(in VideoHeader header)
    {
        PendingFrame frame = _spare.TryPop(out PendingFrame? spare) ? spare : new PendingFrame();
        frame.Start(header);
        budget.Take(frame.Reserved);
        int at = _pending.Count;
        while (at > 0 && Distance(_pending[at - 1].Header.Frame) > Distance(header.Frame)) at--;
        _pending.Insert(at, frame);
        return frame;
    }

    // The pending frames that a VP8 decoder could not use any more go with the lost one: all up to the next key frame.
    private void GiveUpOldest()
    {
        int count = 1;
        if (_pending[0].Header.Codec == VideoCodec.Vp8)
        {
            _held = true;
            while (count < _pending.Count && !_pending[count].Header.Key) count++;
        }
        Release(count);
    }

    private void Drain()
    {
        for (int at = NextReady(); at >= 0; at = NextReady()) HandOn(at);
    }

    private int NextReady()
    {
        int key = _pending.FindLastIndex(f => f.IsComplete && f.Header is { Key: true, Codec: VideoCodec.Vp8 });
        if (key >= 0) return key;
        int first = _pending.FindIndex(f => f.IsComplete);
        if (first < 0) return -1;
        PendingFrame frame = _pending[first];
        bool isNext = first == 0 && !_fresh && Distance(frame.Header.Frame) == 1;
        if (!isNext && mayCome(frame.FirstPacket)) return -1;
        if (frame.Header.Codec == VideoCodec.Jpeg || IsDecodable(frame.Header)) return first;
        // What it needs does not come any more.
        if (!_held) keyFrameNeeded(frame.Header.Layer);
        _held = true;
        Release(first + 1);
        return NextReady();
    }

    private bool IsDecodable(in VideoHeader header)
    {
        int back = header.Back - Distance(header.Frame);
        return !_held && back is >= 0 and < 64 && (_handed >> back & 1) != 0;
    }

    private void HandOn(int at)
    {
        PendingFrame frame = _pending[at];
        if (!_fresh) Lost += Distance(frame.Header.Frame) - 1;
        int step = Distance(frame.Header.Frame);
        _handed = frame.Header.Key ? 1 : step < 64 ? _handed << step | 1 : 1;
        _last = frame.Header.Frame;
        _fresh = _held = false;
        Frames++;
        ready(frame.Header with { Fragment = 0, Fragments = 1, Packet = 0 }, frame.Bytes);
        Release(at + 1);
    }

    private void Release(int count)
    {
        for (int i = 0; i < count; i++)
        {
            budget.Take(-_pending[i].Reserved);
            _pending[i].Release();
            _spare.Push(_pending[i]);
        }
        _pending.RemoveRange(0, count);
    }
}
