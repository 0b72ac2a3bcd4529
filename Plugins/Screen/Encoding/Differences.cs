using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LanCollab.Plugins.Screen;

/// <summary>Which pixels of two rows differ, many at a time; without the processor's vectors the same, slower.</summary>
internal static class Differences
{
    /// <summary>The most pixels of <see cref="Of"/>: one bit for each.</summary>
    public const int MaxPixels = 64;

    private static int Step => Vector256<uint>.Count;

    /// <summary>One bit for each pixel that differs, the first one lowest.</summary>
    /// <param name="was">At most <see cref="MaxPixels"/>.</param>
    /// <param name="isNow">As many.</param>
    public static ulong Of(ReadOnlySpan<uint> was, ReadOnlySpan<uint> isNow)
    {
        ref uint one = ref MemoryMarshal.GetReference(was), other = ref MemoryMarshal.GetReference(isNow);
        int count = Math.Min(was.Length, isNow.Length), i = 0;
        ulong differ = 0;
        for (; i <= count - Step; i += Step)
            differ |= (ulong)(byte)~Vector256.Equals(Vector256.LoadUnsafe(ref one, (nuint)i), Vector256.LoadUnsafe(ref other, (nuint)i)).ExtractMostSignificantBits() << i;
        for (; i < count; i++)
            if (was[i] != isNow[i]) differ |= 1UL << i;
        return differ;
    }

    /// <summary>Whether all of 16 pixels are the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool None16(ref uint one, ref uint other) =>
        ((Vector256.LoadUnsafe(ref one) ^ Vector256.LoadUnsafe(ref other)) | (Vector256.LoadUnsafe(ref one, 8) ^ Vector256.LoadUnsafe(ref other, 8))) == Vector256<uint>.Zero;

    /// <summary>How many pixels differ from the one before.</summary>
    public static int ToNeighbours(ReadOnlySpan<uint> row)
    {
        int count = 0, i = 1;
        ref uint first = ref MemoryMarshal.GetReference(row);
        for (; i <= row.Length - Step; i += Step)
            count += Step - BitOperations.PopCount(Vector256.Equals(Vector256.LoadUnsafe(ref first, (nuint)i - 1), Vector256.LoadUnsafe(ref first, (nuint)i)).ExtractMostSignificantBits());
        for (; i < row.Length; i++) count += row[i] != row[i - 1] ? 1 : 0;
        return count;
    }
}
