using OpenCvSharp;

namespace LanCollab.Plugins.Screen;

/// <summary>Paints the demo's slides, 1280 x 720.</summary>
internal static class SlidePainter
{
    private const int Width = 1280, Height = 720, Margin = 80, ChartLeft = 760, ChartBottom = 580, ChartHeight = 330;
    private const HersheyFonts Font = HersheyFonts.HersheyDuplex;

    private static readonly Scalar Paper = Rgb(0xF8, 0xF9, 0xFC), Ink = Rgb(0x1F, 0x2A, 0x44), Soft = Rgb(0x6B, 0x76, 0x8F), Line = Rgb(0xD8, 0xDD, 0xE8);

    private static readonly Scalar[] Colours =
        [Rgb(0x3B, 0x6F, 0xE0), Rgb(0x1F, 0xA3, 0x8A), Rgb(0xF2, 0xA5, 0x3A), Rgb(0xD9, 0x5D, 0x6A), Rgb(0x8A, 0x63, 0xD2)];

    /// <summary>Writes <c>slide&lt;n&gt;.png</c>, unless it is there.</summary>
    public static void PaintIfMissing(string folder, DemoSlide slide)
    {
        string path = Path.Combine(folder, $"slide{slide.Number}.png");
        if (File.Exists(path)) return;
        using var canvas = new Mat(Height, Width, MatType.CV_8UC3, Paper);
        PaintFrame(canvas, slide);
        PaintLines(canvas, slide);
        PaintBars(canvas, slide);
        // Under another name first: a slide that was written half is not to stay.
        string half = Path.Combine(folder, $".half{slide.Number}.png");
        if (!Cv2.ImWrite(half, canvas)) throw new IOException($"The slide {path} cannot be written.");
        File.Move(half, path, overwrite: true);
    }

    private static void PaintFrame(Mat canvas, DemoSlide slide)
    {
        canvas.Rectangle(new Rect(0, 0, Width, 14), Colours[(slide.Number - 1) % Colours.Length], Cv2.FILLED);
        Text(canvas, slide.Title, Margin, 140, 1.9, Ink, 3);
        canvas.Line(Margin, 176, Width - Margin, 176, Line, 2, LineTypes.AntiAlias);
        Text(canvas, "LanCollab demo", Margin, Height - 40, 0.65, Soft, 1);
        Text(canvas, $"{slide.Number} / {DemoSlide.All.Count}", Width - Margin - 60, Height - 40, 0.65, Soft, 1);
    }

    private static void PaintLines(Mat canvas, DemoSlide slide)
    {
        for (int i = 0; i < slide.Lines.Count; i++)
        {
            int y = 280 + i * 90;
            canvas.Circle(Margin + 10, y - 10, 8, Colours[(slide.Number - 1) % Colours.Length], Cv2.FILLED, LineTypes.AntiAlias);
            Text(canvas, slide.Lines[i], Margin + 40, y, 1.0, Ink, 1);
        }
    }

    private static void PaintBars(Mat canvas, DemoSlide slide)
    {
        int step = (Width - Margin - ChartLeft) / slide.Bars.Count, width = step * 6 / 10;
        for (int i = 0; i < slide.Bars.Count; i++)
        {
            int left = ChartLeft + i * step + (step - width) / 2, height = (int)(ChartHeight * slide.Bars[i].Height);
            canvas.Rectangle(new Rect(left, ChartBottom - height, width, height), Colours[i % Colours.Length], Cv2.FILLED);
            Size label = Cv2.GetTextSize(slide.Bars[i].Label, Font, 0.65, 1, out _);
            Text(canvas, slide.Bars[i].Label, left + (width - label.Width) / 2, ChartBottom + 34, 0.65, Soft, 1);
        }
        canvas.Line(ChartLeft, ChartBottom, Width - Margin, ChartBottom, Line, 2, LineTypes.AntiAlias);
    }

    private static void Text(Mat canvas, string text, int x, int y, double size, Scalar colour, int thickness) =>
        canvas.PutText(text, new OpenCvSharp.Point(x, y), Font, size, colour, thickness, LineTypes.AntiAlias);

    private static Scalar Rgb(int red, int green, int blue) => new(blue, green, red);
}
