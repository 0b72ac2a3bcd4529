using LanCollab.Plugins.Screen;
using OpenCvSharp;

namespace LanCollab.Tests.Plugins.Screen;

/// <summary>What a viewer sees: applies frames as the page does, decoding with OpenCV instead of the code under test.</summary>
internal sealed class Canvas
{
    private readonly List<EncodedImage> _images = [];
    private readonly List<Op> _ops = [];
    private Picture? _picture;

    /// <summary>The number of the newest complete update.</summary>
    public uint Number { get; private set; }

    /// <summary>Complete updates so far.</summary>
    public int Updates { get; private set; }

    /// <summary>What has come so far, of each kind.</summary>
    public int Images { get; private set; }

    public int Fills { get; private set; }

    public int Copies { get; private set; }

    public int Jpegs { get; private set; }

    public long Bytes { get; private set; }

    public static Canvas Of(IEnumerable<ReadOnlyMemory<byte>> frames)
    {
        var canvas = new Canvas();
        foreach (ReadOnlyMemory<byte> frame in frames) canvas.Take(frame.Span);
        return canvas;
    }

    public static Canvas Of(IEnumerable<byte[]> frames) => Of(frames.Select(f => (ReadOnlyMemory<byte>)f));

    public Canvas Take(TileUpdate update)
    {
        foreach (ReadOnlyMemory<byte> frame in update.Frames) Take(frame.Span);
        return this;
    }

    public bool Take(ReadOnlySpan<byte> payload)
    {
        Bytes += payload.Length;
        if (PointerFrame.Is(payload)) return false;
        var frame = new TileFrame(payload);
        while (frame.TryNext(_images, out Op op)) _ops.Add(op);
        if (!frame.IsEnd) return false;
        if (_picture?.Grid != frame.Grid) _picture = Blank(frame.Grid);
        foreach (Op op in _ops) Draw(op);
        _ops.Clear();
        _images.Clear();
        Number = frame.Number;
        Updates++;
        return true;
    }

    /// <summary>The picture as 0x00RRGGBB; what nothing has been drawn on is another value.</summary>
    public uint[] Pixels => _picture!.Pixels.ToArray();

    /// <summary>The same of a picture that was captured.</summary>
    public static uint[] PixelsOf(Picture picture)
    {
        uint[] pixels = picture.Pixels.ToArray();
        for (int i = 0; i < pixels.Length; i++) pixels[i] &= 0xFFFFFF;
        return pixels;
    }

    private static Picture Blank(TileGrid grid)
    {
        var blank = new Picture(grid.Width, grid.Height);
        blank.Pixels.Fill(uint.MaxValue);
        return blank;
    }

    private void Draw(in Op op)
    {
        if (op.Kind == OpKind.Image) DrawImage(op);
        else if (op.Kind == OpKind.Copy) Copy(op);
        else
        {
            Fills++;
            for (int y = op.At.Y; y < op.At.Bottom; y++) _picture!.Row(op.At.X, y, op.At.Width).Fill(op.Colour);
        }
    }

    private void Copy(in Op op)
    {
        Copies++;
        Picture before = Blank(_picture!.Grid);
        _picture.Pixels.CopyTo(before.Pixels);
        for (int y = 0; y < op.At.Height; y++)
            before.Row(op.FromX, op.FromY + y, op.At.Width).CopyTo(_picture.Row(op.At.X, op.At.Y + y, op.At.Width));
    }

    private void DrawImage(in Op op)
    {
        Images++;
        if (op.Image!.Bytes[0] == 0xFF) Jpegs++;
        using Mat image = Cv2.ImDecode(op.Image.Bytes, ImreadModes.Color);
        Assert.Equal((op.Image.Width, op.Image.Height), (image.Width, image.Height));
        Assert.True(image.GetArray(out Vec3b[] pixels));
        for (int y = 0; y < op.At.Height; y++)
        {
            Span<uint> row = _picture!.Row(op.At.X, op.At.Y + y, op.At.Width);
            for (int x = 0; x < row.Length; x++)
            {
                Vec3b pixel = pixels[(op.FromY + y) * op.Image.Width + op.FromX + x];
                row[x] = (uint)(pixel.Item0 | pixel.Item1 << 8 | pixel.Item2 << 16);
            }
        }
    }
}
