using System.Buffers.Binary;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>
/// A binary frame of tiles, the same on the wire, on the lane <c>screen.tiles</c> and in both directions. Big-endian.
/// <code>
///  0      1              5          7          9           11
/// ┌──────┬──────────────┬──────────┬──────────┬───────────┬─ count times ─────────────────────────────┐
/// │ kind │ frame number │  width   │  height  │   count   │ u16 column │ u16 row │ u32 length │  PNG  │
/// │  u8  │     u32      │   u16    │   u16    │    u16    │            │         │            │       │
/// └──────┴──────────────┴──────────┴──────────┴───────────┴────────────────────────────────────────────┘
/// </code>
/// An update is one or more frames with the same number and size: <see cref="Part"/> for all but the last, which is <see cref="End"/>.
/// Reading checks all that can be checked without decoding: lengths, the tile's place, the PNG's signature and size.
/// </summary>
internal ref struct TileFrame
{
    /// <summary>Kind: more frames of this update follow.</summary>
    public const byte Part = 1;

    /// <summary>Kind: the picture is complete as of this frame number.</summary>
    public const byte End = 2;

    /// <summary>Frames are cut before they grow beyond this many bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>The longest PNG of a tile: 64 x 64 RGBA that does not compress takes 16.5 KiB.</summary>
    public const int MaxTileBytes = 32 * 1024;

    public const int HeaderLength =
        sizeof(byte) +   // kind
        sizeof(uint) +   // frame number
        sizeof(ushort) + // width
        sizeof(ushort) + // height
        sizeof(ushort);  // count

    public const int TileHeaderLength =
        sizeof(ushort) + // column
        sizeof(ushort) + // row
        sizeof(uint);    // length

    private const int NumberAt = 1, WidthAt = 5, HeightAt = 7, CountAt = 9;
    private const int ColumnAt = 0, RowAt = 2, LengthAt = 4;

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

    /// <summary>Reads the next tile; false after the last.</summary>
    /// <exception cref="ProtocolErrorException">A length, a place or a PNG is wrong, or bytes are left over.</exception>
    public bool TryNext(out Tile tile)
    {
        tile = default;
        if (_left == 0)
            return _rest.IsEmpty ? false : throw new ProtocolErrorException($"{_rest.Length} bytes follow the last tile of a frame.");
        if (_rest.Length < TileHeaderLength) throw new ProtocolErrorException($"{_left} more tiles are announced, but {_rest.Length} bytes are left.");
        int column = BinaryPrimitives.ReadUInt16BigEndian(_rest[ColumnAt..]);
        int row = BinaryPrimitives.ReadUInt16BigEndian(_rest[RowAt..]);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(_rest[LengthAt..]);
        _rest = _rest[TileHeaderLength..];
        CheckPlace(column, row);
        if (length > MaxTileBytes || length > _rest.Length)
            throw new ProtocolErrorException($"A tile of {length} bytes is announced; {_rest.Length} are left and {MaxTileBytes} are allowed.");
        tile = new Tile(column, row, _rest[..(int)length]);
        CheckPng(tile);
        _rest = _rest[(int)length..];
        _left--;
        return true;
    }

    private readonly void CheckPlace(int column, int row)
    {
        if (column >= Grid.Columns || row >= Grid.Rows)
            throw new ProtocolErrorException($"Tile {column},{row} lies outside the picture's {Grid.Columns}x{Grid.Rows} tiles.");
    }

    private readonly void CheckPng(Tile tile)
    {
        if (!PngHeader.TryRead(tile.Png, out uint width, out uint height))
            throw new ProtocolErrorException($"Tile {tile.Column},{tile.Row} is no PNG.");
        if (width != Grid.WidthOf(tile.Column) || height != Grid.HeightOf(tile.Row))
            throw new ProtocolErrorException(
                $"Tile {tile.Column},{tile.Row} is {width}x{height} pixels; its place is {Grid.WidthOf(tile.Column)}x{Grid.HeightOf(tile.Row)}.");
    }

    /// <summary>Writes the header over the first bytes of a frame.</summary>
    public static void WriteHeader(Span<byte> frame, byte kind, uint number, TileGrid grid, int count)
    {
        frame[0] = kind;
        BinaryPrimitives.WriteUInt32BigEndian(frame[NumberAt..], number);
        BinaryPrimitives.WriteUInt16BigEndian(frame[WidthAt..], (ushort)grid.Width);
        BinaryPrimitives.WriteUInt16BigEndian(frame[HeightAt..], (ushort)grid.Height);
        BinaryPrimitives.WriteUInt16BigEndian(frame[CountAt..], (ushort)count);
    }

    /// <summary>Writes one tile with its header.</summary>
    public static void WriteTile(Span<byte> at, Tile tile)
    {
        BinaryPrimitives.WriteUInt16BigEndian(at[ColumnAt..], (ushort)tile.Column);
        BinaryPrimitives.WriteUInt16BigEndian(at[RowAt..], (ushort)tile.Row);
        BinaryPrimitives.WriteUInt32BigEndian(at[LengthAt..], (uint)tile.Png.Length);
        tile.Png.CopyTo(at[TileHeaderLength..]);
    }
}

/// <summary>One tile within a frame.</summary>
/// <param name="column">From the left, 0 first.</param>
/// <param name="row">From the top, 0 first.</param>
/// <param name="png">Encoded; points into the frame.</param>
internal readonly ref struct Tile(int column, int row, ReadOnlySpan<byte> png)
{
    public int Column { get; } = column;

    public int Row { get; } = row;

    public ReadOnlySpan<byte> Png { get; } = png;
}
