using CsCheck;
using LanCollab.Plugins.Screen;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Screen;

/// <summary>Whatever happens on a screen, in the end everybody sees exactly that, whenever they came and however often they stalled.</summary>
public class PixelEqualityTests
{
    private const int Viewers = 4;

    [Fact]
    public void After_200_random_sequences_of_updates_every_viewer_has_the_presenters_pixels() =>
        Gen.Select(Gen.Int[1, 500], Gen.Int[1, 400], Gen.Int[5, 40], Gen.Int).Sample(Play, iter: 200, threads: 1);

    [Fact]
    public void Nothing_is_lost_where_only_some_of_what_was_drawn_on_is_looked_at_and_the_picture_is_newer_elsewhere() =>
        Gen.Select(Gen.Int[1, 500], Gen.Int[1, 400], Gen.Int[5, 40], Gen.Int).Sample(PlayInParts, iter: 200, threads: 1);

    private static void PlayInParts(int width, int height, int changes, int seed)
    {
        var random = new Random(seed);
        var drawing = new Drawing(width, height, seed);
        var time = new FakeTimeProvider();
        var presented = new TilePicture(64 * 1024 * 1024);
        var encoder = new PictureEncoder(presented, time);
        var viewer = new Leg(presented);
        TileMask drawn = new(), looked = new();
        drawn.Reset(drawing.Picture.Grid);
        looked.Reset(drawing.Picture.Grid);
        encoder.Encode(drawing.Picture);
        for (int i = 0; i < changes; i++, time.Advance(TimeSpan.FromMilliseconds(33)))
        {
            for (int times = random.Next(3); times >= 0; times--) Mark(drawn, drawing);
            looked.Clear();
            for (int row = 0; row < drawn.Grid.Rows; row++)
                for (int column = 0; column < drawn.Grid.Columns; column++)
                    if (drawn[column, row] && random.Next(2) == 0) looked.Add(drawn.Grid.AreaOf(column, row));
            drawn.Remove(looked);
            encoder.Encode(new Shot(drawing.Picture, looked));
            if (random.Next(2) == 0) viewer.Show();
        }
        encoder.Encode(new Shot(drawing.Picture, drawn));
        looked.Clear();
        for (int i = 0; i < 8; i++, time.Advance(TimeSpan.FromMilliseconds(60))) encoder.Encode(new Shot(drawing.Picture, looked));
        viewer.Show();
        Assert.Equal(drawing.Pixels, viewer.Canvas.Pixels);
    }

    /// <summary>Draws, and marks what the display would tell of.</summary>
    private static void Mark(TileMask drawn, Drawing drawing)
    {
        var before = new Picture(drawing.Picture.Grid.Width, drawing.Picture.Grid.Height);
        drawing.Picture.Pixels.CopyTo(before.Pixels);
        drawing.Change();
        var changes = new ChangeFinder();
        changes.Look(before, drawing.Picture, null);
        drawn.Add(changes.Tiles);
    }

    private static void Play(int width, int height, int changes, int seed)
    {
        var random = new Random(seed);
        var drawing = new Drawing(width, height, seed);
        var time = new FakeTimeProvider();
        TilePicture presented = new(64 * 1024 * 1024), relayed = new(64 * 1024 * 1024);
        var encoder = new PictureEncoder(presented, time);
        var hub = new Leg(presented);
        Leg[] viewers = [.. Enumerable.Range(0, Viewers).Select(_ => new Leg(relayed))];
        for (int i = 0; i < changes; i++)
        {
            for (int times = random.Next(3); times >= 0; times--) drawing.Change();
            encoder.Encode(drawing.Picture);
            time.Advance(TimeSpan.FromMilliseconds(33));
            // The hub, too, may miss some; each viewer is as slow as it likes.
            if (random.Next(3) > 0) hub.Bring(frame => relayed.Apply(frame.Span));
            for (int viewer = 0; viewer < Viewers; viewer++)
                if (random.Next(1 + 3 * viewer) == 0) viewers[viewer].Show();
        }
        Rest(encoder, drawing, time);
        hub.Bring(frame => relayed.Apply(frame.Span));
        foreach (Leg viewer in (Leg[])[.. viewers, new Leg(relayed)])
        {
            viewer.Show();
            Assert.Equal(drawing.Pixels, viewer.Canvas.Pixels);
        }
    }

    private static void Rest(PictureEncoder encoder, Drawing drawing, FakeTimeProvider time)
    {
        for (int i = 0; i < 8; i++, time.Advance(TimeSpan.FromMilliseconds(60))) encoder.Encode(drawing.Picture);
    }

    /// <summary>The way from a picture to somebody who lags behind it.</summary>
    private sealed class Leg(TilePicture from)
    {
        private long _revision;

        public Canvas Canvas { get; } = new();

        public void Show() => Bring(frame => Canvas.Take(frame.Span));

        public void Bring(Action<ReadOnlyMemory<byte>> take)
        {
            if (from.NewerThan(_revision) is not { } update) return;
            _revision = update.Revision;
            foreach (ReadOnlyMemory<byte> frame in update.Frames) take(frame);
        }
    }
}
