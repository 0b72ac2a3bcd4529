using LanCollab.Plugins.Screen;
using LanCollab.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Screen;

public class EncoderTests
{
    private const long MaxBytes = 64 * 1024 * 1024;

    private readonly FakeTimeProvider _time = new();
    private readonly TilePicture _picture = new(MaxBytes);
    private readonly Canvas _viewer = new();
    private long _revision;

    [Fact]
    public void Only_what_has_changed_is_sent_trimmed_to_the_pixel()
    {
        var drawing = new Drawing(640, 640, 1);
        var encoder = new PictureEncoder(_picture, _time);
        Send(encoder, drawing);
        Assert.False(encoder.Encode(drawing.Picture));
        long before = _viewer.Bytes;
        drawing.Text(new Area(200, 100, 9, 15));
        Send(encoder, drawing);
        Assert.Equal((2, 1), (_viewer.Updates, _viewer.Images));
        Assert.InRange(_viewer.Bytes - before, 1, 300);
        Assert.Equal(drawing.Pixels, _viewer.Pixels);
    }

    [Fact]
    public void Areas_of_one_colour_are_sent_as_that()
    {
        var drawing = new Drawing(1920, 1080, 1);
        Send(new PictureEncoder(_picture, _time), drawing);
        Assert.Equal((1, 0), (_viewer.Fills, _viewer.Images));
        Assert.InRange(_viewer.Bytes, 1, 40);
    }

    [Theory]
    [InlineData(0, 0, 800, 600, 17)]
    [InlineData(37, 41, 501, 473, 90)]
    public void Scrolled_text_is_copied(int x, int y, int width, int height, int by)
    {
        var within = new Area(x, y, width, height);
        Drawing drawing = new Drawing(800, 600, 1).Text(within);
        var encoder = new PictureEncoder(_picture, _time);
        Send(encoder, drawing);
        long whole = _viewer.Bytes;
        for (int i = 0; i < 5; i++) Send(encoder, drawing.Scroll(within, by));
        Assert.InRange(_viewer.Copies, 5, 15);
        Assert.InRange(_viewer.Bytes - whole, 1, whole * 5 * by / height * 3 / 2);
        Assert.Equal(drawing.Pixels, _viewer.Pixels);
    }

    [Fact]
    public void A_window_that_is_dragged_over_noise_is_copied()
    {
        Drawing background = new Drawing(700, 500, 1).Noise(), window = new Drawing(300, 200, 2).Text(new Area(0, 0, 300, 200));
        var drawing = new Drawing(700, 500, 3);
        var encoder = new PictureEncoder(_picture, _time, lossless: true);
        for (int i = 0; i < 8; i++)
        {
            background.Picture.Pixels.CopyTo(drawing.Picture.Pixels);
            for (int y = 0; y < 200; y++) window.Picture.Row(0, y, 300).CopyTo(drawing.Picture.Row(50 + 31 * i, 40 + 13 * i + y, 300));
            Send(encoder, drawing);
            Assert.Equal(drawing.Pixels, _viewer.Pixels);
        }
        Assert.InRange(_viewer.Copies, 7, 28);
    }

    [Fact]
    public void Where_a_window_is_dragged_over_a_photograph_only_what_it_uncovers_is_sent_and_once()
    {
        const int width = 300, height = 200, right = 11, down = 7, steps = 30;
        Drawing photo = new Drawing(700, 500, 1).Noise(), window = new Drawing(width, height, 2).Text(new Area(0, 0, width, height));
        // A listing: half of each line is what stands in all the others.
        for (int y = 20; y < height; y++) window.Picture.Row(0, y % 20, width / 2).CopyTo(window.Picture.Row(0, y, width / 2));
        var drawing = new Drawing(700, 500, 3);
        var encoder = new PictureEncoder(_picture, _time);
        long whole = 0;
        for (int i = 0; i <= steps; i++, _time.Advance(TimeSpan.FromMilliseconds(33)))
        {
            photo.Picture.Pixels.CopyTo(drawing.Picture.Pixels);
            for (int y = 0; y < height; y++) window.Picture.Row(0, y, width).CopyTo(drawing.Picture.Row(10 + right * i, 20 + down * i + y, width));
            Send(encoder, drawing);
            if (i == 0) whole = _viewer.Bytes;
            Assert.Equal(drawing.Pixels, _viewer.Pixels);
        }
        long uncovered = steps * (width * down + height * right - down * right), bytes = _viewer.Bytes - whole;
        Assert.Equal(0, _viewer.Jpegs);
        Assert.InRange(bytes, 3 * uncovered, 3 * uncovered * 5 / 4);
    }

    [Fact]
    public void Lossy_pixels_that_are_scrolled_on_and_on_wait_until_they_stand_still()
    {
        var film = new Area(0, 0, 640, 384);
        var drawing = new Drawing(640, 400, 1);
        var encoder = new PictureEncoder(_picture, _time);
        for (int i = 0; i < 12; i++, _time.Advance(TimeSpan.FromMilliseconds(33))) Send(encoder, drawing.Noise(film));
        long before = _viewer.Bytes;
        for (int i = 0; i < 15; i++, _time.Advance(TimeSpan.FromMilliseconds(33))) Send(encoder, drawing.Scroll(film, 4));
        Assert.True(encoder.IsLossy);
        Assert.InRange(_viewer.Bytes - before, 1, 100_000);
        for (int waited = 33; waited < 500; waited += 60, _time.Advance(TimeSpan.FromMilliseconds(60))) Send(encoder, drawing);
        Assert.Equal(drawing.Pixels, _viewer.Pixels);
    }

    [Fact]
    public void Without_loss_can_be_asked_for_while_it_runs()
    {
        var film = new Area(64, 64, 256, 192);
        var drawing = new Drawing(640, 400, 1);
        var encoder = new PictureEncoder(_picture, _time);
        for (int i = 0; i < 24; i++, _time.Advance(TimeSpan.FromMilliseconds(33)))
        {
            encoder.Lossless = i >= 12;
            Send(encoder, drawing.Noise(film));
            if (i == 11) Assert.True(encoder.IsLossy);
        }
        Assert.False(encoder.IsLossy);
        Assert.Equal(drawing.Pixels, _viewer.Pixels);
    }

    [Fact]
    public void What_moves_is_sent_as_JPEG_and_exactly_within_500_ms_of_standing_still()
    {
        var film = new Area(70, 70, 300, 200);
        var drawing = new Drawing(640, 400, 1);
        var encoder = new PictureEncoder(_picture, _time);
        for (int i = 0; i < 12; i++)
        {
            Send(encoder, drawing.Noise(film));
            _time.Advance(TimeSpan.FromMilliseconds(33));
        }
        Assert.True(_viewer.Jpegs > 0);
        Assert.True(encoder.IsLossy);
        Assert.NotEqual(drawing.Pixels, _viewer.Pixels);
        for (int waited = 33; waited < 500; waited += 60, _time.Advance(TimeSpan.FromMilliseconds(60))) Send(encoder, drawing);
        Assert.False(encoder.IsLossy);
        Assert.Equal(drawing.Pixels, _viewer.Pixels);
    }

    [Fact]
    public void What_was_lossy_and_is_copied_is_mended_there_too()
    {
        var film = new Area(0, 0, 320, 192);
        var drawing = new Drawing(640, 400, 1);
        var encoder = new PictureEncoder(_picture, _time);
        for (int i = 0; i < 12; i++, _time.Advance(TimeSpan.FromMilliseconds(33))) Send(encoder, drawing.Noise(film));
        for (int y = film.Height - 1; y >= 0; y--) drawing.Picture.Row(0, y, film.Width).CopyTo(drawing.Picture.Row(40, 30 + y, film.Width));
        Send(encoder, drawing);
        Assert.True(_viewer.Copies > 0);
        for (int i = 0; i < 9; i++, _time.Advance(TimeSpan.FromMilliseconds(60))) Send(encoder, drawing);
        Assert.Equal(drawing.Pixels, _viewer.Pixels);
    }

    [Fact]
    public void A_picture_in_shreds_is_tidied_up()
    {
        var drawing = new Drawing(640, 640, 1);
        var encoder = new PictureEncoder(_picture, _time);
        Send(encoder, drawing);
        int most = 0;
        for (int i = 0; i < 6000; i++)
        {
            int place = i * 37 % 4096;
            drawing.Text(new Area(place % 64 * 10, place / 64 * 10, 4, 4));
            Send(encoder, drawing);
            most = Math.Max(most, _picture.Pieces.Count);
        }
        Assert.InRange(most, 3000, 9000);
        Assert.Equal(drawing.Pixels, _viewer.Pixels);
    }

    [Fact]
    public void An_unchanged_picture_costs_no_memory()
    {
        Drawing drawing = new Drawing(640, 400, 1).Noise();
        var encoder = new PictureEncoder(_picture, _time);
        Send(encoder, drawing);
        Assert.Equal(0, Allocated.Least(100, () => encoder.Encode(drawing.Picture)));
    }

    private void Send(PictureEncoder encoder, Drawing drawing)
    {
        if (!encoder.Encode(drawing.Picture)) return;
        TileUpdate update = _picture.NewerThan(_revision)!;
        _revision = update.Revision;
        _viewer.Take(update);
    }
}
