using LanCollab.Contracts;
using OpenCvSharp;

namespace LanCollab.Plugins.Media.Video;

/// <summary>
/// The camera of a demo person: a small MJPG AVI with a drawn face that looks around and blinks before a softly moving background.
/// It is made once, and its end fits its beginning.
/// </summary>
internal static class VideoDemo
{
    private const int Width = 640, Height = 360, Fps = 15, Frames = 8 * Fps;

    private static readonly Scalar[] Backgrounds = [Rgb(64, 120, 168), Rgb(96, 140, 92), Rgb(176, 106, 86), Rgb(122, 98, 160), Rgb(64, 138, 140)];
    private static readonly Scalar[] Skins = [Rgb(244, 205, 170), Rgb(176, 124, 88), Rgb(226, 172, 130), Rgb(128, 86, 62), Rgb(250, 218, 190)];
    private static readonly Scalar[] Hairs = [Rgb(70, 46, 32), Rgb(24, 22, 26), Rgb(190, 140, 70), Rgb(30, 24, 22), Rgb(150, 62, 36)];
    private static readonly Scalar[] Shirts = [Rgb(240, 196, 72), Rgb(224, 232, 238), Rgb(48, 74, 120), Rgb(232, 120, 96), Rgb(60, 62, 74)];

    /// <summary>Makes the file unless it is there.</summary>
    /// <returns>Its path.</returns>
    public static async Task<string> PrepareAsync(DemoPerson person, CancellationToken cancellationToken)
    {
        string path = Path.Combine(person.Folder, "camera.avi");
        if (!File.Exists(path)) await Task.Run(() => Write(person, path, cancellationToken), cancellationToken).ConfigureAwait(false);
        return path;
    }

    // Under another name first: a demo that is stopped meanwhile leaves no half file that the next one would play.
    private static void Write(DemoPerson person, string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(person.Folder);
        string unfinished = Path.Combine(person.Folder, "camera.part.avi");
        using (var writer = new VideoWriter(unfinished, FourCC.MJPG, Fps, new Size(Width, Height)))
        {
            if (!writer.IsOpened()) throw new IOException($"The demo's video {unfinished} cannot be written.");
            using var picture = new Mat(Height, Width, MatType.CV_8UC3);
            for (int frame = 0; frame < Frames; frame++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Draw(picture, person, frame);
                writer.Write(picture);
            }
        }
        File.Move(unfinished, path, overwrite: true);
    }

    private static void Draw(Mat picture, DemoPerson person, int frame)
    {
        double turn = 2 * Math.PI * frame / Frames;
        int kind = person.Index % Backgrounds.Length;
        DrawBackground(picture, Backgrounds[kind], turn);
        // Whole multiples of the turn, so that the loop has no seam.
        var head = new Point((Width / 2) + (10 * Math.Sin(turn + person.Index)), 165 + (5 * Math.Sin((3 * turn) + person.Index)));
        DrawBody(picture, head, kind);
        DrawFace(picture, head, turn, frame, person.Index);
    }

    private static void DrawBackground(Mat picture, Scalar colour, double turn)
    {
        picture.SetTo(Mix(colour, Rgb(20, 24, 32), 0.35));
        for (int i = 0; i < 3; i++)
        {
            var centre = new Point((Width * (0.2 + (0.3 * i))) + (60 * Math.Sin(turn + (2 * i))), (Height * 0.4) + (40 * Math.Cos(turn + i)));
            Cv2.Circle(picture, centre, 110 - (15 * i), Mix(colour, Rgb(255, 255, 255), 0.06 * (i + 1)), -1, LineTypes.AntiAlias);
        }
    }

    private static void DrawBody(Mat picture, Point head, int kind)
    {
        Cv2.Ellipse(picture, new Point(head.X, Height + 40), new Size(150, 140), 0, 180, 360, Shirts[kind], -1, LineTypes.AntiAlias);
        Cv2.Rectangle(picture, new Rect(head.X - 24, head.Y + 60, 48, 60), Mix(Skins[kind], Rgb(0, 0, 0), 0.12), -1);
        Cv2.Ellipse(picture, new Point(head.X, head.Y - 18), new Size(84, 88), 0, 0, 360, Hairs[kind], -1, LineTypes.AntiAlias);
        Cv2.Ellipse(picture, head, new Size(70, 86), 0, 0, 360, Skins[kind], -1, LineTypes.AntiAlias);
        Cv2.Ellipse(picture, new Point(head.X, head.Y - 52), new Size(70, 42), 0, 180, 360, Hairs[kind], -1, LineTypes.AntiAlias);
    }

    private static void DrawFace(Mat picture, Point head, double turn, int frame, int index)
    {
        Scalar dark = Rgb(40, 32, 34);
        var look = new Point(7 * Math.Sin(turn + index), 2 * Math.Cos(2 * turn));
        bool blinks = (frame + (17 * index)) % 55 < 3;
        foreach (int side in new[] { -1, 1 })
        {
            var eye = new Point(head.X + (side * 27) + look.X, head.Y - 6 + look.Y);
            Cv2.Ellipse(picture, eye, new Size(12, blinks ? 1 : 9), 0, 0, 360, blinks ? dark : Rgb(252, 252, 252), -1, LineTypes.AntiAlias);
            if (!blinks) Cv2.Circle(picture, new Point(eye.X + (look.X / 2), eye.Y), 5, dark, -1, LineTypes.AntiAlias);
            Cv2.Ellipse(picture, new Point(eye.X, eye.Y - 17), new Size(15, 5), 0, 190, 350, dark, 3, LineTypes.AntiAlias);
        }
        // Opens and closes some twice a second, as a mouth does.
        int open = (int)(5 + (5 * Math.Sin(16 * turn) * Math.Sin((3 * turn) + index)));
        Cv2.Ellipse(picture, new Point(head.X + look.X, head.Y + 42), new Size(22, Math.Max(2, open)), 0, 0, 360, Rgb(150, 60, 66), -1, LineTypes.AntiAlias);
    }

    private static Scalar Rgb(int red, int green, int blue) => new(blue, green, red);

    private static Scalar Mix(Scalar a, Scalar b, double share) => new(
        (a.Val0 * (1 - share)) + (b.Val0 * share), (a.Val1 * (1 - share)) + (b.Val1 * share), (a.Val2 * (1 - share)) + (b.Val2 * share));
}
