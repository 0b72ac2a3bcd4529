using CsCheck;
using LanCollab.Plugins.Screen;

namespace LanCollab.Tests.Plugins.Screen;

public class DifferencesTests
{
    private const int Colours = 3;

    /// <summary>Rows of all lengths, in memory that begins anywhere.</summary>
    private static readonly Gen<(uint[] Was, uint[] IsNow, int At)> Rows =
        from length in Gen.Int[0, Differences.MaxPixels]
        from at in Gen.Int[0, 9]
        from was in Gen.UInt[0, Colours].Array[length + at]
        from isNow in Gen.UInt[0, Colours].Array[length + at]
        select (was, isNow, at);

    [Fact]
    public void Each_pixel_that_differs_has_its_bit_and_no_other() => Rows.Sample(rows =>
    {
        ReadOnlySpan<uint> was = rows.Was.AsSpan(rows.At), isNow = rows.IsNow.AsSpan(rows.At);
        ulong expected = 0;
        for (int i = 0; i < was.Length; i++)
            if (was[i] != isNow[i]) expected |= 1UL << i;
        Assert.Equal(expected, Differences.Of(was, isNow));
        Assert.Equal(0ul, Differences.Of(was, was));
    });

    [Fact]
    public void Pixels_that_differ_from_the_one_before_are_counted() => Rows.Sample(rows =>
    {
        ReadOnlySpan<uint> row = rows.Was.AsSpan(rows.At);
        int expected = 0;
        for (int i = 1; i < row.Length; i++) expected += row[i] != row[i - 1] ? 1 : 0;
        Assert.Equal(expected, Differences.ToNeighbours(row));
    });

    [Fact]
    public void Sixteen_pixels_are_the_same_or_one_of_them_is_not() => Gen.Select(Gen.UInt.Array[16], Gen.Int[0, 31], Gen.UInt[1, uint.MaxValue]).Sample((row, place, change) =>
    {
        uint[] other = [.. row];
        if (place < other.Length) other[place] ^= change;
        Assert.Equal(place >= other.Length, Differences.None16(ref row[0], ref other[0]));
    });
}
