using System.Numerics;
using System.Runtime.InteropServices;

namespace LanCollab.Plugins.Screen;

/// <summary>The row filters of PNG (W3C PNG, 9.2), for pixels of 8 bits a channel; Paeth is left out: it costs more than the others together.</summary>
internal static class PngFilter
{
    public const byte None = 0, Sub = 1, Up = 2, Average = 3;

    /// <summary>A filter of a row by the smallest sum of absolute differences (W3C PNG, 12.7).</summary>
    /// <param name="row">Its bytes, after as many bytes of zero as a pixel has.</param>
    /// <param name="above">The row above, in the same way.</param>
    /// <param name="channels">Bytes of a pixel.</param>
    /// <param name="scratch">As long as the row's own bytes.</param>
    public static byte Best(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int channels, Span<byte> scratch)
    {
        (byte Filter, long Cost) best = (None, long.MaxValue);
        for (byte filter = None; filter <= Average; filter++)
        {
            Apply(filter, row, above, channels, scratch);
            long cost = Cost(scratch);
            if (cost < best.Cost) best = (filter, cost);
        }
        return best.Filter;
    }

    /// <summary>Filters one row.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="row">Its bytes, after as many bytes of zero as a pixel has.</param>
    /// <param name="above">The row above, in the same way.</param>
    /// <param name="channels">Bytes of a pixel.</param>
    /// <param name="to">Gets the row's bytes.</param>
    public static void Apply(byte filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int channels, Span<byte> to)
    {
        ReadOnlySpan<byte> now = row[channels..], left = row, up = above[channels..];
        int i = 0;
        for (; i + Vector<byte>.Count <= to.Length; i += Vector<byte>.Count)
            (At(now, i) - Guess(filter, At(left, i), At(up, i))).CopyTo(to[i..]);
        for (; i < to.Length; i++) to[i] = (byte)(now[i] - Guess(filter, left[i], up[i]));
    }

    private static Vector<byte> At(ReadOnlySpan<byte> bytes, int at) => new(bytes.Slice(at, Vector<byte>.Count));

    // The half of the sum, rounded down, without leaving eight bits.
    private static Vector<byte> Guess(byte filter, Vector<byte> left, Vector<byte> up) => filter switch
    {
        Sub => left,
        Up => up,
        Average => (left & up) + Vector.BitwiseAnd(Vector.ShiftRightLogical((left ^ up).As<byte, ushort>(), 1).As<ushort, byte>(), new Vector<byte>(0x7F)),
        _ => Vector<byte>.Zero,
    };

    private static byte Guess(byte filter, byte left, byte up) => filter switch
    {
        Sub => left,
        Up => up,
        Average => (byte)((left + up) / 2),
        _ => 0,
    };

    private static long Cost(ReadOnlySpan<byte> filtered)
    {
        long sum = 0;
        ReadOnlySpan<Vector<byte>> vectors = MemoryMarshal.Cast<byte, Vector<byte>>(filtered);
        foreach (Vector<byte> vector in vectors)
        {
            Vector.Widen(Vector.Min(vector, Vector<byte>.Zero - vector), out Vector<ushort> low, out Vector<ushort> high);
            sum += Vector.Sum(low + high);
        }
        for (int i = vectors.Length * Vector<byte>.Count; i < filtered.Length; i++) sum += Math.Min(filtered[i], (byte)-filtered[i]);
        return sum;
    }
}
