namespace LanCollab.Plugins.Screen;

/// <summary>
/// The newest updates as they came, for viewers that lag by a few: what was copied is then copied there, too, instead of being sent. Bounded
/// in bytes and number; who lags further is sent the pieces.
/// </summary>
internal sealed class UpdateHistory
{
    private const int MaxUpdates = 64;
    private const int MaxBytes = 1024 * 1024;

    private readonly Queue<(long Revision, Op[] Ops, int Bytes)> _updates = new();
    private long _bytes;

    /// <summary>Adds the newest.</summary>
    public void Add(long revision, Op[] ops)
    {
        int bytes = BytesOf(ops);
        _updates.Enqueue((revision, ops, bytes));
        _bytes += bytes;
        while (_updates.Count > MaxUpdates || (_bytes > MaxBytes && _updates.Count > 1)) _bytes -= _updates.Dequeue().Bytes;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _updates.Clear();
        _bytes = 0;
    }

    /// <summary>The bytes of all updates after a revision; <see cref="long.MaxValue"/> when some of them are forgotten.</summary>
    public long BytesSince(long revision)
    {
        if (_updates.Count == 0 || _updates.Peek().Revision > revision + 1) return long.MaxValue;
        long sum = 0;
        foreach ((long brought, _, int bytes) in _updates)
            if (brought > revision) sum += bytes;
        return sum;
    }

    /// <summary>Writes all updates after a revision, one after the other.</summary>
    public void WriteSince(long revision, TileFrameWriter writer)
    {
        foreach ((long brought, Op[] ops, _) in _updates)
            if (brought > revision)
                foreach (Op op in ops) writer.Add(op);
    }

    private static int BytesOf(Op[] ops)
    {
        int bytes = 0;
        foreach (Op op in ops) bytes += TileFrame.LengthOf(op.Kind) + (op.Image?.Bytes.Length ?? 0);
        return bytes;
    }
}
