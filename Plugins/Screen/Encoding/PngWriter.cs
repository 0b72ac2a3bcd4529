using System.Buffers.Binary;
using System.IO.Compression;

namespace LanCollab.Plugins.Screen;

/// <summary>
/// Writes an area of a picture as PNG (W3C PNG): with a palette and as few bits a pixel as its colours need, else in three colours of 8 bits
/// with the row filter that suits it best; one IDAT. Not for two threads at a time; its buffers are used again and again.
/// </summary>
/// <param name="forPalette">Other than the usual, to measure.</param>
/// <param name="forPixels">Other than the usual, to measure.</param>
internal sealed class PngWriter(ZLibCompressionOptions? forPalette = null, ZLibCompressionOptions? forPixels = null)
{
    private const byte TrueColour = 2, Indexed = 3;
    private const int Channels = 3, IhdrAt = 8, AfterIhdr = 8 + 25, ChunkOverhead = 12, SampledRows = 4;

    // Measured (docs/decisions/008): level 1 of .NET's zlib does not match at all what is filtered; beyond these levels time grows, and sizes hardly fall.
    private static readonly ZLibCompressionOptions ForPalette = new() { CompressionLevel = 4 };
    private static readonly ZLibCompressionOptions ForPixels = new() { CompressionLevel = 2, CompressionStrategy = ZLibCompressionStrategy.Filtered };

    private readonly Palette _palette = new();
    private readonly byte[] _numbers = new byte[EncodedImage.MaxPixels];
    private readonly byte[] _raw = new byte[EncodedImage.MaxPixels * (Channels + 1)];
    private readonly byte[] _output = new byte[EncodedImage.MaxBytes];
    private byte[] _row = [];
    private byte[] _above = [];

    /// <summary>Looks at the colours of an area; the next <see cref="Write"/> of it uses them.</summary>
    /// <returns>False when there are more than 256.</returns>
    public bool HasFewColours(Picture picture, Area at) => _palette.TryRead(picture, at, _numbers);

    /// <summary>Encodes an area.</summary>
    public EncodedImage Write(Picture picture, Area at)
    {
        bool few = HasFewColours(picture, at);
        int raw = few ? PackNumbers(at) : FilterRows(picture, at);
        PngHeader.Signature.CopyTo(_output);
        WriteIhdr(at, few ? _palette.Depth : 8, few ? Indexed : TrueColour);
        int end = few ? WritePalette(AfterIhdr) : AfterIhdr;
        end = Deflate(raw, end, few ? forPalette ?? ForPalette : forPixels ?? ForPixels);
        end = Close(end, "IEND"u8, 0);
        return new EncodedImage(_output.AsSpan(0, end).ToArray(), at.Width, at.Height);
    }

    private int PackNumbers(Area at)
    {
        int depth = _palette.Depth, perByte = 8 / depth, to = 0;
        for (int y = 0; y < at.Height; y++)
        {
            _raw[to++] = PngFilter.None;
            ReadOnlySpan<byte> row = _numbers.AsSpan(y * at.Width, at.Width);
            if (depth == 8)
            {
                row.CopyTo(_raw.AsSpan(to));
                to += row.Length;
                continue;
            }
            for (int x = 0; x < row.Length; x += perByte) _raw[to++] = Pack(row.Slice(x, Math.Min(perByte, row.Length - x)), depth);
        }
        return to;
    }

    private static byte Pack(ReadOnlySpan<byte> numbers, int depth)
    {
        int packed = 0, shift = 8;
        foreach (byte number in numbers) packed |= number << (shift -= depth);
        return (byte)packed;
    }

    private int FilterRows(Picture picture, Area at)
    {
        int rowBytes = at.Width * Channels, to = 0;
        if (_row.Length < Channels + rowBytes) (_row, _above) = (new byte[Channels + rowBytes], new byte[Channels + rowBytes]);
        Array.Clear(_row);
        Array.Clear(_above);
        byte filter = ChooseFilter(picture, at, rowBytes);
        Array.Clear(_above);
        for (int y = at.Y; y < at.Bottom; y++, to += rowBytes)
        {
            ToRgb(picture.Row(at.X, y, at.Width), _row.AsSpan(Channels));
            _raw[to++] = filter;
            PngFilter.Apply(filter, _row, _above, _raw.AsSpan(to, rowBytes));
            (_row, _above) = (_above, _row);
        }
        return to;
    }

    /// <summary>The filter that most of a few pairs of rows want.</summary>
    private byte ChooseFilter(Picture picture, Area at, int rowBytes)
    {
        Span<int> votes = stackalloc int[PngFilter.Average + 1];
        for (int i = 1; i <= SampledRows && at.Height > 1; i++)
        {
            int y = at.Y + Math.Clamp(i * at.Height / (SampledRows + 1), 1, at.Height - 1);
            ToRgb(picture.Row(at.X, y - 1, at.Width), _above.AsSpan(Channels));
            ToRgb(picture.Row(at.X, y, at.Width), _row.AsSpan(Channels));
            votes[PngFilter.Best(_row, _above, _raw.AsSpan(0, rowBytes)).Filter]++;
        }
        int best = PngFilter.Sub;
        for (int filter = 0; filter < votes.Length; filter++)
            if (votes[filter] > votes[best]) best = filter;
        return (byte)best;
    }

    private static void ToRgb(ReadOnlySpan<uint> pixels, Span<byte> rgb)
    {
        for (int i = 0, to = 0; i < pixels.Length; i++, to += Channels)
            (rgb[to], rgb[to + 1], rgb[to + 2]) = ((byte)(pixels[i] >> 16), (byte)(pixels[i] >> 8), (byte)pixels[i]);
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
        for (int i = 0; i < _palette.Count; i++) ToRgb(_palette.Colours.Slice(i, 1), data[(i * Channels)..]);
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
