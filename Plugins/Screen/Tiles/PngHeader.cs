using System.Buffers.Binary;

namespace LanCollab.Plugins.Screen;

/// <summary>
/// The start of a PNG (W3C PNG, 5.2 and 11.2.2), read without decoding anything:
/// <code>
///  0        8            12        16           20            24
/// ┌──────────┬────────────┬─────────┬────────────┬─────────────┬───
/// │signature │length = 13 │ "IHDR"  │ u32 width  │ u32 height  │ …
/// └──────────┴────────────┴─────────┴────────────┴─────────────┴───
/// </code>
/// </summary>
internal static class PngHeader
{
    /// <summary>Signature, IHDR, IDAT without data, IEND.</summary>
    public const int Shortest = 8 + 25 + 12 + 12;

    private const int LengthAt = 8, TypeAt = 12, WidthAt = 16, HeightAt = 20;

    /// <summary>The first eight bytes of every PNG.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>False when this is no PNG.</summary>
    /// <param name="png">At least its first 24 bytes.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    public static bool TryRead(ReadOnlySpan<byte> png, out uint width, out uint height)
    {
        (width, height) = (0, 0);
        if (png.Length < Shortest || !png.StartsWith(Signature)) return false;
        if (BinaryPrimitives.ReadUInt32BigEndian(png[LengthAt..]) != 13 || !png[TypeAt..WidthAt].SequenceEqual("IHDR"u8)) return false;
        width = BinaryPrimitives.ReadUInt32BigEndian(png[WidthAt..]);
        height = BinaryPrimitives.ReadUInt32BigEndian(png[HeightAt..]);
        return true;
    }
}
