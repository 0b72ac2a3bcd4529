using System.Numerics;

namespace LanCollab.Plugins.Screen;

/// <summary>Finds the tiles in which two pictures differ, each trimmed to what differs in it. Whole rows are compared by SIMD first.</summary>
internal sealed class ChangeFinder
{
    /// <summary>So many pixels cost less than an image of their own, also when each is another.</summary>
    private const int FreeWaste = 64;

    private readonly bool[] _rows = new bool[TileGrid.TileSize];

    /// <summary>The trimmed tiles, row by row.</summary>
    public List<Area> Changes { get; } = [];

    /// <summary>Pixels of all of them.</summary>
    public long Pixels { get; private set; }

    /// <summary>Compares two pictures of one size.</summary>
    /// <param name="before">What was sent last.</param>
    /// <param name="now">What is to be sent.</param>
    /// <param name="top">The first row that may differ.</param>
    /// <param name="bottom">The row after the last one.</param>
    public void Find(Picture before, Picture now, int top, int bottom)
    {
        Changes.Clear();
        Pixels = 0;
        for (int y = top; y < bottom; y = NextBand(y)) FindInBand(before, now, y, Math.Min(bottom, NextBand(y)));
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
            Span<uint> was = before.Row(changed.X, y, changed.Width), isNow = now.Row(changed.X, y, changed.Width);
            int left = was.CommonPrefixLength(isNow);
            if (left == changed.Width) continue;
            Area row = Area.Between(changed.X + left, y, changed.X + LastDifference(was, isNow, left), y + 1), both = run.IsEmpty ? row : run.Union(row);
            bool fits = both.Pixels - sum - row.Pixels <= FreeWaste + sum / 16;
            if (!fits) runs.Add(run);
            (run, sum) = fits ? (both, sum + row.Pixels) : (row, row.Pixels);
        }
        if (!run.IsEmpty) runs.Add(run);
    }

    private static int NextBand(int y) => (y / TileGrid.TileSize + 1) * TileGrid.TileSize;

    private void FindInBand(Picture before, Picture now, int top, int bottom)
    {
        int width = now.Grid.Width;
        bool any = false;
        for (int y = top; y < bottom; y++) any |= _rows[y - top] = !now.Row(0, y, width).SequenceEqual(before.Row(0, y, width));
        if (!any) return;
        for (int x = 0; x < width; x += TileGrid.TileSize)
        {
            Area changed = Trim(before, now, Area.Between(x, top, Math.Min(width, x + TileGrid.TileSize), bottom));
            if (changed.IsEmpty) continue;
            Changes.Add(changed);
            Pixels += changed.Pixels;
        }
    }

    private Area Trim(Picture before, Picture now, Area tile)
    {
        int left = tile.Width, right = 0, first = -1, last = -1;
        for (int y = 0; y < tile.Height; y++)
        {
            if (!_rows[y]) continue;
            Span<uint> was = before.Row(tile.X, tile.Y + y, tile.Width), isNow = now.Row(tile.X, tile.Y + y, tile.Width);
            int same = was.CommonPrefixLength(isNow);
            if (same == tile.Width) continue;
            if (first < 0) first = y;
            last = y;
            left = Math.Min(left, same);
            right = Math.Max(right, LastDifference(was, isNow, Math.Max(right, same)));
        }
        return first < 0 ? default : Area.Between(tile.X + left, tile.Y + first, tile.X + right, tile.Y + last + 1);
    }

    /// <summary>The column after the last one that differs, at least <paramref name="least"/>.</summary>
    private static int LastDifference(ReadOnlySpan<uint> was, ReadOnlySpan<uint> isNow, int least)
    {
        int end = was.Length;
        while (end - Vector<uint>.Count >= least && Same(was, isNow, end - Vector<uint>.Count)) end -= Vector<uint>.Count;
        while (end > least && was[end - 1] == isNow[end - 1]) end--;
        return end;
    }

    private static bool Same(ReadOnlySpan<uint> was, ReadOnlySpan<uint> isNow, int at) =>
        new Vector<uint>(was.Slice(at, Vector<uint>.Count)) == new Vector<uint>(isNow.Slice(at, Vector<uint>.Count));
}
