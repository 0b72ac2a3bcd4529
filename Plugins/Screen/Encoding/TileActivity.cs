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

    private TileGrid _grid;
    private Tile[] _tiles = [];

    /// <summary>Tiles that do not show the exact pixels.</summary>
    public int Lossy { get; private set; }

    /// <summary>Another size: all is forgotten.</summary>
    public void Reset(TileGrid grid) => (_grid, _tiles, Lossy) = (grid, new Tile[grid.Count], 0);

    /// <summary>A tile has changed.</summary>
    /// <param name="changed">Within one tile.</param>
    /// <returns>True when it moves.</returns>
    public bool Note(Area changed)
    {
        ref Tile tile = ref _tiles[IndexOf(changed.X, changed.Y)];
        long now = time.GetTimestamp();
        tile.Streak = tile.Changed != 0 && time.GetElapsedTime(tile.Changed, now) < Apart ? tile.Streak + 1 : 1;
        tile.Changed = now;
        return tile.Streak >= Moves;
    }

    /// <summary>An area was sent, exactly or not. Only whole tiles become exact again: of the others something lossy may be left.</summary>
    public void Sent(Area at, bool lossy)
    {
        for (int row = at.Y / TileGrid.TileSize; row * TileGrid.TileSize < at.Bottom; row++)
            for (int column = at.X / TileGrid.TileSize; column * TileGrid.TileSize < at.Right; column++)
                if (lossy || at.Covers(AreaOf(row * _grid.Columns + column))) Mark(row * _grid.Columns + column, lossy);
    }

    /// <summary>Content has moved, and its loss with it.</summary>
    public void Copied(Area to, Area from)
    {
        if (Lossy > 0 && AnyLossy(from)) Sent(to, lossy: true);
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
        return new Area(column * TileGrid.TileSize, row * TileGrid.TileSize, _grid.WidthOf(column), _grid.HeightOf(row));
    }

    /// <summary>The tile of a pixel.</summary>
    public int IndexOf(int x, int y) => y / TileGrid.TileSize * _grid.Columns + x / TileGrid.TileSize;

    private bool AnyLossy(Area area)
    {
        for (int y = area.Y / TileGrid.TileSize; y * TileGrid.TileSize < area.Bottom; y++)
            for (int x = area.X / TileGrid.TileSize; x * TileGrid.TileSize < area.Right; x++)
                if (_tiles[y * _grid.Columns + x].IsLossy) return true;
        return false;
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
        public bool IsLossy;
    }
}
