using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LanCollab.Plugins.Screen;

/// <summary>
/// Areas without any colour: text with soft edges has some 250 shades of grey, which PNG takes as they are, in one byte each and without a palette.
/// </summary>
internal static class Greys
{
    private static int Step => Vector256<uint>.Count;

    /// <summary>Whether all pixels of an area are grey; ends at the first row with one that is not.</summary>
    public static bool Are(Picture picture, Area at)
    {
        for (int y = at.Y; y < at.Bottom; y++)
            if (!Are(picture.Row(at.X, y, at.Width))) return false;
        return true;
    }

    /// <summary>The shades of a row that is grey.</summary>
    /// <param name="row">Pixels as 0xXXRRGGBB.</param>
    /// <param name="shades">Gets as many, from 0 (black) to 255.</param>
    public static void Read(ReadOnlySpan<uint> row, Span<byte> shades)
    {
        ref uint first = ref MemoryMarshal.GetReference(row);
        Vector256<uint> low = Vector256.Create(0xFFu);
        int i = 0;
        for (; i <= row.Length - 4 * Step; i += 4 * Step)
            Vector256.Narrow(Two(ref first, i, low), Two(ref first, i + 2 * Step, low)).CopyTo(shades[i..]);
        for (; i < row.Length; i++) shades[i] = (byte)row[i];
    }

    private static Vector256<ushort> Two(ref uint first, int at, Vector256<uint> low) =>
        Vector256.Narrow(Vector256.LoadUnsafe(ref first, (nuint)at) & low, Vector256.LoadUnsafe(ref first, (nuint)(at + Step)) & low);

    // Of a grey pixel each byte is the one above it.
    private static bool Are(ReadOnlySpan<uint> row)
    {
        ref uint first = ref MemoryMarshal.GetReference(row);
        Vector256<uint> differ = Vector256<uint>.Zero, colour = Vector256.Create(0xFFFFu);
        int i = 0;
        for (; i <= row.Length - Step; i += Step)
        {
            Vector256<uint> pixels = Vector256.LoadUnsafe(ref first, (nuint)i);
            differ |= pixels ^ (pixels >>> 8);
        }
        uint rest = 0;
        for (; i < row.Length; i++) rest |= row[i] ^ (row[i] >> 8);
        return (differ & colour) == Vector256<uint>.Zero && (rest & 0xFFFF) == 0;
    }
}
