using System.Buffers.Binary;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>
/// A page of slides on its way to the hub, or from there to who asked for it; big-endian. Nobody on the way decodes it.
/// <code>
///  0      1          3       4
/// ┌──────┬──────────┬───────┬──────────────┐
/// │ u8 5 │ u16 page │ small │ PNG or JPEG  │   small: 1 for the thumbnail
/// └──────┴──────────┴───────┴──────────────┘
/// </code>
/// </summary>
internal static class PageFrame
{
    /// <summary>Kind: a page.</summary>
    public const byte Kind = 5;

    /// <summary>Of all but the image.</summary>
    public const int HeaderLength = 4;

    /// <summary>The longest image: a frame of this service takes 2 MiB.</summary>
    public const int MaxImage = FrameLimits.Tiles - HeaderLength;

    /// <summary>True for a frame of this kind.</summary>
    public static bool Is(ReadOnlySpan<byte> frame) => frame.Length > 0 && frame[0] == Kind;

    /// <summary>Reads and checks one.</summary>
    /// <exception cref="ProtocolErrorException">It is too short, or carries no image of a possible size.</exception>
    public static (int Page, bool Small) Read(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < HeaderLength) throw new ProtocolErrorException($"A page of slides has {frame.Length} bytes.");
        ReadOnlySpan<byte> image = frame[HeaderLength..];
        if (!PngHeader.TryRead(image, out uint width, out uint height) && !JpegHeader.TryRead(image, out width, out height))
            throw new ProtocolErrorException("A page of slides is neither PNG nor JPEG.");
        if (width is 0 or > TileGrid.MaxSide || height is 0 or > TileGrid.MaxSide || width * height > TileGrid.MaxPixels)
            throw new ProtocolErrorException($"A page of slides has {width}x{height} pixels; allowed are 1 to {TileGrid.MaxSide} a side and {TileGrid.MaxPixels} in all.");
        return (BinaryPrimitives.ReadUInt16BigEndian(frame[1..]), frame[3] != 0);
    }

    /// <summary>Writes one.</summary>
    public static byte[] Write(int page, bool small, ReadOnlySpan<byte> image)
    {
        byte[] frame = new byte[HeaderLength + image.Length];
        frame[0] = Kind;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(1), (ushort)page);
        frame[3] = (byte)(small ? 1 : 0);
        image.CopyTo(frame.AsSpan(HeaderLength));
        return frame;
    }
}
