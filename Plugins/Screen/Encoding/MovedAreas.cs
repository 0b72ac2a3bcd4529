using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LanCollab.Plugins.Screen;

/// <summary>
/// Which rectangles of the new picture show exactly what stood elsewhere in the old one, for a given displacement: cells of 16 x 1 pixels are
/// compared, the largest rectangles of equal cells taken (largest rectangle in a histogram), and grown to the pixel.
/// </summary>
internal sealed class MovedAreas
{
    private const int Cell = 16, MaxAreas = 6;

    /// <summary>A smaller one saves too little.</summary>
    private const int LeastPixels = 4096;

    private bool[] _equal = [];
    private int[] _heights = [];
    private int[] _stack = [];
    private int _columns;

    /// <summary>The destinations that were found.</summary>
    public List<Area> Found { get; } = [];

    /// <summary>Looks within an area.</summary>
    /// <param name="before">The old picture.</param>
    /// <param name="now">The new one.</param>
    /// <param name="within">Where they differ.</param>
    /// <param name="dx">How far to the right the content went.</param>
    /// <param name="dy">How far down.</param>
    public void Find(Picture before, Picture now, Area within, int dx, int dy)
    {
        Found.Clear();
        // Content that came from outside the picture cannot be copied.
        Area to = within.Intersect(new Area(dx, dy, now.Grid.Width, now.Grid.Height));
        if (to.IsEmpty) return;
        Compare(before, now, to, dx, dy);
        while (Found.Count < MaxAreas && Largest(to, out Area cells) && Take(before, now, to, cells, dx, dy)) { }
    }

    private void Compare(Picture before, Picture now, Area to, int dx, int dy)
    {
        _columns = (to.Width + Cell - 1) / Cell;
        if (_equal.Length < _columns * to.Height) _equal = new bool[_columns * to.Height];
        if (_heights.Length <= _columns) (_heights, _stack) = (new int[_columns + 1], new int[_columns + 2]);
        for (int y = 0; y < to.Height; y++)
            CompareRow(before.Row(to.X - dx, to.Y + y - dy, to.Width), now.Row(to.X, to.Y + y, to.Width), _equal.AsSpan(y * _columns, _columns));
    }

    private static void CompareRow(ReadOnlySpan<uint> was, ReadOnlySpan<uint> isNow, Span<bool> equal)
    {
        ref uint one = ref MemoryMarshal.GetReference(was), other = ref MemoryMarshal.GetReference(isNow);
        int whole = isNow.Length / Cell;
        for (int column = 0; column < whole; column++) equal[column] = Differences.None16(ref Unsafe.Add(ref one, column * Cell), ref Unsafe.Add(ref other, column * Cell));
        if (whole < equal.Length) equal[whole] = isNow[(whole * Cell)..].SequenceEqual(was[(whole * Cell)..]);
    }

    /// <summary>The largest rectangle of equal cells, in cells.</summary>
    private bool Largest(Area to, out Area cells)
    {
        (cells, int best) = (default, 0);
        Array.Clear(_heights);
        for (int y = 0; y < to.Height; y++)
        {
            for (int column = 0; column < _columns; column++) _heights[column] = _equal[y * _columns + column] ? _heights[column] + 1 : 0;
            LargestEndingAt(y, ref cells, ref best);
        }
        return best * Cell >= LeastPixels;
    }

    private void LargestEndingAt(int y, ref Area cells, ref int best)
    {
        int depth = 0;
        for (int column = 0; column <= _columns; column++)
        {
            int height = column == _columns ? 0 : _heights[column];
            while (depth > 0 && _heights[_stack[depth - 1]] >= height)
            {
                int tall = _heights[_stack[--depth]], left = depth == 0 ? 0 : _stack[depth - 1] + 1;
                if (tall * (column - left) <= best) continue;
                best = tall * (column - left);
                cells = Area.Between(left, y - tall + 1, column, y + 1);
            }
            _stack[depth++] = column;
        }
    }

    /// <summary>Takes a rectangle out of the cells; false when copying it would save too little.</summary>
    private bool Take(Picture before, Picture now, Area to, Area cells, int dx, int dy)
    {
        for (int y = cells.Y; y < cells.Bottom; y++) _equal.AsSpan(y * _columns + cells.X, cells.Width).Clear();
        Area found = Area.Between(to.X + cells.X * Cell, to.Y + cells.Y, Math.Min(to.Right, to.X + cells.Right * Cell), to.Y + cells.Bottom);
        if (!HasChanged(before, now, found)) return false;
        Found.Add(Grown(before, now, to, found, dx, dy));
        return true;
    }

    /// <summary>Whether so much differs there that a copy is worth it; no more than that is counted.</summary>
    private static bool HasChanged(Picture before, Picture now, Area at)
    {
        int changed = 0;
        for (int y = at.Y; y < at.Bottom; y++)
        {
            ReadOnlySpan<uint> was = before.Row(at.X, y, at.Width), isNow = now.Row(at.X, y, at.Width);
            for (int x = 0; x < at.Width; x += Cell)
            {
                int width = Math.Min(Cell, at.Width - x);
                if (!isNow.Slice(x, width).SequenceEqual(was.Slice(x, width)) && (changed += Cell) >= LeastPixels) return true;
            }
        }
        return false;
    }

    private static Area Grown(Picture before, Picture now, Area to, Area found, int dx, int dy)
    {
        int left = found.X, right = found.Right;
        while (left > to.X && SameColumn(left - 1)) left--;
        while (right < to.Right && SameColumn(right)) right++;
        return Area.Between(left, found.Y, right, found.Bottom);

        bool SameColumn(int x)
        {
            for (int y = found.Y; y < found.Bottom; y++)
                if (now.Row(x, y, 1)[0] != before.Row(x - dx, y - dy, 1)[0]) return false;
            return true;
        }
    }
}
