using LanCollab.Plugins.Screen;
using OpenCvSharp;

namespace LanCollab.Benchmarks.Screen;

/// <summary>What a presenter shows over the real wire: a picture of 1920x1080 that a pen changes for each update.</summary>
/// <param name="Picture">The first one.</param>
/// <param name="Change">Draws the next one.</param>
internal sealed record Presentation(Picture Picture, Action Change)
{
    public const int Width = 1920, Height = 1080;

    private const int Rows = 20;

    /// <summary>A page of text that is scrolled.</summary>
    public static Presentation ScrollingText()
    {
        var picture = new Picture(Width, Height);
        var pen = new Random(1);
        Write(picture, 0, Height, pen);
        return new Presentation(picture, () =>
        {
            picture.Pixels[(Rows * Width)..].CopyTo(picture.Pixels);
            Write(picture, Height - Rows, Height, pen);
        });
    }

    /// <summary>A photograph, all over the picture, that stands still.</summary>
    public static Presentation Photograph()
    {
        var picture = new Picture(Width, Height);
        using Mat photo = Scene.Photo(Width, Height);
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
            {
                Vec3b pixel = photo.At<Vec3b>(y, x);
                picture.Row(x, y, 1)[0] = (uint)(pixel.Item0 | pixel.Item1 << 8 | pixel.Item2 << 16);
            }
        return new Presentation(picture, static () => { });
    }

    /// <summary>Takes the stage and presents until cancelled.</summary>
    /// <returns>The loop, as soon as the stage is taken.</returns>
    public static async Task<Task> BeginAsync(ScreenWire wire, UpdateWindow window, int framesPerSecond, Presentation show, CancellationToken cancellationToken)
    {
        MessageChannel presenter = await wire.OpenAsync("Presenter");
        presenter.On<Shown>(_ => window.Acknowledged());
        wire.Receive(presenter);
        await presenter.RequestAsync<Granted>(new Present(), cancellationToken);
        return show.RunAsync(presenter, window, framesPerSecond, cancellationToken);
    }

    private async Task RunAsync(MessageChannel presenter, UpdateWindow window, int framesPerSecond, CancellationToken cancellationToken)
    {
        var tiles = new TilePicture(64 * 1024 * 1024);
        var encoder = new PictureEncoder(tiles, TimeProvider.System, lossless: true);
        long revision = 0;
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / framesPerSecond));
        do
        {
            if (encoder.Encode(Picture))
            {
                await window.EnterAsync(cancellationToken);
                TileUpdate update = tiles.NewerThan(revision)!;
                revision = update.Revision;
                foreach (ReadOnlyMemory<byte> frame in update.Frames) await presenter.Channel.SendAsync(new Frame(FrameKind.Binary, frame), cancellationToken);
            }
            Change();
        }
        while (await beat.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>Lines of dark marks on white, as a page of text has them.</summary>
    private static void Write(Picture picture, int top, int bottom, Random pen)
    {
        for (int y = top; y < bottom; y++)
        {
            Span<uint> row = picture.Row(0, y, Width);
            row.Fill(0xFFFFFF);
            if (y % Rows is < 4 or > 15) continue;
            for (int x = 100 + pen.Next(6); x < Width - 100; x += 3 + pen.Next(8)) row.Slice(x, 2).Fill((uint)pen.Next(4) * 0x303030);
        }
    }
}
