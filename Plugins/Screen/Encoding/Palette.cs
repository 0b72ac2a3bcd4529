namespace LanCollab.Plugins.Screen;

/// <summary>The colours of an area, when there are at most 256, and each pixel's number among them.</summary>
internal sealed class Palette
{
    /// <summary>The most colours of a PNG palette.</summary>
    public const int MaxColours = 256;

    private const int Bits = 11, Size = 1 << Bits;

    private readonly uint[] _keys = new uint[Size];
    private readonly short[] _numbers = new short[Size];
    private readonly uint[] _colours = new uint[MaxColours];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>They, as 0xRRGGBB, in the order of their first appearance.</summary>
    public ReadOnlySpan<uint> Colours => _colours.AsSpan(0, Count);

    /// <summary>Bits of a pixel in a PNG with this palette: 1, 2, 4 or 8.</summary>
    public int Depth => Count <= 2 ? 1 : Count <= 4 ? 2 : Count <= 16 ? 4 : 8;

    /// <summary>Numbers all pixels; false as soon as there are too many colours.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="at">The area.</param>
    /// <param name="numbers">One byte for each of its pixels, row by row.</param>
    /// <param name="most">So many colours are not too many.</param>
    public bool TryRead(Picture picture, Area at, Span<byte> numbers, int most = MaxColours)
    {
        Array.Fill(_numbers, (short)-1);
        Count = 0;
        uint last = ~picture.Row(at.X, at.Y, 1)[0];
        byte number = 0;
        for (int y = at.Y, to = 0; y < at.Bottom; y++)
            foreach (uint pixel in picture.Row(at.X, y, at.Width))
            {
                if (pixel != last && !TryNumber((last = pixel) & Patch.ColourMask, most, out number)) return false;
                numbers[to++] = number;
            }
        return true;
    }

    private bool TryNumber(uint colour, int most, out byte number)
    {
        uint slot = colour * 0x9E3779B1 >> (32 - Bits);
        while (_numbers[slot] >= 0 && _keys[slot] != colour) slot = (slot + 1) % Size;
        number = (byte)_numbers[slot];
        if (_numbers[slot] >= 0) return true;
        if (Count == most) return false;
        (_keys[slot], _numbers[slot], number) = (colour, (short)Count, (byte)Count);
        _colours[Count++] = colour;
        return true;
    }
}
