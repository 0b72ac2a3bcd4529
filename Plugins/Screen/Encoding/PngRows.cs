namespace LanCollab.Plugins.Screen;

/// <summary>
/// An area of a picture as the rows that a PNG is compressed from (W3C PNG, 7.2 and 9): the byte of the row's filter, then its pixels. A filter makes
/// different bytes of equal letters, so text has none; photographs have what suits a few sampled rows. Not for two threads at a time; its buffers
/// are used again and again.
/// </summary>
internal sealed class PngRows
{
    private const int Channels = 3, SampledRows = 4;

    private byte[] _row = [];
    private byte[] _above = [];

    /// <summary>Numbers of a palette, packed to so many bits.</summary>
    /// <param name="numbers">One for each pixel, row by row.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="depth">1, 2, 4 or 8 bits.</param>
    /// <param name="to">Gets the rows.</param>
    /// <returns>Their length in bytes.</returns>
    public static int Pack(ReadOnlySpan<byte> numbers, int width, int depth, Span<byte> to)
    {
        int perByte = 8 / depth, length = 0;
        for (; !numbers.IsEmpty; numbers = numbers[width..])
        {
            to[length++] = PngFilter.None;
            ReadOnlySpan<byte> row = numbers[..width];
            if (depth == 8)
            {
                row.CopyTo(to[length..]);
                length += width;
            }
            else
                for (int x = 0; x < width; x += perByte) to[length++] = Pack(row.Slice(x, Math.Min(perByte, width - x)), depth);
        }
        return length;
    }

    /// <summary>Shades of grey, or red, green and blue, 8 bits each.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="at">The area; for one channel it has nothing but grey.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="filtered">Choose a filter.</param>
    /// <param name="to">Gets the rows.</param>
    /// <returns>Their length in bytes.</returns>
    public int Write(Picture picture, Area at, int channels, bool filtered, Span<byte> to)
    {
        int rowBytes = at.Width * channels;
        if (filtered) return Filter(picture, at, channels, to);
        for (int y = at.Y; y < at.Bottom; y++, to = to[(1 + rowBytes)..])
        {
            to[0] = PngFilter.None;
            Read(picture.Row(at.X, y, at.Width), channels, to[1..]);
        }
        return (1 + rowBytes) * at.Height;
    }

    private int Filter(Picture picture, Area at, int channels, Span<byte> to)
    {
        int rowBytes = at.Width * channels, length = 0;
        if (_row.Length < channels + rowBytes) (_row, _above) = (new byte[channels + rowBytes], new byte[channels + rowBytes]);
        // As many bytes as a pixel has stay zero before the row: what is left of its first pixel.
        Array.Clear(_row);
        Array.Clear(_above);
        byte filter = Choose(picture, at, channels, to[..rowBytes]);
        Array.Clear(_above);
        for (int y = at.Y; y < at.Bottom; y++, length += rowBytes)
        {
            Read(picture.Row(at.X, y, at.Width), channels, _row.AsSpan(channels));
            to[length++] = filter;
            PngFilter.Apply(filter, _row, _above, channels, to.Slice(length, rowBytes));
            (_row, _above) = (_above, _row);
        }
        return length;
    }

    /// <summary>The filter that most of a few pairs of rows want.</summary>
    private byte Choose(Picture picture, Area at, int channels, Span<byte> scratch)
    {
        Span<int> votes = stackalloc int[PngFilter.Average + 1];
        votes.Clear();
        for (int i = 1; i <= SampledRows && at.Height > 1; i++)
        {
            int y = at.Y + Math.Clamp(i * at.Height / (SampledRows + 1), 1, at.Height - 1);
            Read(picture.Row(at.X, y - 1, at.Width), channels, _above.AsSpan(channels));
            Read(picture.Row(at.X, y, at.Width), channels, _row.AsSpan(channels));
            votes[PngFilter.Best(_row, _above, channels, scratch)]++;
        }
        int best = PngFilter.Sub;
        for (int filter = 0; filter < votes.Length; filter++)
            if (votes[filter] > votes[best]) best = filter;
        return (byte)best;
    }

    private static void Read(ReadOnlySpan<uint> pixels, int channels, Span<byte> bytes)
    {
        if (channels == 1) Greys.Read(pixels, bytes);
        else ToRgb(pixels, bytes);
    }

    /// <summary>Pixels as red, green and blue.</summary>
    public static void ToRgb(ReadOnlySpan<uint> pixels, Span<byte> rgb)
    {
        for (int i = 0, to = 0; i < pixels.Length; i++, to += Channels)
            (rgb[to], rgb[to + 1], rgb[to + 2]) = ((byte)(pixels[i] >> 16), (byte)(pixels[i] >> 8), (byte)pixels[i]);
    }

    private static byte Pack(ReadOnlySpan<byte> numbers, int depth)
    {
        int packed = 0, shift = 8;
        foreach (byte number in numbers) packed |= number << (shift -= depth);
        return (byte)packed;
    }
}
