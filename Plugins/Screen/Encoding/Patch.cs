namespace LanCollab.Plugins.Screen;

/// <summary>A rectangle that is to be sent.</summary>
/// <param name="At">Where.</param>
/// <param name="Flat">One colour all over.</param>
/// <param name="Colour">Of a flat one: 0xRRGGBB.</param>
/// <param name="Moving">It has changed again and again: worth less care.</param>
internal readonly record struct Patch(Area At, bool Flat, uint Colour, bool Moving)
{
    /// <summary>The colour of a pixel without its unused byte.</summary>
    public const uint ColourMask = 0xFFFFFF;

    /// <summary>Looks at what has changed there.</summary>
    public static Patch Of(Picture picture, Area at, bool moving)
    {
        uint first = picture.Row(at.X, at.Y, 1)[0];
        for (int y = at.Y; y < at.Bottom; y++)
            if (picture.Row(at.X, y, at.Width).ContainsAnyExcept(first)) return new Patch(at, false, 0, moving);
        return new Patch(at, true, first & ColourMask, false);
    }
}
