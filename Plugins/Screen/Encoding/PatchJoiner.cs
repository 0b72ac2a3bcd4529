namespace LanCollab.Plugins.Screen;

/// <summary>
/// Joins neighbouring patches of one kind: fewer and larger images have fewer headers and compress better. A little that has not changed
/// may be sent along; flat ones must fit exactly.
/// </summary>
internal sealed class PatchJoiner
{
    /// <summary>Pixels that cost less than a header of their own: of text, and of what has another colour in each pixel, a byte or two for each.</summary>
    private const int FreeWaste = 384, FreeGrainyWaste = 48;

    /// <summary>
    /// What repeats in text are letters, and deflate sees the last 32 KiB: in rows of this width also the line above, 21 pixels higher. Photographs
    /// gain nothing by being joined, and what is painted over is dropped sooner when it is small.
    /// </summary>
    private const int MaxWidth = 24 * TileGrid.TileSize, MaxGrainyPixels = 64 * 1024;

    private const int Neighbours = 6;

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
        // A tile may have several patches: the one that goes on here need not be the last.
        for (int i = _bands.Count - 1; i >= Math.Max(_rowStart, _bands.Count - Neighbours); i--)
        {
            if (!TryJoin(_bands[i], patch, out Patch joined)) continue;
            _bands[i] = joined;
            return;
        }
        _bands.Add(patch);
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
        bool grainy = one.Grainy || other.Grainy;
        int allowed = one.Flat ? 0 : grainy ? Math.Max(FreeGrainyWaste, sum / 32) : Math.Max(FreeWaste, sum / 4);
        if (waste > allowed || !one.Flat && !IsOneImage(union, grainy)) return false;
        joined = one with { At = union, Grainy = grainy };
        return true;
    }

    private static bool IsOneImage(Area at, bool grainy) => at.Width <= MaxWidth && at.Pixels <= (grainy ? MaxGrainyPixels : EncodedImage.MaxPixels);
}
