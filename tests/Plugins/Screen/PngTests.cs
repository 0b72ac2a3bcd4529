using System.Text;
using LanCollab.Plugins.Screen;
using OpenCvSharp;

namespace LanCollab.Tests.Plugins.Screen;

public class PngTests
{
    [Theory]
    [InlineData(64, 64)]
    [InlineData(1, 1)]
    [InlineData(63, 5)]
    [InlineData(3, 64)]
    [InlineData(200, 130)]
    public void Every_tile_decodes_to_the_pixels_it_was_made_of(int width, int height)
    {
        var writer = new PngWriter();
        foreach (Drawing drawing in (Drawing[])[new Drawing(width, height, 1), new Drawing(width, height, 2).Change().Change(), new Drawing(width, height, 3).Noise()])
        {
            var canvas = new TilePicture(1024 * 1024);
            new TileEncoder(canvas).Encode(drawing.Picture);
            Assert.Equal(drawing.Picture.Pixels, Canvas.Of(canvas.NewerThan(0)!.Frames).Decode().Pixels);
        }
    }

    [Fact]
    public void It_is_a_png_of_three_colours_and_eight_bits()
    {
        (byte[] png, int length) = new PngWriter().Write(new Drawing(64, 64, 1).Noise().Picture, 0, 0);
        Assert.True(PngHeader.TryRead(png.AsSpan(0, length), out uint width, out uint height));
        Assert.Equal((64u, 64u), (width, height));
        using Mat decoded = Cv2.ImDecode(png.AsSpan(0, length).ToArray(), ImreadModes.Unchanged);
        Assert.Equal(MatType.CV_8UC3, decoded.Type());
        Assert.True(length <= TileFrame.MaxTileBytes);
    }

    [Fact]
    public void The_crc_is_the_one_of_the_standards_check_value() =>
        Assert.Equal(0xCBF43926u, Crc32.Append(0, Encoding.ASCII.GetBytes("123456789")));

    [Fact]
    public void Only_what_has_changed_is_encoded()
    {
        var drawing = new Drawing(640, 640, 1);
        var picture = new TilePicture(1024 * 1024);
        var encoder = new TileEncoder(picture);
        Assert.True(encoder.Encode(drawing.Picture));
        Assert.False(encoder.Encode(drawing.Picture));
        drawing.Picture.Pixels[(100 * 640 + 200) * 4] ^= 1;
        long revision = picture.NewerThan(0)!.Revision;
        Assert.True(encoder.Encode(drawing.Picture));
        Assert.Equal(1, Canvas.Of(picture.NewerThan(revision)!.Frames).Tiles);
    }
}
