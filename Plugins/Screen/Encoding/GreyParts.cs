namespace LanCollab.Plugins.Screen;

/// <summary>
/// Divides areas so that what is grey in them is encoded as that, in a third of the bytes: one link in a page of black text would make three
/// colours of all of it.
/// </summary>
internal static class GreyParts
{
    /// <summary>Pixels of an area that is not divided further: an image of its own costs some hundred bytes, and does not know what was in the others.</summary>
    private const int Least = 32 * 1024;

    /// <summary>Adds the parts of a patch; it as a whole where nothing in it is grey, or where that does not matter.</summary>
    public static void Add(Picture picture, in Patch patch, List<Patch> parts)
    {
        if (patch.Flat || patch.Moving || patch.Grainy) parts.Add(patch);
        else Divide(picture, patch, parts);
    }

    /// <returns>Whether some of them are grey.</returns>
    private static bool Divide(Picture picture, in Patch patch, List<Patch> parts)
    {
        bool grey = Greys.Are(picture, patch.At);
        (Area one, Area other) = Halves(patch.At);
        if (grey || patch.At.Pixels <= Least || one.IsEmpty || other.IsEmpty)
        {
            parts.Add(patch);
            return grey;
        }
        int first = parts.Count;
        if (Divide(picture, patch with { At = one }, parts) | Divide(picture, patch with { At = other }, parts)) return true;
        parts.RemoveRange(first, parts.Count - first);
        parts.Add(patch);
        return false;
    }

    /// <summary>Divided between tiles: one that was lossy is exact again only when it is sent as a whole.</summary>
    private static (Area One, Area Other) Halves(Area at)
    {
        if (at.Width > 2 * at.Height)
        {
            int x = Between(at.X, at.Width);
            return (at with { Width = x - at.X }, Area.Between(x, at.Y, at.Right, at.Bottom));
        }
        int y = Between(at.Y, at.Height);
        return (at with { Height = y - at.Y }, Area.Between(at.X, y, at.Right, at.Bottom));
    }

    private static int Between(int start, int length) => Math.Max(start, (start + length / 2) / TileGrid.TileSize * TileGrid.TileSize);
}
