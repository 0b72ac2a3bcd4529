using System.IO.Compression;

namespace LanCollab.Benchmarks.Screen;

/// <summary>ZRLE (RFC 6143, 7.7.6): tiles of 64x64 behind one zlib stream for the whole connection; pixels of three bytes, blue first.</summary>
internal sealed class ZrleDecoder
{
    private const int Tile = 64;

    private readonly Feed _feed = new();
    private readonly ZLibStream _zlib;
    private readonly uint[] _palette = new uint[128];
    private readonly byte[] _raw = new byte[Tile * Tile * 3];

    public ZrleDecoder() => _zlib = new ZLibStream(_feed, CompressionMode.Decompress);

    public void Decode(byte[] data, uint[] pixels, int stride, int x, int y, int width, int height)
    {
        _feed.Add(data);
        for (int top = 0; top < height; top += Tile)
            for (int left = 0; left < width; left += Tile)
                DecodeTile(pixels, stride, x + left, y + top, Math.Min(Tile, width - left), Math.Min(Tile, height - top));
    }

    private void DecodeTile(uint[] pixels, int stride, int x, int y, int width, int height)
    {
        int kind = Byte();
        int colours = kind & 127;
        if (kind is not 0 and not 128) for (int i = 0; i < (kind == 129 ? 0 : colours); i++) _palette[i] = Pixel();
        if (kind == 0) Raw(pixels, stride, x, y, width, height);
        else if (kind == 1) for (int row = 0; row < height; row++) pixels.AsSpan((y + row) * stride + x, width).Fill(_palette[0]);
        else if (kind < 128) Packed(pixels, stride, x, y, width, height, colours);
        else Runs(pixels, stride, x, y, width, height, kind == 128);
    }

    private void Raw(uint[] pixels, int stride, int x, int y, int width, int height)
    {
        Span<byte> raw = _raw.AsSpan(0, width * height * 3);
        _zlib.ReadExactly(raw);
        for (int i = 0; i < width * height; i++)
            pixels[(y + i / width) * stride + x + i % width] = (uint)(raw[3 * i] | raw[3 * i + 1] << 8 | raw[3 * i + 2] << 16);
    }

    private void Packed(uint[] pixels, int stride, int x, int y, int width, int height, int colours)
    {
        int bits = colours <= 2 ? 1 : colours <= 4 ? 2 : 4, perByte = 8 / bits;
        Span<byte> packed = _raw.AsSpan(0, (width + perByte - 1) / perByte);
        for (int row = 0; row < height; row++)
        {
            _zlib.ReadExactly(packed);
            for (int i = 0; i < width; i++) pixels[(y + row) * stride + x + i] = _palette[packed[i / perByte] >> (8 - bits - i % perByte * bits) & ((1 << bits) - 1)];
        }
    }

    private void Runs(uint[] pixels, int stride, int x, int y, int width, int height, bool plain)
    {
        for (int at = 0; at < width * height;)
        {
            int index = plain ? 128 : Byte();
            uint colour = plain ? Pixel() : _palette[index & 127];
            int length = 1;
            for (int more = index >= 128 ? 255 : 0; more == 255; length += more) more = Byte();
            for (; length > 0; length--, at++) pixels[(y + at / width) * stride + x + at % width] = colour;
        }
    }

    private uint Pixel()
    {
        Span<byte> pixel = _raw.AsSpan(0, 3);
        _zlib.ReadExactly(pixel);
        return (uint)(pixel[0] | pixel[1] << 8 | pixel[2] << 16);
    }

    private int Byte() => _zlib.ReadByte();

    /// <summary>What has come and is not read yet.</summary>
    private sealed class Feed : Stream
    {
        private byte[] _data = [];
        private int _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public void Add(byte[] more) => (_data, _at) = (_at == _data.Length ? more : [.. _data[_at..], .. more], 0);

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = Math.Min(count, _data.Length - _at);
            _data.AsSpan(_at, read).CopyTo(buffer.AsSpan(offset));
            _at += read;
            return read;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
