using System.Numerics;

namespace LanCollab.Plugins.Screen;

/// <summary>Finds the tiles in which two pictures differ, each trimmed to what differs in it.</summary>
internal sealed class ChangeFinder
{
    /// <summary>So many pixels cost less than an image of their own, also when each is another.</summary>
    private const int FreeWaste = 64;

    /// <summary>The tiles in which something differs.</summary>
    public TileMask Tiles { get; } = new();

    /// <summary>The smallest rectangle that has all of them.</summary>
    public Area Around { get; private set; }

    /// <summary>The trimmed tiles, row by row.</summary>
    public List<Area> Changes { get; } = [];

    /// <summary>Pixels of all of them.</summary>
    public long Pixels { get; private set; }

    /// <summary>Finds the tiles, each no further than to the first row that differs: of a page that is scrolled hardly anything has to be read.</summary>
    /// <param name="before">What was sent last.</param>
    /// <param name="now">What is to be sent; of the same size.</param>
    /// <param name="where">The tiles that may differ; null: all.</param>
    public void Look(Picture before, Picture now, TileMask? where)
    {
        TileGrid grid = now.Grid;
        Tiles.Reset(grid);
        Around = default;
        for (int row = 0; row < grid.Rows; row++)
            for (int column = 0; column < grid.Columns; column++)
            {
                Area tile = grid.AreaOf(column, row);
                if (where is { } only && !only[column, row] || IsSame(before, now, tile)) continue;
                Tiles.Add(tile);
                Around = Tiles.Count == 1 ? tile : Around.Union(tile);
            }
    }

    /// <summary>Trims the tiles that <see cref="Look"/> has found.</summary>
    /// <param name="before">What was sent last.</param>
    /// <param name="now">What is to be sent.</param>
    /// <param name="same">Where they are the same by now.</param>
    public void Trim(Picture before, Picture now, List<Area> same)
    {
        Changes.Clear();
        Pixels = 0;
        TileGrid grid = now.Grid;
        for (int row = 0; row < grid.Rows; row++)
            for (int column = 0; column < grid.Columns; column++)
                if (Tiles[column, row]) TrimTile(before, now, grid.AreaOf(column, row), same);
    }

    /// <summary>
    /// Divides one trimmed tile into runs of rows that differ in about the same columns: where a window was dragged away, the tile of its corner
    /// differs in an L, and most of the rectangle around it does not.
    /// </summary>
    public static void Divide(Picture before, Picture now, Area changed, List<Area> runs)
    {
        runs.Clear();
        Area run = default;
        int sum = 0;
        for (int y = changed.Y; y < changed.Bottom; y++)
        {
            ulong differ = Differences.Of(before.Row(changed.X, y, changed.Width), now.Row(changed.X, y, changed.Width));
            if (differ == 0) continue;
            Area row = Columns(changed.X, differ, y, y + 1), both = run.IsEmpty ? row : run.Union(row);
            bool fits = both.Pixels - sum - row.Pixels <= FreeWaste + sum / 16;
            if (!fits) runs.Add(run);
            (run, sum) = fits ? (both, sum + row.Pixels) : (row, row.Pixels);
        }
        if (!run.IsEmpty) runs.Add(run);
    }

    private static bool IsSame(Picture before, Picture now, Area tile)
    {
        for (int y = tile.Y; y < tile.Bottom; y++)
            if (Differences.Of(before.Row(tile.X, y, tile.Width), now.Row(tile.X, y, tile.Width)) != 0) return false;
        return true;
    }

    private void TrimTile(Picture before, Picture now, Area tile, List<Area> same)
    {
        foreach (Area known in same)
            if (known.Covers(tile)) return;
        Area changed = Trimmed(before, now, tile);
        if (changed.IsEmpty) return;
        Changes.Add(changed);
        Pixels += changed.Pixels;
    }

    private static Area Trimmed(Picture before, Picture now, Area tile)
    {
        ulong all = 0;
        int first = 0, last = -1;
        for (int y = tile.Y; y < tile.Bottom; y++)
        {
            ulong differ = Differences.Of(before.Row(tile.X, y, tile.Width), now.Row(tile.X, y, tile.Width));
            if (differ == 0) continue;
            if (all == 0) first = y;
            last = y;
            all |= differ;
        }
        return all == 0 ? default : Columns(tile.X, all, first, last + 1);
    }

    /// <summary>From the first to the last column that has a bit.</summary>
    private static Area Columns(int x, ulong bits, int top, int bottom) =>
        Area.Between(x + BitOperations.TrailingZeroCount(bits), top, x + Differences.MaxPixels - BitOperations.LeadingZeroCount(bits), bottom);
}
