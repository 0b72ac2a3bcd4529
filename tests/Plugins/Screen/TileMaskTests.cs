using LanCollab.Plugins.Screen;

namespace LanCollab.Tests.Plugins.Screen;

public class TileMaskTests
{
    private const int Second = 1000, Period = 40;

    private readonly TileMask _mask = Of(640, 400);

    [Fact]
    public void An_area_marks_the_tiles_that_it_touches_and_none_beyond_the_picture()
    {
        _mask.Add(new Area(63, 64, 2, 64));
        Assert.Equal((2, "1100000000"), (_mask.Count, Row(_mask, 1)));
        _mask.Add(new Area(600, -20, 500, 30));
        Assert.Equal((3, "0000000001"), (_mask.Count, Row(_mask, 0)));
        _mask.Add(new Area(640, 0, 10, 10));
        _mask.Add(new Area(0, 0, 0, 0));
        Assert.Equal(3, _mask.Count);
    }

    [Fact]
    public void Runs_of_a_row_come_one_after_the_other()
    {
        foreach (int x in (int[])[0, 1, 4, 8, 9]) _mask.Add(new Area(x * 64, 128, 1, 1));
        List<(int, int)> runs = [];
        for (int column = 0; (column = _mask.NextRun(2, column, out int end)) < _mask.Grid.Columns; column = end) runs.Add((column, end));
        Assert.Equal([(0, 2), (4, 5), (8, 10)], runs);
    }

    [Fact]
    public void What_touches_another_mask_goes_with_all_that_hangs_together_with_it()
    {
        TileMask taken = Of(640, 400);
        taken.Add(new Area(0, 0, 64, 64));
        // A chain from the taken tile's corner, and one tile on its own.
        foreach ((int column, int row) in ((int, int)[])[(1, 1), (2, 2), (3, 2), (4, 3), (8, 5)]) _mask.Add(new Area(column * 64, row * 64, 1, 1));
        _mask.RemoveWhatTouches(taken);
        Assert.Equal(1, _mask.Count);
        Assert.True(_mask[8, 5]);
    }

    [Fact]
    public void Pictures_of_one_thing_keep_their_distance_and_what_comes_early_changes_no_turn()
    {
        Turn turn = new Turn(Second, Second).After(Second, early: false, Period);
        Assert.Equal(new Turn(Second + 40, Second + 10), turn);
        Assert.Equal(new Turn(Second + 40, Second + 25), turn.After(Second + 15, early: true, Period));
        // A late one does not lower the rate, but after a rest there is none to catch up with.
        Assert.Equal(Second + 80, turn.After(Second + 45, early: false, Period).Next);
        Assert.Equal(Second + 500, turn.After(Second + 500, early: false, Period).Next);
    }

    private static TileMask Of(int width, int height)
    {
        var mask = new TileMask();
        mask.Reset(new TileGrid(width, height));
        return mask;
    }

    private static string Row(TileMask mask, int row) => string.Concat(Enumerable.Range(0, mask.Grid.Columns).Select(column => mask[column, row] ? '1' : '0'));
}
