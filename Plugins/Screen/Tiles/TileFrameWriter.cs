namespace LanCollab.Plugins.Screen;

/// <summary>Packs operations into frames of at most <see cref="TileFrame.MaxBytes"/>, the last one marked as the update's end.</summary>
internal sealed class TileFrameWriter(uint number, TileGrid grid)
{
    private const int FirstCapacity = 4 * 1024;

    private static long _packings;

    private readonly long _packing = Interlocked.Increment(ref _packings);
    private readonly List<ReadOnlyMemory<byte>> _frames = [];
    private byte[] _frame = new byte[FirstCapacity];
    private int _length = TileFrame.HeaderLength;
    private int _count;
    private int _images;

    /// <summary>Adds a copy of an operation; an image that was added before is only named.</summary>
    public void Add(in Op op)
    {
        int again = op.Image?.Packed is { } packed && packed.Packing == _packing ? packed.Index : -1;
        int needed = TileFrame.LengthOf(op.Kind) + (again < 0 ? op.Image?.Bytes.Length ?? 0 : 0);
        if (_length + needed > TileFrame.MaxBytes || _count == ushort.MaxValue) Flush(TileFrame.Part);
        if (_length + needed > _frame.Length) Array.Resize(ref _frame, Math.Min(Math.Max(_frame.Length * 2, _length + needed), TileFrame.MaxBytes));
        TileFrame.WriteOp(_frame.AsSpan(_length), op, again);
        if (op.Image is { } image && again < 0) image.Packed = (_packing, _images++);
        _length += needed;
        _count++;
    }

    /// <summary>The frames, in the order in which they must be sent.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Finish()
    {
        Flush(TileFrame.End);
        return _frames;
    }

    private void Flush(byte kind)
    {
        TileFrame.WriteHeader(_frame, kind, number, grid, _count);
        _frames.Add(_frame.AsMemory(0, _length));
        if (kind == TileFrame.End) return;
        _frame = new byte[TileFrame.MaxBytes];
        _length = TileFrame.HeaderLength;
        _count = 0;
    }
}
