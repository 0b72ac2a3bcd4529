using LanCollab.Plugins.Screen;

namespace LanCollab.Tests.Plugins.Screen;

/// <summary>A screen on which something happens: rectangles of one colour, of noise or of text, and areas that move; the same for the same seed.</summary>
internal sealed class Drawing
{
    private readonly Random _random;

    public Drawing(int width, int height, int seed) => (Picture, _random) = (new Picture(width, height), new Random(seed));

    public Picture Picture { get; }

    /// <summary>The pixels as viewers should see them.</summary>
    public uint[] Pixels => Canvas.PixelsOf(Picture);

    public Drawing Change()
    {
        Area at = Some(150, 150);
        int kind = _random.Next(4);
        if (kind == 0) return Move();
        uint colour = (uint)_random.Next(1 << 24);
        for (int y = at.Y; y < at.Bottom; y++)
            for (int x = at.X; x < at.Right; x++)
                Set(x, y, kind == 1 ? (uint)_random.Next(1 << 24) : kind == 2 && _random.Next(4) == 0 ? ~colour & 0xFFFFFF : colour);
        return this;
    }

    /// <summary>An area shows what stood somewhere else.</summary>
    public Drawing Move()
    {
        Area to = Some(600, 600);
        int fromX = _random.Next(Picture.Grid.Width - to.Width + 1), fromY = _random.Next(Picture.Grid.Height - to.Height + 1);
        var before = new Picture(Picture.Grid.Width, Picture.Grid.Height);
        Picture.Pixels.CopyTo(before.Pixels);
        for (int y = 0; y < to.Height; y++) before.Row(fromX, fromY + y, to.Width).CopyTo(Picture.Row(to.X, to.Y + y, to.Width));
        return this;
    }

    /// <summary>The content of an area goes up, and new text appears below.</summary>
    public Drawing Scroll(Area within, int by)
    {
        for (int y = within.Y; y < within.Bottom - by; y++) Picture.Row(within.X, y + by, within.Width).CopyTo(Picture.Row(within.X, y, within.Width));
        return Text(Area.Between(within.X, within.Bottom - by, within.Right, within.Bottom));
    }

    /// <summary>Dark marks on white.</summary>
    public Drawing Text(Area within)
    {
        for (int y = within.Y; y < within.Bottom; y++)
            for (int x = within.X; x < within.Right; x++) Set(x, y, _random.Next(4) == 0 ? (uint)_random.Next(4) * 0x202020 : 0xFFFFFF);
        return this;
    }

    public Drawing Noise() => Noise(new Area(0, 0, Picture.Grid.Width, Picture.Grid.Height));

    public Drawing Noise(Area within)
    {
        for (int y = within.Y; y < within.Bottom; y++)
            for (int x = within.X; x < within.Right; x++) Set(x, y, (uint)_random.Next(1 << 24));
        return this;
    }

    private Area Some(int widest, int highest)
    {
        int x = _random.Next(Picture.Grid.Width), y = _random.Next(Picture.Grid.Height);
        return Area.Between(x, y, Math.Min(Picture.Grid.Width, x + 1 + _random.Next(widest)), Math.Min(Picture.Grid.Height, y + 1 + _random.Next(highest)));
    }

    // The unused byte is anything, as on a display.
    private void Set(int x, int y, uint colour) => Picture.Row(x, y, 1)[0] = colour | (uint)(x ^ y) << 31;
}
