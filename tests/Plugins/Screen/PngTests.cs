using System.Text;
using LanCollab.Plugins.Screen;
using OpenCvSharp;

namespace LanCollab.Tests.Plugins.Screen;

public class PngTests
{
    private const int ColourTypeAt = 25;
    private const byte Grey = 0, Indexed = 3;

    [Theory]
    [InlineData(64, 64, 0)]
    [InlineData(1, 1, 0)]
    [InlineData(63, 5, 2)]
    [InlineData(3, 64, 3)]
    [InlineData(200, 130, 4)]
    [InlineData(17, 9, 15)]
    [InlineData(130, 33, 17)]
    [InlineData(300, 200, 256)]
    [InlineData(300, 200, 257)]
    public void Every_area_decodes_to_the_pixels_it_was_made_of_whatever_its_number_of_colours(int width, int height, int colours)
    {
        var picture = new Picture(width + 11, height + 7);
        var random = new Random(colours);
        foreach (ref uint pixel in picture.Pixels) pixel = colours == 0 ? (uint)random.Next() : (uint)random.Next(colours) * 0x010307;
        var area = new Area(5, 3, width, height);
        EncodedImage image = new PngWriter().Write(picture, area);
        Assert.True(PngHeader.TryRead(image.Bytes, out uint wide, out uint high));
        Assert.Equal(((uint)width, (uint)height), (wide, high));
        Assert.Equal(Cut(picture, area), Decode(image.Bytes));
    }

    [Fact]
    public void Noise_is_not_longer_than_an_image_may_be()
    {
        Drawing noise = new Drawing(512, EncodedImage.MaxPixels / 512, 1).Noise();
        EncodedImage image = new PngWriter().Write(noise.Picture, noise.Picture.Grid.Whole);
        Assert.InRange(image.Bytes.Length, 1, EncodedImage.MaxBytes);
        Assert.Equal(noise.Pixels, Decode(image.Bytes));
    }

    [Theory]
    [InlineData(64, 64, 2, Indexed)]
    [InlineData(130, 33, 16, Indexed)]
    [InlineData(131, 33, 17, Grey)]
    [InlineData(1, 300, 256, Grey)]
    [InlineData(301, 200, 256, Grey)]
    [InlineData(1536, 128, 250, Grey)]
    public void Greys_decode_to_what_they_were_and_need_a_palette_only_to_be_packed(int width, int height, int shades, byte colourType)
    {
        var picture = new Picture(width + 3, height + 2);
        var random = new Random(shades);
        // Runs of different lengths, and noise; the unused byte is anything.
        for (int i = 0, run = 0; i < picture.Pixels.Length; i++, run--)
        {
            if (run > 0) picture.Pixels[i] = picture.Pixels[i - 1];
            else (picture.Pixels[i], run) = ((uint)random.Next(shades) * 0x010101 | (uint)i << 24, random.Next(9));
        }
        var area = new Area(2, 1, width, height);
        EncodedImage image = new PngWriter().Write(picture, area);
        Assert.Equal(colourType, image.Bytes[ColourTypeAt]);
        Assert.Equal(Cut(picture, area), Decode(image.Bytes));
    }

    [Theory]
    [InlineData(0x000001)]
    [InlineData(0x000100)]
    [InlineData(0x010000)]
    public void One_pixel_with_a_trace_of_colour_keeps_it_wherever_it_is(uint trace)
    {
        const int side = 37;
        for (int at = 0; at < side * side; at += 13)
        {
            var picture = new Picture(side, side);
            for (int i = 0; i < picture.Pixels.Length; i++) picture.Pixels[i] = (uint)(i % 256) * 0x010101;
            picture.Pixels[at] ^= trace;
            Assert.False(Greys.Are(picture, picture.Grid.Whole));
            Assert.Equal(Cut(picture, picture.Grid.Whole), Decode(new PngWriter().Write(picture, picture.Grid.Whole).Bytes));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_filter_is_undone_by_its_rule_in_the_standard(int channels)
    {
        byte[] row = new byte[channels + 101], above = new byte[channels + 101], filtered = new byte[101];
        new Random(1).NextBytes(row.AsSpan(channels));
        new Random(2).NextBytes(above.AsSpan(channels));
        for (byte filter = PngFilter.None; filter <= PngFilter.Average; filter++)
        {
            PngFilter.Apply(filter, row, above, channels, filtered);
            byte[] back = new byte[row.Length];
            for (int i = channels; i < back.Length; i++)
                back[i] = (byte)(filtered[i - channels] + filter switch { 1 => back[i - channels], 2 => above[i], 3 => (back[i - channels] + above[i]) / 2, _ => 0 });
            Assert.Equal(row, back);
        }
    }

    [Fact]
    public void The_crc_is_the_one_of_the_standards_check_value() =>
        Assert.Equal(0xCBF43926u, Crc32.Append(0, Encoding.ASCII.GetBytes("123456789")));

    [Fact]
    public void The_size_of_a_jpeg_is_read_from_its_header()
    {
        EncodedImage image = JpegWriter.Write(new Drawing(90, 70, 1).Noise().Picture, new Area(10, 5, 33, 21));
        Assert.True(JpegHeader.TryRead(image.Bytes, out uint width, out uint height));
        Assert.Equal((33u, 21u), (width, height));
        for (int length = 0; length < 20; length++) Assert.False(JpegHeader.TryRead(image.Bytes.AsSpan(0, length), out _, out _));
    }

    private static uint[] Cut(Picture picture, Area at)
    {
        var pixels = new List<uint>();
        for (int y = at.Y; y < at.Bottom; y++)
            foreach (uint pixel in picture.Row(at.X, y, at.Width)) pixels.Add(pixel & 0xFFFFFF);
        return [.. pixels];
    }

    private static uint[] Decode(byte[] png)
    {
        using Mat decoded = Cv2.ImDecode(png, ImreadModes.Color);
        Assert.True(decoded.GetArray(out Vec3b[] pixels));
        return [.. pixels.Select(p => (uint)(p.Item0 | p.Item1 << 8 | p.Item2 << 16))];
    }
}
