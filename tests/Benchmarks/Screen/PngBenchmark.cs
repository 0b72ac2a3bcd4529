using System.IO.Compression;
using LanCollab.Plugins.Screen;
using OpenCvSharp;
using SkiaSharp;

namespace LanCollab.Benchmarks.Screen;

/// <summary>Writers of PNG on the kinds of areas that screens have: text in one colour, in greys and in many colours, and a photograph.</summary>
internal static class PngBenchmark
{
    private const int Width = 1024, Height = 64, Runs = 60;

    private static readonly Scalar[] Brown = [new(40, 30, 20, 255)], Black = [new(0, 0, 0, 255)];
    private static readonly Scalar[] Inks = [new(214, 156, 86, 255), new(120, 145, 206, 255), new(192, 134, 197, 255), new(85, 153, 106, 255)];
    private static readonly Area All = new(0, 0, Width, Height);

    public static Task RunAsync()
    {
        foreach ((string content, Picture picture) in (ValueTuple<string, Picture>[])[("text", Text(Brown)), ("greys", Text(Black)), ("code", Text(Inks)), ("photo", Photo())])
        {
            foreach (int level in (int[])[1, 2, 3, 4, 6, 9]) Measure(content, $"zlib-{level}", Ours(picture, level));
            foreach (int level in (int[])[1, 3, 6]) Measure(content, $"opencv-{level}", OpenCv(picture, level));
            foreach (int level in (int[])[1, 4, 6]) Measure(content, $"skia-{level}", Skia(picture, level));
        }
        return Task.CompletedTask;
    }

    private static void Measure(string content, string writer, Func<int> write)
    {
        int bytes = 0;
        var runs = new List<double>();
        for (int i = 0; i < 2 * Runs; i++)
        {
            Cost before = Cost.Now;
            bytes = write();
            // The first half warms up.
            if (i >= Runs) runs.Add((Cost.Now - before).Cpu.TotalMicroseconds);
        }
        Result.Print($"png {content} {writer}", ("bytes", bytes), ("cpuUs", runs.Average()));
    }

    private static Func<int> Ours(Picture picture, int level)
    {
        var options = new ZLibCompressionOptions { CompressionLevel = level };
        var filtered = new ZLibCompressionOptions { CompressionLevel = level, CompressionStrategy = ZLibCompressionStrategy.Filtered };
        var writer = new PngWriter(options, filtered);
        return () => writer.Write(picture, All).Bytes.Length;
    }

    private static unsafe Func<int> OpenCv(Picture picture, int level) => () =>
    {
        fixed (uint* pixels = picture.Pixels)
        {
            using Mat area = Mat.FromPixelData(Height, Width, MatType.CV_8UC4, (nint)pixels);
            using Mat colours = area.CvtColor(ColorConversionCodes.BGRA2BGR);
            Cv2.ImEncode(".png", colours, out byte[] png, new ImageEncodingParam(ImwriteFlags.PngCompression, level));
            return png.Length;
        }
    };

    private static unsafe Func<int> Skia(Picture picture, int level) => () =>
    {
        fixed (uint* pixels = picture.Pixels)
        {
            using var pixmap = new SKPixmap(new SKImageInfo(Width, Height, SKColorType.Bgra8888, SKAlphaType.Opaque), (nint)pixels);
            using SKData png = pixmap.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, level))!;
            return (int)png.Size;
        }
    };

    /// <summary>Letters with soft edges, written by OpenCV, each word in the next ink.</summary>
    private static Picture Text(Scalar[] inks)
    {
        using var canvas = new Mat(Height, Width, MatType.CV_8UC4, new Scalar(255, 255, 255, 255));
        string[] words = "The quick brown fox jumps over the lazy dog and writes it all down again, line by line, as long as there is room.".Split(' ');
        for (int line = 0; line < 4; line++)
            for (int i = 0, x = 4; i < words.Length && x < Width; i++)
            {
                canvas.PutText(words[i], new OpenCvSharp.Point(x, 13 + 16 * line), HersheyFonts.HersheySimplex, .45, inks[i % inks.Length], 1, LineTypes.AntiAlias);
                x += Cv2.GetTextSize(words[i] + "  ", HersheyFonts.HersheySimplex, .45, 1, out _).Width;
            }
        return Of(canvas);
    }

    private static Picture Photo()
    {
        using var small = new Mat(Height / 8, Width / 8, MatType.CV_8UC4);
        Cv2.Randu(small, new Scalar(20, 20, 20, 255), new Scalar(235, 235, 235, 255));
        using Mat canvas = small.Resize(new Size(Width, Height), 0, 0, InterpolationFlags.Cubic);
        using var grain = new Mat(Height, Width, MatType.CV_8UC4);
        Cv2.Randn(grain, new Scalar(4, 4, 4, 0), new Scalar(2, 2, 2, 0));
        Cv2.Add(canvas, grain, canvas);
        return Of(canvas);
    }

    private static unsafe Picture Of(Mat canvas)
    {
        var picture = new Picture(Width, Height);
        new ReadOnlySpan<uint>((void*)canvas.Data, Width * Height).CopyTo(picture.Pixels);
        return picture;
    }
}
