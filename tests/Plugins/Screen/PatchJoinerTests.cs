using LanCollab.Plugins.Screen;

namespace LanCollab.Tests.Plugins.Screen;

public class PatchJoinerTests
{
    private const int Columns = 30, Rows = 17;

    private readonly PatchJoiner _joiner = new();

    [Fact]
    public void Tiles_of_text_become_images_as_wide_as_the_line_above_is_remembered_and_two_tiles_high()
    {
        Join(static (_, _) => Text());
        Assert.Contains(_joiner.Joined, joined => joined.At == new Area(0, 0, 1536, 128));
        Assert.All(_joiner.Joined, joined => Assert.InRange(joined.At.Pixels, 1, EncodedImage.MaxPixels));
        Assert.All(_joiner.Joined, joined => Assert.InRange(joined.At.Width, 1, 1536));
    }

    [Fact]
    public void Tiles_of_a_photograph_stay_small()
    {
        Join(static (_, _) => Text() with { Grainy = true });
        Assert.All(_joiner.Joined, joined => Assert.InRange(joined.At.Pixels, 4096, 64 * 1024));
        Assert.InRange(_joiner.Joined.Count, Columns * Rows / 16, Columns * Rows / 8);
    }

    private void Join(Func<int, int, Patch> kind)
    {
        List<Patch> tiles = [];
        for (int row = 0; row < Rows; row++)
            for (int column = 0; column < Columns; column++)
                tiles.Add(kind(column, row) with { At = new Area(column * TileGrid.TileSize, row * TileGrid.TileSize, TileGrid.TileSize, TileGrid.TileSize) });
        _joiner.Join(tiles);
        Assert.Equal(Columns * Rows * TileGrid.TileSize * TileGrid.TileSize, _joiner.Joined.Sum(static joined => joined.At.Pixels));
    }

    private static Patch Text() => new(default, Flat: false, 0, Moving: false, Grainy: false);
}
