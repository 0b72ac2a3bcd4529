using System.Buffers.Binary;
using System.IO.Compression;

namespace LanCollab.Plugins.Screen;

/// <summary>
/// Writes an area of a picture as PNG (W3C PNG), with one IDAT: up to 16 greys or 256 colours with a palette and as few bits a pixel as they need; more
/// greys as they are, in 8 bits; else three colours of 8 bits each. Not for two threads at a time; its buffers are used again and again.
/// </summary>
/// <param name="forPalette">Other than the usual, to measure.</param>
/// <param name="forPixels">Other than the usual, to measure.</param>
internal sealed class PngWriter(ZLibCompressionOptions? forPalette = null, ZLibCompressionOptions? forPixels = null)
{
    private const byte Grey = 0, TrueColour = 2, Indexed = 3;
    private const int Channels = 3, IhdrAt = 8, AfterIhdr = 8 + 25, ChunkOverhead = 12;

    /// <summary>So few shades of grey are packed into half a byte or less.</summary>
    private const int FewGreys = 16;

    /// <summary>So few pixels of a text have few letters that repeat; what a window uncovers of a photograph, with its own edge in it, is no more.</summary>
    private const int SmallPixels = 16 * 1024;

    // Measured (docs/decisions/008): level 1 of .NET's zlib does not match at all what is filtered; beyond these levels time grows, and sizes hardly fall.
    private static readonly ZLibCompressionOptions ForWords = new() { CompressionLevel = 4 };
    private static readonly ZLibCompressionOptions ForPixels = new() { CompressionLevel = 2, CompressionStrategy = ZLibCompressionStrategy.Filtered };

    private readonly Palette _palette = new();
    private readonly PngRows _rows = new();
    private readonly byte[] _numbers = new byte[EncodedImage.MaxPixels];
    private readonly byte[] _raw = new byte[EncodedImage.MaxPixels * (Channels + 1)];
    private readonly byte[] _output = new byte[EncodedImage.MaxBytes];

    /// <summary>Whether an area has 256 colours at most.</summary>
    public bool HasFewColours(Picture picture, Area at) => Greys.Are(picture, at) || _palette.TryRead(picture, at, _numbers);

    /// <summary>Encodes an area.</summary>
    public EncodedImage Write(Picture picture, Area at)
    {
        PngHeader.Signature.CopyTo(_output);
        bool grey = Greys.Are(picture, at);
        bool few = _palette.TryRead(picture, at, _numbers, grey ? FewGreys : Palette.MaxColours);
        int end = Close(few ? WriteNumbers(at) : WriteRows(picture, at, grey), "IEND"u8, 0);
        return new EncodedImage(_output.AsSpan(0, end).ToArray(), at.Width, at.Height);
    }

    private int WriteNumbers(Area at)
    {
        WriteIhdr(at, _palette.Depth, Indexed);
        int raw = PngRows.Pack(_numbers.AsSpan(0, at.Pixels), at.Width, _palette.Depth, _raw);
        return Deflate(raw, WritePalette(AfterIhdr), forPalette ?? ForWords);
    }

    private int WriteRows(Picture picture, Area at, bool grey)
    {
        WriteIhdr(at, 8, grey ? Grey : TrueColour);
        bool filtered = grey ? Patch.IsGrainy(picture, at) : at.Pixels <= SmallPixels || !Patch.IsCalm(picture, at);
        int raw = _rows.Write(picture, at, grey ? 1 : Channels, filtered, _raw);
        return Deflate(raw, AfterIhdr, filtered ? forPixels ?? ForPixels : forPalette ?? ForWords);
    }

    private void WriteIhdr(Area at, int depth, byte colour)
    {
        Span<byte> data = _output.AsSpan(IhdrAt + 8, 13);
        BinaryPrimitives.WriteInt32BigEndian(data, at.Width);
        BinaryPrimitives.WriteInt32BigEndian(data[4..], at.Height);
        ReadOnlySpan<byte> depthColourDeflateFilterInterlace = [(byte)depth, colour, 0, 0, 0];
        depthColourDeflateFilterInterlace.CopyTo(data[8..]);
        Close(IhdrAt, "IHDR"u8, 13);
    }

    private int WritePalette(int chunkAt)
    {
        Span<byte> data = _output.AsSpan(chunkAt + 8);
        for (int i = 0; i < _palette.Count; i++) PngRows.ToRgb(_palette.Colours.Slice(i, 1), data[(i * Channels)..]);
        return Close(chunkAt, "PLTE"u8, _palette.Count * Channels);
    }

    private int Deflate(int raw, int chunkAt, ZLibCompressionOptions options)
    {
        using var target = new MemoryStream(_output, chunkAt + 8, _output.Length - chunkAt - 8 - ChunkOverhead - 4);
        using (var deflate = new ZLibStream(target, options, leaveOpen: true)) deflate.Write(_raw, 0, raw);
        return Close(chunkAt, "IDAT"u8, (int)target.Position);
    }

    /// <summary>Completes a chunk around its data; gives where the next one begins.</summary>
    private int Close(int chunkAt, ReadOnlySpan<byte> type, int dataLength)
    {
        Span<byte> chunk = _output.AsSpan(chunkAt);
        BinaryPrimitives.WriteInt32BigEndian(chunk, dataLength);
        type.CopyTo(chunk[4..]);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[(8 + dataLength)..], Crc32.Append(0, chunk.Slice(4, 4 + dataLength)));
        return chunkAt + ChunkOverhead + dataLength;
    }
}
