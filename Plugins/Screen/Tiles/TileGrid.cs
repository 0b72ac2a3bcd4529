using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>How a picture is cut into tiles: rows of squares from the top left; those at the right and bottom edge may be smaller.</summary>
/// <param name="Width">Of the picture, in pixels.</param>
/// <param name="Height">Of the picture, in pixels.</param>
internal readonly record struct TileGrid(int Width, int Height)
{
    /// <summary>The side of a tile, in pixels.</summary>
    public const int TileSize = 64;

    /// <summary>The longest side of a picture, in pixels.</summary>
    public const int MaxSide = 8192;

    /// <summary>The most pixels of a picture: 7680 x 4320.</summary>
    public const int MaxPixels = 7680 * 4320;

    /// <summary>Tiles in a row.</summary>
    public int Columns => (Width + TileSize - 1) / TileSize;

    /// <summary>Tiles in a column.</summary>
    public int Rows => (Height + TileSize - 1) / TileSize;

    /// <summary>All tiles.</summary>
    public int Count => Columns * Rows;

    /// <summary>All of the picture.</summary>
    public Area Whole => new(0, 0, Width, Height);

    /// <summary>The place of a tile.</summary>
    public Area AreaOf(int column, int row) => new(column * TileSize, row * TileSize, WidthOf(column), HeightOf(row));

    /// <summary>The width of the tiles of a column, in pixels.</summary>
    public int WidthOf(int column) => Math.Min(TileSize, Width - column * TileSize);

    /// <summary>The height of the tiles of a row, in pixels.</summary>
    public int HeightOf(int row) => Math.Min(TileSize, Height - row * TileSize);

    /// <summary>Refuses what nobody should have to keep.</summary>
    /// <exception cref="ProtocolErrorException">Too large, or no picture at all.</exception>
    public TileGrid Checked() =>
        Width is > 0 and <= MaxSide && Height is > 0 and <= MaxSide && Width * Height <= MaxPixels
            ? this
            : throw new ProtocolErrorException($"A picture of {Width}x{Height} pixels came; allowed are 1 to {MaxSide} a side and {MaxPixels} in all.");
}
