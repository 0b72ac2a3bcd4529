using LanCollab.Plugins.Screen;

namespace LanCollab.Tests.Plugins.Screen;

/// <summary>A screen on which something happens: random rectangles of one colour or of noise, the same for the same seed.</summary>
internal sealed class Drawing
{
    private readonly Random _random;

    public Drawing(int width, int height, int seed)
    {
        (Picture, _random) = (new Picture(width, height), new Random(seed));
        for (int i = 3; i < Picture.Pixels.Length; i += 4) Picture.Pixels[i] = 255;
    }

    public Picture Picture { get; }

    public Drawing Change()
    {
        (int width, int height) = (Picture.Grid.Width, Picture.Grid.Height);
        int x = _random.Next(width), y = _random.Next(height);
        int right = Math.Min(width, x + 1 + _random.Next(150)), bottom = Math.Min(height, y + 1 + _random.Next(150));
        bool noise = _random.Next(3) == 0;
        int colour = _random.Next();
        for (int row = y; row < bottom; row++)
            for (int column = x; column < right; column++) Set(column, row, noise ? _random.Next() : colour);
        return this;
    }

    public Drawing Noise()
    {
        for (int y = 0; y < Picture.Grid.Height; y++)
            for (int x = 0; x < Picture.Grid.Width; x++) Set(x, y, _random.Next());
        return this;
    }

    private void Set(int x, int y, int colour)
    {
        Span<byte> pixel = Picture.Pixels.AsSpan((y * Picture.Grid.Width + x) * 4, 4);
        (pixel[0], pixel[1], pixel[2]) = ((byte)colour, (byte)(colour >> 8), (byte)(colour >> 16));
    }
}
