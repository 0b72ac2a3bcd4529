namespace LanCollab.Plugins.Screen;

/// <summary>Some of the tiles of a picture. Not for two threads at a time.</summary>
internal sealed class TileMask
{
    private bool[] _tiles = [];
    private readonly Queue<int> _reached = new();

    /// <summary>The picture's tiles.</summary>
    public TileGrid Grid { get; private set; }

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether a tile is one of them.</summary>
    public bool this[int column, int row] => _tiles[row * Grid.Columns + column];

    /// <summary>None, of a picture of this size.</summary>
    public void Reset(TileGrid grid)
    {
        if (_tiles.Length != grid.Count) _tiles = new bool[grid.Count];
        (Grid, Count) = (grid, 0);
        Array.Clear(_tiles);
    }

    /// <summary>None.</summary>
    public void Clear() => Reset(Grid);

    /// <summary>All.</summary>
    public void Fill()
    {
        Array.Fill(_tiles, true);
        Count = _tiles.Length;
    }

    /// <summary>Those that an area touches; what lies beyond the picture does not count.</summary>
    public void Add(Area at)
    {
        Area within = at.Intersect(Grid.Whole);
        for (int y = within.Y / TileGrid.TileSize; y * TileGrid.TileSize < within.Bottom; y++)
            for (int x = within.X / TileGrid.TileSize; x * TileGrid.TileSize < within.Right; x++) Add(y * Grid.Columns + x);
    }

    /// <summary>Those of another mask of the same picture.</summary>
    public void Add(TileMask other)
    {
        for (int i = 0; i < _tiles.Length; i++)
            if (other._tiles[i]) Add(i);
    }

    /// <summary>All but those of another mask of the same picture.</summary>
    public void Remove(TileMask other)
    {
        for (int i = 0; i < _tiles.Length; i++)
            if (other._tiles[i]) Remove(i);
    }

    /// <summary>All but those that touch another mask, be it over others of these: what belongs together stays together.</summary>
    public void RemoveWhatTouches(TileMask other)
    {
        for (int i = 0; i < other._tiles.Length && Count > 0; i++)
            if (other._tiles[i]) RemoveAround(i);
        while (Count > 0 && _reached.TryDequeue(out int tile)) RemoveAround(tile);
        _reached.Clear();
    }

    /// <summary>The next columns of a row that are all in it.</summary>
    /// <param name="row">The row of tiles.</param>
    /// <param name="from">The first column that may be among them.</param>
    /// <param name="end">The column after the last one.</param>
    /// <returns>The first one; the number of columns when there are none.</returns>
    public int NextRun(int row, int from, out int end)
    {
        ReadOnlySpan<bool> tiles = _tiles.AsSpan(row * Grid.Columns, Grid.Columns);
        int skipped = tiles[from..].IndexOf(true), start = skipped < 0 ? Grid.Columns : from + skipped;
        int length = tiles[start..].IndexOf(false);
        end = length < 0 ? Grid.Columns : start + length;
        return start;
    }

    private void RemoveAround(int tile)
    {
        (int row, int column) = Math.DivRem(tile, Grid.Columns);
        for (int y = Math.Max(0, row - 1); y <= row + 1 && y < Grid.Rows; y++)
            for (int x = Math.Max(0, column - 1); x <= column + 1 && x < Grid.Columns; x++)
                if (Remove(y * Grid.Columns + x)) _reached.Enqueue(y * Grid.Columns + x);
    }

    private void Add(int tile)
    {
        if (_tiles[tile]) return;
        _tiles[tile] = true;
        Count++;
    }

    private bool Remove(int tile)
    {
        if (!_tiles[tile]) return false;
        _tiles[tile] = false;
        Count--;
        return true;
    }
}
