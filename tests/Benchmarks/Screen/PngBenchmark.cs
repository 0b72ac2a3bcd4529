using System.IO.Compression;
using LanCollab.Plugins.Screen;
using OpenCvSharp;
using SkiaSharp;

namespace LanCollab.Benchmarks.Screen;

/// <summary>Writers of PNG on the two kinds of areas that screens have: text in a few colours, and a photograph.</summary>
internal static class PngBenchmark
{
    private const int Width = 1024, Height = 64, Runs = 60;

    private static readonly Area All = new(0, 0, Width, Height);

    public static Task RunAsync()
    {
        foreach ((string content, Picture picture) in (ValueTuple<string, Picture>[])[("text", Text()), ("photo", Photo())])
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

    /// <summary>Letters with soft edges, written by OpenCV.</summary>
    private static Picture Text()
    {
        using var canvas = new Mat(Height, Width, MatType.CV_8UC4, new Scalar(255, 255, 255, 255));
        for (int line = 0; line < 4; line++)
            canvas.PutText("The quick brown fox jumps over the lazy dog and writes it all down again, line by line.", new OpenCvSharp.Point(4, 13 + 16 * line),
                HersheyFonts.HersheySimplex, .45, new Scalar(40, 30, 20, 255), 1, LineTypes.AntiAlias);
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
