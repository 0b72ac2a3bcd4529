using System.Runtime.InteropServices;

namespace LanCollab.Plugins.Screen;

/// <summary>An uncompressed picture as sources give it: rows from the top, four bytes a pixel (blue, green, red, unused), no padding.</summary>
internal sealed unsafe class Picture
{
    public const int BytesPerPixel = 4;

    private readonly uint[]? _own;
    private readonly nint _lent;

    /// <summary>A black one of its own memory.</summary>
    public Picture(int width, int height) => (Grid, _own) = (new TileGrid(width, height), new uint[width * height]);

    /// <summary>One that lies in memory of somebody else (shared with a display server), which must outlive it.</summary>
    public Picture(int width, int height, nint lent) => (Grid, _lent) = (new TileGrid(width, height), lent);

    public TileGrid Grid { get; }

    /// <summary>All pixels, as 0xXXRRGGBB.</summary>
    public Span<uint> Pixels => _own is null ? new Span<uint>((void*)_lent, Grid.Width * Grid.Height) : _own;

    /// <summary>All bytes.</summary>
    public Span<byte> Bytes => MemoryMarshal.AsBytes(Pixels);

    /// <summary>Some pixels of one row.</summary>
    public Span<uint> Row(int x, int y, int width) => Pixels.Slice(y * Grid.Width + x, width);
}

/// <summary>What a source has taken: a picture, and where it may differ from the one before.</summary>
/// <param name="Picture">Valid until the next one is asked for.</param>
/// <param name="Changed">The tiles that may differ; null: all. Valid for as long. Elsewhere the picture may be newer already, which another shot will tell.</param>
/// <param name="Early">It was taken before its turn, since it has nothing to do with what was taken last.</param>
internal readonly record struct Shot(Picture Picture, TileMask? Changed = null, bool Early = false)
{
    /// <summary>False when nothing differs.</summary>
    public bool HasChanged => Changed is not { Count: 0 };
}
