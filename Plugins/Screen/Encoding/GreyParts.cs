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
        if (grey || patch.At.Pixels <= Least)
        {
            parts.Add(patch);
            return grey;
        }
        int first = parts.Count;
        (Area one, Area other) = Halves(patch.At);
        if (Divide(picture, patch with { At = one }, parts) | Divide(picture, patch with { At = other }, parts)) return true;
        parts.RemoveRange(first, parts.Count - first);
        parts.Add(patch);
        return false;
    }

    private static (Area One, Area Other) Halves(Area at)
    {
        int width = at.Width / 2, height = at.Height / 2;
        return at.Width > 2 * at.Height
            ? (at with { Width = width }, Area.Between(at.X + width, at.Y, at.Right, at.Bottom))
            : (at with { Height = height }, Area.Between(at.X, at.Y + height, at.Right, at.Bottom));
    }
}
