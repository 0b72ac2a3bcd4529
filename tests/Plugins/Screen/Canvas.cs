using LanCollab.Plugins.Screen;
using OpenCvSharp;

namespace LanCollab.Tests.Plugins.Screen;

/// <summary>What a viewer sees: applies frames as the page does, decoding with OpenCV instead of the code under test.</summary>
internal sealed class Canvas
{
    private readonly Dictionary<(int Column, int Row), byte[]> _tiles = [];
    private TileGrid _grid;

    /// <summary>The number of the newest complete update.</summary>
    public uint Number { get; private set; }

    /// <summary>Complete updates so far.</summary>
    public int Updates { get; private set; }

    /// <summary>Tiles so far.</summary>
    public int Tiles { get; private set; }

    public static Canvas Of(IEnumerable<ReadOnlyMemory<byte>> frames)
    {
        var canvas = new Canvas();
        foreach (ReadOnlyMemory<byte> frame in frames) canvas.Take(frame.Span);
        return canvas;
    }

    public static Canvas Of(IEnumerable<byte[]> frames) => Of(frames.Select(f => (ReadOnlyMemory<byte>)f));

    public bool Take(ReadOnlySpan<byte> payload)
    {
        var frame = new TileFrame(payload);
        if (frame.Grid != _grid) _tiles.Clear();
        _grid = frame.Grid;
        while (frame.TryNext(out Tile tile))
        {
            _tiles[(tile.Column, tile.Row)] = tile.Png.ToArray();
            Tiles++;
        }
        if (!frame.IsEnd) return false;
        Number = frame.Number;
        Updates++;
        return true;
    }

    /// <summary>The picture as blue, green, red, 255.</summary>
    public Picture Decode()
    {
        Assert.Equal(_grid.Count, _tiles.Count);
        var picture = new Picture(_grid.Width, _grid.Height);
        foreach (((int column, int row), byte[] png) in _tiles)
        {
            using Mat tile = Cv2.ImDecode(png, ImreadModes.Color);
            Assert.Equal((_grid.WidthOf(column), _grid.HeightOf(row)), (tile.Width, tile.Height));
            Draw(tile, picture, column, row);
        }
        return picture;
    }

    private static void Draw(Mat tile, Picture picture, int column, int row)
    {
        Assert.True(tile.GetArray(out Vec3b[] pixels));
        int width = tile.Width, height = tile.Height;
        for (int y = 0; y < height; y++)
        {
            Span<byte> line = picture.Line(column, row, y);
            for (int x = 0; x < width; x++)
            {
                Vec3b pixel = pixels[y * width + x];
                (line[x * 4], line[x * 4 + 1], line[x * 4 + 2], line[x * 4 + 3]) = (pixel.Item0, pixel.Item1, pixel.Item2, 255);
            }
        }
    }
}
