using OpenCvSharp;

namespace LanCollab.Tests.Support.Media;

/// <summary>
/// A video whose pictures carry their number as squares that survive JPEG and scaling: a row of 16 bits, the lowest first, white for 1, and
/// below it the same bits inverted, so that a picture that is torn or of another kind is told from a number.
/// </summary>
public static class NumberedVideo
{
    private const int Bits = 16, Square = 20, Top = 40;

    /// <summary>Writes MJPG in AVI.</summary>
    /// <param name="path">Ends in .avi.</param>
    /// <param name="pictures">How many.</param>
    /// <param name="fps">A second.</param>
    /// <param name="scale">1: 320 x 180; 2: 640 x 360.</param>
    public static string Write(string path, int pictures, int fps, int scale = 1)
    {
        var size = new Size(Bits * Square * scale, 180 * scale);
        using var writer = new VideoWriter(path, FourCC.MJPG, fps, size);
        if (!writer.IsOpened()) throw new IOException("OpenCV cannot write MJPG here.");
        using var picture = new Mat(180, Bits * Square, MatType.CV_8UC3);
        for (int number = 0; number < pictures; number++)
        {
            Draw(picture, number);
            using Mat scaled = picture.Resize(size, interpolation: InterpolationFlags.Nearest);
            writer.Write(scaled);
        }
        return path;
    }

    /// <summary>The number in a JPEG, or null.</summary>
    public static int? Read(ReadOnlySpan<byte> jpeg)
    {
        using Mat picture = Cv2.ImDecode(jpeg, ImreadModes.Grayscale);
        if (picture.Empty()) return null;
        double scale = (double)picture.Width / (Bits * Square);
        int number = 0;
        for (int bit = 0; bit < Bits; bit++)
        {
            bool white = IsWhite(picture, scale, bit, 0), inverse = IsWhite(picture, scale, bit, 1);
            if (white == inverse) return null;
            if (white) number |= 1 << bit;
        }
        return number;
    }

    private static void Draw(Mat picture, int number)
    {
        picture.SetTo(new Scalar(90, 120, 60 + number % 100));
        for (int bit = 0; bit < Bits; bit++)
        {
            bool one = (number >> bit & 1) != 0;
            Fill(picture, bit, 0, one);
            Fill(picture, bit, 1, !one);
        }
    }

    private static void Fill(Mat picture, int bit, int row, bool white) => Cv2.Rectangle(
        picture, new Rect(bit * Square, Top + row * Square, Square, Square), white ? Scalar.White : Scalar.Black, thickness: -1);

    private static bool IsWhite(Mat picture, double scale, int bit, int row) =>
        picture.At<byte>((int)((Top + (row + 0.5) * Square) * scale), (int)((bit + 0.5) * Square * scale)) > 127;
}
