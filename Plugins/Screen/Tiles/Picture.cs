namespace LanCollab.Plugins.Screen;

/// <summary>An uncompressed picture as sources give it: rows from the top, four bytes a pixel (blue, green, red, unused), no padding.</summary>
/// <param name="width">In pixels.</param>
/// <param name="height">In pixels.</param>
internal sealed class Picture(int width, int height)
{
    public const int BytesPerPixel = 4;

    public TileGrid Grid { get; } = new(width, height);

    public byte[] Pixels { get; } = new byte[width * height * BytesPerPixel];

    /// <summary>The pixels of one row of a tile.</summary>
    /// <param name="column">The tile's.</param>
    /// <param name="row">The tile's.</param>
    /// <param name="line">Within the tile, from its top.</param>
    public Span<byte> Line(int column, int row, int line)
    {
        int y = row * TileGrid.TileSize + line, x = column * TileGrid.TileSize;
        return Pixels.AsSpan((y * Grid.Width + x) * BytesPerPixel, Grid.WidthOf(column) * BytesPerPixel);
    }
}
