using System.Buffers.Binary;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>How a mouse pointer looks.</summary>
/// <param name="Number">Another look is another number; not 0.</param>
/// <param name="HotX">The column of the image that points.</param>
/// <param name="HotY">The row of the image that points.</param>
/// <param name="Image">A PNG with alpha.</param>
internal sealed record PointerShape(uint Number, int HotX, int HotY, EncodedImage Image);

/// <summary>Where the presenter's mouse pointer is; it is never painted into the picture.</summary>
/// <param name="X">Of its hot spot in the picture.</param>
/// <param name="Y">Of its hot spot in the picture.</param>
/// <param name="Shape">Null: it is not to be seen.</param>
internal sealed record Pointer(int X, int Y, PointerShape? Shape)
{
    /// <summary>Nothing to be seen.</summary>
    public static Pointer Hidden { get; } = new(0, 0, null);
}

/// <summary>
/// Frames of the pointer, on the same ways as <see cref="TileFrame"/>, big-endian. They belong to no update and are not acknowledged.
/// <code>
///  0      1         3         5                 0      1         5         7         9
/// ┌──────┬─────────┬─────────┬───────────┐     ┌──────┬─────────┬─────────┬─────────┬─────┐
/// │ u8 3 │ u16 x   │ u16 y   │ u32 shape │     │ u8 4 │ u32     │ u16     │ u16     │ PNG │
/// │      │         │         │ 0: hidden │     │      │ shape   │ hot x   │ hot y   │     │
/// └──────┴─────────┴─────────┴───────────┘     └──────┴─────────┴─────────┴─────────┴─────┘
/// </code>
/// </summary>
internal static class PointerFrame
{
    /// <summary>Kind: where it is.</summary>
    public const byte Place = 3;

    /// <summary>Kind: how it looks.</summary>
    public const byte Shape = 4;

    /// <summary>The longest side of a pointer.</summary>
    public const int MaxSide = 256;

    private const int PlaceLength = 9, ShapeHeader = 9;

    /// <summary>True for a frame of one of the two kinds.</summary>
    public static bool Is(ReadOnlySpan<byte> frame) => frame.Length > 0 && frame[0] is Place or Shape;

    /// <summary>The pointer after a frame.</summary>
    /// <param name="before">As it was; the shape counts also while it is hidden.</param>
    /// <param name="known">The newest shape; replaced by one that comes.</param>
    /// <param name="frame">What came.</param>
    /// <exception cref="ProtocolErrorException">It is wrong.</exception>
    public static Pointer Read(Pointer before, ref PointerShape? known, ReadOnlySpan<byte> frame)
    {
        if (frame[0] == Place) return ReadPlace(known, frame);
        known = ReadShape(frame);
        return before;
    }

    private static Pointer ReadPlace(PointerShape? known, ReadOnlySpan<byte> frame)
    {
        if (frame.Length != PlaceLength) throw new ProtocolErrorException($"A pointer's place has {frame.Length} bytes instead of {PlaceLength}.");
        uint shape = BinaryPrimitives.ReadUInt32BigEndian(frame[5..]);
        if (shape == 0) return Pointer.Hidden;
        if (known?.Number != shape) throw new ProtocolErrorException($"The pointer has shape {shape}, which has not come.");
        return new Pointer(BinaryPrimitives.ReadUInt16BigEndian(frame[1..]), BinaryPrimitives.ReadUInt16BigEndian(frame[3..]), known);
    }

    private static PointerShape ReadShape(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < ShapeHeader + PngHeader.Shortest) throw new ProtocolErrorException($"A pointer's shape has {frame.Length} bytes.");
        uint number = BinaryPrimitives.ReadUInt32BigEndian(frame[1..]);
        var image = EncodedImage.Read(frame[ShapeHeader..]);
        if (number == 0 || image.Width > MaxSide || image.Height > MaxSide)
            throw new ProtocolErrorException($"A pointer of {image.Width}x{image.Height} pixels came as shape {number}; allowed are {MaxSide} a side and numbers from 1.");
        return new PointerShape(number, BinaryPrimitives.ReadUInt16BigEndian(frame[5..]), BinaryPrimitives.ReadUInt16BigEndian(frame[7..]), image);
    }

    /// <summary>Tells where it is.</summary>
    public static byte[] WritePlace(Pointer pointer)
    {
        byte[] frame = new byte[PlaceLength];
        frame[0] = Place;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(1), (ushort)Math.Clamp(pointer.X, 0, ushort.MaxValue));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(3), (ushort)Math.Clamp(pointer.Y, 0, ushort.MaxValue));
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(5), pointer.Shape?.Number ?? 0);
        return frame;
    }

    /// <summary>Tells how it looks.</summary>
    public static byte[] WriteShape(PointerShape shape)
    {
        byte[] frame = new byte[ShapeHeader + shape.Image.Bytes.Length];
        frame[0] = Shape;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), shape.Number);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(5), (ushort)shape.HotX);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(7), (ushort)shape.HotY);
        shape.Image.Bytes.CopyTo(frame, ShapeHeader);
        return frame;
    }
}
