using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace LanCollab.Plugins.Screen;

/// <summary>
/// Writes a tile as PNG (W3C PNG): RGB, 8 bits, every row with the filter Up, one IDAT at the fastest deflate level. Not for two threads at a time.
/// </summary>
internal sealed class PngWriter
{
    private const byte FilterUp = 2;
    private const byte Rgb = 2;
    private const int Channels = 3;
    private const int IdatDataAt = 8 + 25 + 8;
    private const int MaxRow = TileGrid.TileSize * Channels;

    private readonly byte[] _filtered = new byte[TileGrid.TileSize * (1 + MaxRow)];
    private readonly byte[] _above = new byte[MaxRow];
    private readonly byte[] _current = new byte[MaxRow];
    private readonly byte[] _output = new byte[TileFrame.MaxTileBytes];

    /// <summary>Encodes one tile of a picture.</summary>
    /// <returns>Rented from the shared pool, and the length of the PNG in it.</returns>
    public (byte[] Png, int Length) Write(Picture picture, int column, int row)
    {
        int width = picture.Grid.WidthOf(column), height = picture.Grid.HeightOf(row);
        int filtered = Filter(picture, column, row, width * Channels, height);
        PngHeader.Signature.CopyTo(_output);
        WriteIhdr(_output.AsSpan(8), width, height);
        int at = IdatDataAt + Deflate(filtered);
        Close(IdatDataAt - 8, "IDAT"u8, at - IdatDataAt);
        at += sizeof(uint);
        Close(at, "IEND"u8, 0);
        at += 12;
        byte[] png = ArrayPool<byte>.Shared.Rent(at);
        _output.AsSpan(0, at).CopyTo(png);
        return (png, at);
    }

    private int Filter(Picture picture, int column, int row, int rowBytes, int height)
    {
        Span<byte> above = _above.AsSpan(0, rowBytes), current = _current.AsSpan(0, rowBytes);
        above.Clear();
        int at = 0;
        for (int line = 0; line < height; line++)
        {
            ToRgb(picture.Line(column, row, line), current);
            _filtered[at++] = FilterUp;
            for (int i = 0; i < rowBytes; i++) _filtered[at++] = (byte)(current[i] - above[i]);
            current.CopyTo(above);
        }
        return at;
    }

    private static void ToRgb(ReadOnlySpan<byte> bgr, Span<byte> rgb)
    {
        for (int from = 0, to = 0; to < rgb.Length; from += Picture.BytesPerPixel, to += Channels)
            (rgb[to], rgb[to + 1], rgb[to + 2]) = (bgr[from + 2], bgr[from + 1], bgr[from]);
    }

    private int Deflate(int filtered)
    {
        using var target = new MemoryStream(_output, IdatDataAt, _output.Length - IdatDataAt);
        using (var deflate = new ZLibStream(target, CompressionLevel.Fastest, leaveOpen: true)) deflate.Write(_filtered, 0, filtered);
        return (int)target.Position;
    }

    private static void WriteIhdr(Span<byte> chunk, int width, int height)
    {
        BinaryPrimitives.WriteUInt32BigEndian(chunk, 13);
        "IHDR"u8.CopyTo(chunk[4..]);
        BinaryPrimitives.WriteInt32BigEndian(chunk[8..], width);
        BinaryPrimitives.WriteInt32BigEndian(chunk[12..], height);
        ReadOnlySpan<byte> depthColourDeflateFilterInterlace = [8, Rgb, 0, 0, 0];
        depthColourDeflateFilterInterlace.CopyTo(chunk[16..]);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[21..], Crc32.Append(0, chunk[4..21]));
    }

    private void Close(int chunkAt, ReadOnlySpan<byte> type, int dataLength)
    {
        Span<byte> chunk = _output.AsSpan(chunkAt);
        BinaryPrimitives.WriteInt32BigEndian(chunk, dataLength);
        type.CopyTo(chunk[4..]);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[(8 + dataLength)..], Crc32.Append(0, chunk.Slice(4, 4 + dataLength)));
    }
}
