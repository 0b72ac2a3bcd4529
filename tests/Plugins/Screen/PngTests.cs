using System.Text;
using LanCollab.Plugins.Screen;
using OpenCvSharp;

namespace LanCollab.Tests.Plugins.Screen;

public class PngTests
{
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
        Drawing noise = new Drawing(256, 256, 1).Noise();
        EncodedImage image = new PngWriter().Write(noise.Picture, new Area(0, 0, 256, 256));
        Assert.InRange(image.Bytes.Length, 1, EncodedImage.MaxBytes);
        Assert.Equal(noise.Pixels, Decode(image.Bytes));
    }

    [Fact]
    public void Every_filter_is_undone_by_its_rule_in_the_standard()
    {
        byte[] row = new byte[3 + 101], above = new byte[3 + 101], filtered = new byte[101];
        new Random(1).NextBytes(row.AsSpan(3));
        new Random(2).NextBytes(above.AsSpan(3));
        for (byte filter = PngFilter.None; filter <= PngFilter.Average; filter++)
        {
            PngFilter.Apply(filter, row, above, filtered);
            byte[] back = new byte[row.Length];
            for (int i = 3; i < back.Length; i++)
                back[i] = (byte)(filtered[i - 3] + filter switch { 1 => back[i - 3], 2 => above[i], 3 => (back[i - 3] + above[i]) / 2, _ => 0 });
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
