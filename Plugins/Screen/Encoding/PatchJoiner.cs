namespace LanCollab.Plugins.Screen;

/// <summary>
/// Joins neighbouring patches of one kind: fewer and larger images have fewer headers and compress better. A little that has not changed
/// may be sent along; flat ones must fit exactly.
/// </summary>
internal sealed class PatchJoiner
{
    private const int FreeWaste = 384;

    private readonly List<Patch> _bands = [];
    private int _rowStart;

    /// <summary>The joined ones.</summary>
    public List<Patch> Joined { get; } = [];

    /// <summary>Joins patches that come row by row of tiles, from the left.</summary>
    public void Join(List<Patch> patches)
    {
        _bands.Clear();
        Joined.Clear();
        _rowStart = 0;
        for (int i = 0; i < patches.Count; i++) AddToRow(patches[i]);
        foreach (Patch band in _bands) AddBelow(band);
    }

    private void AddToRow(in Patch patch)
    {
        if (_bands.Count > 0 && patch.At.Y / TileGrid.TileSize != _bands[^1].At.Y / TileGrid.TileSize) _rowStart = _bands.Count;
        if (_bands.Count > _rowStart && TryJoin(_bands[^1], patch, out Patch joined)) _bands[^1] = joined;
        else _bands.Add(patch);
    }

    private void AddBelow(in Patch band)
    {
        for (int i = Joined.Count - 1; i >= 0; i--)
        {
            if (Joined[i].At.Bottom + TileGrid.TileSize < band.At.Y) continue;
            if (!TryJoin(Joined[i], band, out Patch joined)) continue;
            Joined[i] = joined;
            return;
        }
        Joined.Add(band);
    }

    private static bool TryJoin(in Patch one, in Patch other, out Patch joined)
    {
        joined = default;
        if (one.Flat != other.Flat || one.Colour != other.Colour || one.Moving != other.Moving) return false;
        Area union = one.At.Union(other.At);
        int sum = one.At.Pixels + other.At.Pixels, waste = union.Pixels - sum;
        if (one.Flat ? waste != 0 : union.Pixels > EncodedImage.MaxPixels || waste > Math.Max(FreeWaste, sum / 4)) return false;
        joined = one with { At = union };
        return true;
    }
}
