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
    private bool[] _changed = [];
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
        if (_equal.Length < _columns * to.Height) (_equal, _changed) = (new bool[_columns * to.Height], new bool[_columns * to.Height]);
        if (_heights.Length <= _columns) (_heights, _stack) = (new int[_columns + 1], new int[_columns + 2]);
        for (int y = 0; y < to.Height; y++)
            for (int column = 0; column < _columns; column++)
            {
                int x = to.X + column * Cell, width = Math.Min(Cell, to.Right - x);
                ReadOnlySpan<uint> isNow = now.Row(x, to.Y + y, width);
                _equal[y * _columns + column] = isNow.SequenceEqual(before.Row(x - dx, to.Y + y - dy, width));
                _changed[y * _columns + column] = !isNow.SequenceEqual(before.Row(x, to.Y + y, width));
            }
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
        int changed = 0;
        for (int y = cells.Y; y < cells.Bottom; y++)
            for (int column = cells.X; column < cells.Right; column++)
            {
                _equal[y * _columns + column] = false;
                if (_changed[y * _columns + column]) changed++;
            }
        if (changed * Cell < LeastPixels) return false;
        Area found = Area.Between(to.X + cells.X * Cell, to.Y + cells.Y, Math.Min(to.Right, to.X + cells.Right * Cell), to.Y + cells.Bottom);
        Found.Add(Grown(before, now, to, found, dx, dy));
        return true;
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
