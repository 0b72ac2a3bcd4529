using System.Buffers.Binary;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>
/// A binary frame of an update, the same on the wire, on the lane <c>screen.tiles</c> and in both directions. Big-endian.
/// <code>
///  0      1              5          7          9           11
/// ┌──────┬──────────────┬──────────┬──────────┬───────────┬─ count times ──────────────────────────────────────┐
/// │ kind │ frame number │  width   │  height  │   count   │ u8 op │ u16 x │ u16 y │ u16 width │ u16 height │ …  │
/// │  u8  │     u32      │   u16    │   u16    │    u16    │       │       │       │           │            │    │
/// └──────┴──────────────┴──────────┴──────────┴───────────┴─────────────────────────────────────────────────────┘
///                                                 1 image: │ u16 crop x │ u16 crop y │ u32 length │ PNG or JPEG │
///                                                 2 fill:  │ u8 red │ u8 green │ u8 blue │
///                                                 3 copy:  │ u16 from x │ u16 from y │
///                                                 4 again: │ u16 crop x │ u16 crop y │ u32 which │
/// </code>
/// An update is one or more frames with the same number and size: <see cref="Part"/> for all but the last, which is <see cref="End"/>.
/// Reading checks all that can be checked without decoding: lengths, places, signatures and sizes of images.
/// </summary>
internal ref struct TileFrame
{
    /// <summary>Kind: more frames of this update follow.</summary>
    public const byte Part = 1;

    /// <summary>Kind: the picture is complete as of this frame number.</summary>
    public const byte End = 2;

    /// <summary>Frames are cut before they grow beyond this many bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    public const int HeaderLength =
        sizeof(byte) +   // kind
        sizeof(uint) +   // frame number
        sizeof(ushort) + // width
        sizeof(ushort) + // height
        sizeof(ushort);  // count

    public const int OpLength =
        sizeof(byte) +      // op
        4 * sizeof(ushort); // x, y, width, height

    private const int NumberAt = 1, WidthAt = 5, HeightAt = 7, CountAt = 9;
    private const int XAt = 1, YAt = 3, OpWidthAt = 5, OpHeightAt = 7;
    private const int FromXAt = 0, FromYAt = 2, LengthAt = 4;

    private ReadOnlySpan<byte> _rest;
    private int _left;

    /// <summary>Reads the header.</summary>
    /// <exception cref="ProtocolErrorException">It is none.</exception>
    public TileFrame(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < HeaderLength)
            throw new ProtocolErrorException($"A frame of tiles has {payload.Length} bytes; its header alone takes {HeaderLength}.");
        if (payload[0] is not (Part or End)) throw new ProtocolErrorException($"A frame of tiles is of kind {payload[0]}; known are {Part} and {End}.");
        IsEnd = payload[0] == End;
        Number = BinaryPrimitives.ReadUInt32BigEndian(payload[NumberAt..]);
        Grid = new TileGrid(
            BinaryPrimitives.ReadUInt16BigEndian(payload[WidthAt..]), BinaryPrimitives.ReadUInt16BigEndian(payload[HeightAt..])).Checked();
        _left = BinaryPrimitives.ReadUInt16BigEndian(payload[CountAt..]);
        _rest = payload[HeaderLength..];
    }

    /// <summary>True in the last frame of an update.</summary>
    public bool IsEnd { get; }

    /// <summary>The update's number; grows within a presentation.</summary>
    public uint Number { get; }

    /// <summary>The picture's size.</summary>
    public TileGrid Grid { get; }

    /// <summary>Bytes of everything but the header and the images in a frame's operation of this kind.</summary>
    public static int LengthOf(OpKind kind) => OpLength + kind switch
    {
        OpKind.Image or OpKind.Again => 2 * sizeof(ushort) + sizeof(uint),
        OpKind.Fill => 3,
        _ => 2 * sizeof(ushort),
    };

    /// <summary>Reads the next operation; false after the last.</summary>
    /// <param name="images">The images of this update so far; one that comes is added.</param>
    /// <param name="op">What was read.</param>
    /// <exception cref="ProtocolErrorException">A length, a place or an image is wrong, or bytes are left over.</exception>
    public bool TryNext(List<EncodedImage> images, out Op op)
    {
        op = default;
        if (_left == 0)
            return _rest.IsEmpty ? false : throw new ProtocolErrorException($"{_rest.Length} bytes follow the last operation of a frame.");
        _left--;
        ReadOnlySpan<byte> head = Take(OpLength);
        var kind = (OpKind)head[0];
        var at = new Area(Short(head, XAt), Short(head, YAt), Short(head, OpWidthAt), Short(head, OpHeightAt));
        CheckPlace(at);
        op = kind switch
        {
            OpKind.Image => ReadImage(at, images),
            OpKind.Again => ReadAgain(at, images),
            OpKind.Fill => Op.Fill(at, ReadColour()),
            OpKind.Copy => ReadCopy(at),
            _ => throw new ProtocolErrorException($"An operation is of kind {head[0]}; known are 1 to 4."),
        };
        return true;
    }

    private Op ReadImage(Area at, List<EncodedImage> images)
    {
        ReadOnlySpan<byte> head = Take(2 * sizeof(ushort) + sizeof(uint));
        uint length = BinaryPrimitives.ReadUInt32BigEndian(head[LengthAt..]);
        if (length > EncodedImage.MaxBytes || length > _rest.Length)
            throw new ProtocolErrorException($"An image of {length} bytes is announced; {_rest.Length} are left and {EncodedImage.MaxBytes} are allowed.");
        var image = EncodedImage.Read(Take((int)length));
        images.Add(image);
        return Window(at, image, head);
    }

    private Op ReadAgain(Area at, List<EncodedImage> images)
    {
        ReadOnlySpan<byte> head = Take(2 * sizeof(ushort) + sizeof(uint));
        uint which = BinaryPrimitives.ReadUInt32BigEndian(head[LengthAt..]);
        return which < images.Count
            ? Window(at, images[(int)which], head)
            : throw new ProtocolErrorException($"Image {which} of an update is asked for; it has brought {images.Count}.");
    }

    private static Op Window(Area at, EncodedImage image, ReadOnlySpan<byte> head)
    {
        int x = Short(head, FromXAt), y = Short(head, FromYAt);
        return x + at.Width <= image.Width && y + at.Height <= image.Height
            ? Op.Draw(at, image, x, y)
            : throw new ProtocolErrorException($"A window of {at.Width}x{at.Height} at {x},{y} lies outside its image of {image.Width}x{image.Height} pixels.");
    }

    private uint ReadColour()
    {
        ReadOnlySpan<byte> colour = Take(3);
        return (uint)(colour[0] << 16 | colour[1] << 8 | colour[2]);
    }

    private Op ReadCopy(Area at)
    {
        ReadOnlySpan<byte> from = Take(2 * sizeof(ushort));
        Op copy = Op.Copy(at, Short(from, FromXAt), Short(from, FromYAt));
        CheckPlace(copy.Source);
        return copy;
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (_rest.Length < length) throw new ProtocolErrorException($"{length} more bytes are needed, but {_rest.Length} are left.");
        ReadOnlySpan<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    private readonly void CheckPlace(Area at)
    {
        if (at.IsEmpty || at.Right > Grid.Width || at.Bottom > Grid.Height)
            throw new ProtocolErrorException($"{at.Width}x{at.Height} pixels at {at.X},{at.Y} lie outside the picture of {Grid.Width}x{Grid.Height}.");
    }

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);

    /// <summary>Writes the header over the first bytes of a frame.</summary>
    public static void WriteHeader(Span<byte> frame, byte kind, uint number, TileGrid grid, int count)
    {
        frame[0] = kind;
        BinaryPrimitives.WriteUInt32BigEndian(frame[NumberAt..], number);
        BinaryPrimitives.WriteUInt16BigEndian(frame[WidthAt..], (ushort)grid.Width);
        BinaryPrimitives.WriteUInt16BigEndian(frame[HeightAt..], (ushort)grid.Height);
        BinaryPrimitives.WriteUInt16BigEndian(frame[CountAt..], (ushort)count);
    }

    /// <summary>Writes one operation.</summary>
    /// <param name="to">Long enough for <see cref="LengthOf"/> and the image.</param>
    /// <param name="op">Which.</param>
    /// <param name="again">The image's number when this update has brought it already; negative: it is written.</param>
    public static void WriteOp(Span<byte> to, in Op op, int again)
    {
        to[0] = (byte)(again >= 0 ? OpKind.Again : op.Kind);
        WriteShort(to, XAt, op.At.X);
        WriteShort(to, YAt, op.At.Y);
        WriteShort(to, OpWidthAt, op.At.Width);
        WriteShort(to, OpHeightAt, op.At.Height);
        Span<byte> rest = to[OpLength..];
        if (op.Kind == OpKind.Fill) (rest[0], rest[1], rest[2]) = ((byte)(op.Colour >> 16), (byte)(op.Colour >> 8), (byte)op.Colour);
        else
        {
            WriteShort(rest, FromXAt, op.FromX);
            WriteShort(rest, FromYAt, op.FromY);
        }
        if (op.Image is not { } image) return;
        BinaryPrimitives.WriteInt32BigEndian(rest[LengthAt..], again >= 0 ? again : image.Bytes.Length);
        if (again < 0) image.Bytes.CopyTo(rest[(LengthAt + sizeof(uint))..]);
    }

    private static void WriteShort(Span<byte> to, int at, int value) => BinaryPrimitives.WriteUInt16BigEndian(to[at..], (ushort)value);
}
