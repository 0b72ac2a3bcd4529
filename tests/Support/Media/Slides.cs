using System.Globalization;
using OpenCvSharp;

namespace LanCollab.Tests.Support.Media;

/// <summary>A folder of pictures to present.</summary>
public static class Slides
{
    /// <summary>Writes PNG files; each differs from the one before in some places only, as slides and screens do.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">Decides what is drawn.</param>
    /// <returns>The files in their order.</returns>
    public static IReadOnlyList<string> Write(string folder, int count, int seed)
    {
        var random = new Random(seed);
        // Sides that are no multiples of a tile's, so that the small tiles at the edges are drawn too.
        using var picture = new Mat(300, 500, MatType.CV_8UC3, new Scalar(240, 240, 240));
        return [.. Enumerable.Range(0, count).Select(number => WriteOne(folder, picture, number, random))];
    }

    private static string WriteOne(string folder, Mat picture, int number, Random random)
    {
        for (int i = 0; i < 3; i++)
            Cv2.Circle(picture, random.Next(picture.Width), random.Next(picture.Height), random.Next(5, 60), Colour(random), thickness: random.Next(1, 8), LineTypes.AntiAlias);
        Cv2.PutText(picture, number.ToString(CultureInfo.InvariantCulture), new Point(random.Next(400), random.Next(40, 280)), HersheyFonts.HersheySimplex, 1.5, Colour(random), 2);
        string file = Path.Combine(folder, $"slide{number:D3}.png");
        Assert.True(Cv2.ImWrite(file, picture));
        return file;
    }

    private static Scalar Colour(Random random) => new(random.Next(256), random.Next(256), random.Next(256));
}
