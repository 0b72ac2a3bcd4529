using System.Globalization;

namespace LanCollab.Plugins.Files;

/// <summary>The part of a file that a browser asks for with <c>Range</c> (RFC 9110, 14.2). One part; several are answered with the whole.</summary>
/// <param name="From">The first byte.</param>
/// <param name="To">Behind the last byte.</param>
/// <param name="IsWhole">Nothing, or nothing that is understood, was asked for.</param>
internal readonly record struct ByteRange(long From, long To, bool IsWhole)
{
    /// <summary>Bytes.</summary>
    public long Length => To - From;

    /// <summary>Reads the header; null when the part lies outside of the file (status 416).</summary>
    public static ByteRange? Parse(string? header, long size)
    {
        var whole = new ByteRange(0, size, true);
        if (header is null || !header.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase)) return whole;
        string[] ends = header["bytes=".Length..].Split('-');
        if (ends is not [var first, var last]) return whole;
        if (!TryRead(first, out long? from) || !TryRead(last, out long? to) || (from is null && to is null)) return whole;
        return (from, to) switch
        {
            (null, 0) => null,
            (null, var suffix) => size == 0 ? null : new ByteRange(Math.Max(0, size - suffix!.Value), size, false),
            ({ } start, _) when start >= size => null,
            ({ } start, { } end) when end < start => whole,
            ({ } start, { } end) => new ByteRange(start, Math.Min(end + 1, size), false),
            ({ } start, _) => new ByteRange(start, size, false),
        };
    }

    private static bool TryRead(string text, out long? value)
    {
        value = null;
        if (text.Trim().Length == 0) return true;
        if (!long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) || number == long.MaxValue) return false;
        value = number;
        return true;
    }
}
