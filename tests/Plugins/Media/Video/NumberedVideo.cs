using OpenCvSharp;

namespace LanCollab.Tests.Plugins.Media.Video;

/// <summary>
/// Videos whose pictures carry their number as a row of 16 black or white blocks, lowest bit first, so large that they survive JPEG and
/// scaling. The rest is noise-like, so that a picture needs many packets.
/// </summary>
public static class NumberedVideo
{
    private const int Bits = 16;

    /// <summary>Writes an MJPG AVI with the pictures 0, 1, 2…</summary>
    public static void Write(string path, int frames, double fps, int width = 640, int height = 360)
    {
        using var writer = new VideoWriter(path, FourCC.MJPG, fps, new Size(width, height));
        Assert.True(writer.IsOpened());
        using var picture = new Mat(height, width, MatType.CV_8UC3);
        for (int frame = 0; frame < frames; frame++)
        {
            Draw(picture, frame);
            writer.Write(picture);
        }
    }

    /// <summary>The number in a JPEG.</summary>
    public static int Read(ReadOnlySpan<byte> jpeg)
    {
        using Mat picture = Cv2.ImDecode(jpeg.ToArray(), ImreadModes.Grayscale);
        Assert.False(picture.Empty(), "no JPEG");
        int number = 0;
        for (int bit = 0; bit < Bits; bit++)
            if (picture.At<byte>(picture.Height / 8, ((2 * bit) + 1) * picture.Width / (2 * Bits)) > 127) number |= 1 << bit;
        return number;
    }

    private static void Draw(Mat picture, int number)
    {
        picture.SetTo(new Scalar(90, 120, 60));
        for (int i = 0; i < 60; i++)
            Cv2.Circle(picture, new Point((i * 97) % picture.Width, (picture.Height / 2) + ((i * 53) % (picture.Height / 2))), 12, new Scalar(i * 4, 255 - (i * 3), (i * 37) % 256), -1);
        for (int bit = 0; bit < Bits; bit++)
        {
            var block = new Rect(bit * picture.Width / Bits, 0, picture.Width / Bits, picture.Height / 4);
            Cv2.Rectangle(picture, block, (number & (1 << bit)) != 0 ? Scalar.White : Scalar.Black, -1);
        }
    }
}
