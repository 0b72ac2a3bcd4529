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
/// <param name="Top">The first row that may differ.</param>
/// <param name="Bottom">The row after the last one.</param>
internal readonly record struct Shot(Picture Picture, int Top, int Bottom)
{
    /// <summary>Everything may differ.</summary>
    public static Shot Of(Picture picture) => new(picture, 0, picture.Grid.Height);
}
