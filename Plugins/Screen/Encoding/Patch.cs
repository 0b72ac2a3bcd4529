namespace LanCollab.Plugins.Screen;

/// <summary>A rectangle that is to be sent.</summary>
/// <param name="At">Where.</param>
/// <param name="Flat">One colour all over.</param>
/// <param name="Colour">Of a flat one: 0xRRGGBB.</param>
/// <param name="Grainy">Hardly two neighbouring pixels are alike, as in a photograph: each costs a byte or two.</param>
/// <param name="Moving">It has changed again and again: worth less care.</param>
internal readonly record struct Patch(Area At, bool Flat, uint Colour, bool Moving, bool Grainy)
{
    /// <summary>The colour of a pixel without its unused byte.</summary>
    public const uint ColourMask = 0xFFFFFF;

    private const int SampledRows = 4;

    /// <summary>Looks at what has changed there.</summary>
    public static Patch Of(Picture picture, Area at, bool moving)
    {
        uint first = picture.Row(at.X, at.Y, 1)[0];
        for (int y = at.Y; y < at.Bottom; y++)
            if (picture.Row(at.X, y, at.Width).ContainsAnyExcept(first)) return new Patch(at, false, 0, moving, IsGrainy(picture, at));
        return new Patch(at, true, first & ColourMask, false, false);
    }

    /// <summary>Of a few rows: do more than three in four pixels differ from the one before?</summary>
    public static bool IsGrainy(Picture picture, Area at) => Liveliness(picture, at) > 75;

    /// <summary>Of a few rows: do fewer than one in three pixels differ from the one before, as in text that has nothing of a photograph beside it?</summary>
    public static bool IsCalm(Picture picture, Area at) => Liveliness(picture, at) < 33;

    /// <summary>How many of a hundred pixels differ from the one before.</summary>
    private static int Liveliness(Picture picture, Area at)
    {
        int differ = 0, seen = 0;
        for (int y = at.Y + at.Height / (2 * SampledRows); y < at.Bottom; y += Math.Max(1, at.Height / SampledRows), seen += at.Width - 1)
            differ += Differences.ToNeighbours(picture.Row(at.X, y, at.Width));
        return seen == 0 ? 0 : differ * 100 / seen;
    }
}
