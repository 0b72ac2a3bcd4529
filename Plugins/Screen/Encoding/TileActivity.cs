namespace LanCollab.Plugins.Screen;

/// <summary>
/// What each tile has been through lately: whether it changes again and again, as a moving picture does, and whether it was sent with loss
/// and has stood still since, so that it is due for the exact pixels.
/// </summary>
internal sealed class TileActivity(TimeProvider time)
{
    /// <summary>How long a tile has stood still when its exact pixels are sent.</summary>
    public static readonly TimeSpan Still = TimeSpan.FromMilliseconds(300);

    /// <summary>Changes further apart than this are not one movement.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(200);

    /// <summary>So many changes in a row are a movement.</summary>
    private const int Moves = 6;

    /// <summary>
    /// So many whole tiles must have changed in them: loss is paid for by sending the tile again, so it must have cost more than that. The
    /// edge of a window that is dragged through a tile changes it once all over, and never comes that far.
    /// </summary>
    private const int Worth = 3;

    private TileGrid _grid;
    private Tile[] _tiles = [];
    private readonly List<Area> _lossy = [];

    /// <summary>Tiles that do not show the exact pixels.</summary>
    public int Lossy { get; private set; }

    /// <summary>Another size: all is forgotten.</summary>
    public void Reset(TileGrid grid) => (_grid, _tiles, Lossy) = (grid, new Tile[grid.Count], 0);

    /// <summary>A tile has changed.</summary>
    /// <param name="changed">Within one tile.</param>
    /// <param name="pixels">So many of it.</param>
    /// <returns>True when it moves.</returns>
    public bool Note(Area changed, int pixels)
    {
        ref Tile tile = ref _tiles[IndexOf(changed.X, changed.Y)];
        long now = time.GetTimestamp();
        bool goesOn = tile.Changed != 0 && time.GetElapsedTime(tile.Changed, now) < Apart;
        (tile.Streak, tile.Pixels) = goesOn ? (tile.Streak + 1, tile.Pixels + pixels) : (1, pixels);
        tile.Changed = now;
        return tile.Streak >= Moves && tile.Pixels >= Worth * AreaOf(IndexOf(changed.X, changed.Y)).Pixels;
    }

    /// <summary>An area was sent, exactly or not. Only whole tiles become exact again: of the others something lossy may be left.</summary>
    public void Sent(Area at, bool lossy)
    {
        for (int row = at.Y / TileGrid.TileSize; row * TileGrid.TileSize < at.Bottom; row++)
            for (int column = at.X / TileGrid.TileSize; column * TileGrid.TileSize < at.Right; column++)
                if (lossy || at.Covers(AreaOf(row * _grid.Columns + column))) Mark(row * _grid.Columns + column, lossy);
    }

    /// <summary>Content has moved, and its loss with it: to those tiles that were brought some, which stand still from now on only.</summary>
    public void Copied(Area to, Area from)
    {
        if (Lossy == 0) return;
        long now = time.GetTimestamp();
        Lost(from);
        foreach (Area lossy in _lossy)
        {
            Area landed = lossy.Intersect(from).Moved(to.X - from.X, to.Y - from.Y);
            for (int y = landed.Y / TileGrid.TileSize; y * TileGrid.TileSize < landed.Bottom; y++)
                for (int x = landed.X / TileGrid.TileSize; x * TileGrid.TileSize < landed.Right; x++)
                {
                    Mark(y * _grid.Columns + x, lossy: true);
                    _tiles[y * _grid.Columns + x].Changed = now;
                }
        }
    }

    /// <summary>Adds the lossy tiles that have stood still for long enough.</summary>
    public void AddDue(List<Area> due)
    {
        if (Lossy == 0) return;
        for (int i = 0; i < _tiles.Length; i++)
            if (_tiles[i].IsLossy && time.GetElapsedTime(_tiles[i].Changed) >= Still) due.Add(AreaOf(i));
    }

    /// <summary>The place of a tile.</summary>
    public Area AreaOf(int index)
    {
        (int row, int column) = Math.DivRem(index, _grid.Columns);
        return _grid.AreaOf(column, row);
    }

    /// <summary>The tile of a pixel.</summary>
    public int IndexOf(int x, int y) => y / TileGrid.TileSize * _grid.Columns + x / TileGrid.TileSize;

    // All before any is marked: where content lands may be where other content comes from.
    private void Lost(Area from)
    {
        _lossy.Clear();
        for (int y = from.Y / TileGrid.TileSize; y * TileGrid.TileSize < from.Bottom; y++)
            for (int x = from.X / TileGrid.TileSize; x * TileGrid.TileSize < from.Right; x++)
                if (_tiles[y * _grid.Columns + x].IsLossy) _lossy.Add(AreaOf(y * _grid.Columns + x));
    }

    private void Mark(int index, bool lossy)
    {
        ref Tile tile = ref _tiles[index];
        if (tile.IsLossy == lossy) return;
        tile.IsLossy = lossy;
        Lossy += lossy ? 1 : -1;
        if (lossy && tile.Changed == 0) tile.Changed = time.GetTimestamp();
    }

    private struct Tile
    {
        public long Changed;
        public int Streak;
        public long Pixels;
        public bool IsLossy;
    }
}
