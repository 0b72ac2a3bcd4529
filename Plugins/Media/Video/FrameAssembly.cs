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
/// Puts one stream's packets together again. Packets may be lost, doubled or out of order. At most <see cref="MaxPending"/> frames are kept
/// open; newer ones push out the oldest, so nothing needs a clock. JPEG frames are handed on as soon as they are whole and newer than the
/// last. VP8 frames are handed on in order without gaps: after a loss everything waits for a key frame. For one thread.
/// </summary>
/// <param name="budget">Shared by all streams.</param>
/// <param name="ready">Called for each whole frame.</param>
/// <param name="keyFrameNeeded">Called for every packet that is of no use without a key frame: the receiver limits the rate of asking.</param>
internal sealed class FrameAssembly(AssemblyBudget budget, FrameReady ready, Action<VideoLayer> keyFrameNeeded)
{
    /// <summary>Frames kept open: what may overtake each other on the way, 130 ms at 30 frames a second.</summary>
    public const int MaxPending = 4;

    private readonly List<PendingFrame> _pending = new(MaxPending);
    private readonly Stack<PendingFrame> _spare = new(MaxPending);
    private VideoLayer _layer = VideoLayer.None;
    private uint _last;
    private bool _fresh = true;
    private bool _held;

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
        else if (Find(header) is { } frame && frame.Add(header, bytes) && frame.IsComplete) Drain(header.Codec);
    }

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

    private void Drain(VideoCodec codec)
    {
        for (int at = NextReady(codec); at >= 0; at = NextReady(codec)) HandOn(at);
    }

    private int NextReady(VideoCodec codec)
    {
        if (codec == VideoCodec.Jpeg) return _pending.FindLastIndex(f => f.IsComplete);
        int key = _pending.FindLastIndex(f => f.IsComplete && f.Header.Key);
        if (key >= 0) return key;
        bool next = !_held && _pending.Count > 0 && _pending[0].IsComplete && Distance(_pending[0].Header.Frame) == 1;
        return next ? 0 : -1;
    }

    private void HandOn(int at)
    {
        PendingFrame frame = _pending[at];
        if (!_fresh) Lost += Distance(frame.Header.Frame) - 1;
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
