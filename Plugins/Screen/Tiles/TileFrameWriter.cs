namespace LanCollab.Plugins.Screen;

/// <summary>Packs tiles into frames of at most <see cref="TileFrame.MaxBytes"/>, the last one marked as the update's end.</summary>
internal sealed class TileFrameWriter(uint number, TileGrid grid)
{
    private const int FirstCapacity = 16 * 1024;

    private readonly List<ReadOnlyMemory<byte>> _frames = [];
    private byte[] _frame = new byte[FirstCapacity];
    private int _length = TileFrame.HeaderLength;
    private int _count;

    /// <summary>Adds a copy of a tile.</summary>
    public void Add(Tile tile)
    {
        int needed = TileFrame.TileHeaderLength + tile.Png.Length;
        if (_length + needed > TileFrame.MaxBytes) Flush(TileFrame.Part);
        if (_length + needed > _frame.Length) Array.Resize(ref _frame, Math.Min(Math.Max(_frame.Length * 2, _length + needed), TileFrame.MaxBytes));
        TileFrame.WriteTile(_frame.AsSpan(_length), tile);
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
