using LanCollab.Plugins.Screen;

namespace LanCollab.Tests.Plugins.Screen;

public class GreyPartsTests
{
    private static readonly Area All = new(0, 0, 1536, 128);

    private readonly Drawing _page = new Drawing(1536, 128, 1).Text(All);
    private readonly List<Patch> _parts = [];

    [Fact]
    public void A_page_of_black_text_stays_one()
    {
        GreyParts.Add(_page.Picture, Of(All), _parts);
        Assert.Equal([Of(All)], _parts);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(700, 60)]
    [InlineData(1500, 120)]
    public void A_link_in_it_makes_only_its_own_part_coloured(int x, int y)
    {
        _page.Noise(new Area(x, y, 30, 8));
        GreyParts.Add(_page.Picture, Of(All), _parts);
        Assert.Equal(All.Pixels, _parts.Sum(part => part.At.Pixels));
        Assert.All(_parts, part => Assert.All(_parts, other => Assert.True(part == other || part.At.Intersect(other.At).IsEmpty)));
        Assert.All(_parts, part => Assert.True(part.At is { X: var left, Y: var top } && left % TileGrid.TileSize == 0 && top % TileGrid.TileSize == 0));
        Patch[] coloured = [.. _parts.Where(part => !Greys.Are(_page.Picture, part.At))];
        Assert.InRange(coloured.Sum(part => part.At.Pixels), 1, All.Pixels / 4);
    }

    [Fact]
    public void Where_there_is_colour_everywhere_it_stays_one()
    {
        for (int x = 0; x < All.Width; x += 50)
            for (int y = 0; y < All.Height; y += 30) _page.Noise(new Area(x, y, 9, 8));
        GreyParts.Add(_page.Picture, Of(All), _parts);
        Assert.Equal([Of(All)], _parts);
    }

    private static Patch Of(Area at) => new(at, Flat: false, 0, Moving: false, Grainy: false);
}
