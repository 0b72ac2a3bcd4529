using CsCheck;
using LanCollab.Plugins.Screen;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Screen;

public class HostileTests
{
    private const int MaxBytes = 1024 * 1024;

    [Fact]
    public void Random_bytes_are_refused_with_a_protocol_error_and_nothing_else() =>
        Gen.Byte.Array[0, 200].Sample(bytes => Refuses(bytes), iter: 20_000);

    [Fact]
    public void A_valid_frame_with_a_few_changed_bytes_is_taken_or_refused_with_a_protocol_error() =>
        Gen.Select(Gen.Int[0, 1000], Gen.Select(Gen.Int[0, 10_000], Gen.Byte).Array[1, 4], Gen.Int[0, 3]).Sample((seed, changes, cut) =>
        {
            byte[] frame = Valid(seed % 5);
            foreach ((int at, byte value) in changes) frame[at % Math.Min(frame.Length, 100)] = value;
            TakesOrRefuses(new TilePicture(MaxBytes), cut == 0 ? frame[..(seed % frame.Length)] : frame);
        }, iter: 5_000);

    [Theory]
    [InlineData(0, 64)]
    [InlineData(64, 0)]
    [InlineData(8193, 1)]
    [InlineData(1, 8193)]
    [InlineData(8192, 8192)]
    public void A_picture_of_an_impossible_size_is_refused(int width, int height) => Refuses(Header(width, height, 0));

    [Fact]
    public void A_tile_outside_the_picture_is_refused() => Refuses(Frame(1, new TileGrid(64, 64), (1, 0, Png(64, 64))));

    [Fact]
    public void A_tile_of_another_size_than_its_place_is_refused()
    {
        Refuses(Frame(1, new TileGrid(64, 64), (0, 0, Png(63, 64))));
        Refuses(Frame(1, new TileGrid(65, 64), (0, 0, Png(64, 64)), (1, 0, Png(64, 64))));
        Assert.True(new TilePicture(MaxBytes).Apply(Frame(1, new TileGrid(65, 64), (0, 0, Png(64, 64)), (1, 0, Png(1, 64)))));
    }

    [Fact]
    public void What_is_no_png_is_refused() => Refuses(Frame(1, new TileGrid(64, 64), (0, 0, new byte[200])));

    [Fact]
    public void A_tile_that_is_too_long_is_refused()
    {
        byte[] png = Png(64, 64);
        Array.Resize(ref png, TileFrame.MaxTileBytes + 1);
        Refuses(Frame(1, new TileGrid(64, 64), (0, 0, png)));
    }

    [Fact]
    public void A_first_frame_without_all_tiles_is_refused_also_when_one_comes_twice() =>
        Refuses(Frame(1, new TileGrid(128, 64), (0, 0, Png(64, 64)), (0, 0, Png(64, 64))));

    [Fact]
    public void Frame_numbers_must_grow()
    {
        var picture = new TilePicture(MaxBytes);
        byte[] frame = Frame(5, new TileGrid(64, 64), (0, 0, Png(64, 64)));
        Assert.True(picture.Apply(frame));
        Assert.Throws<ProtocolErrorException>(() => picture.Apply(frame));
        Refuses(Frame(0, new TileGrid(64, 64), (0, 0, Png(64, 64))));
    }

    [Fact]
    public void A_picture_that_takes_too_much_memory_is_refused()
    {
        var picture = new TilePicture(1000);
        byte[] png = Png(64, 64);
        Array.Resize(ref png, 1001);
        Assert.Throws<ProtocolErrorException>(() => picture.Apply(Frame(1, new TileGrid(64, 64), (0, 0, png))));
    }

    [Fact]
    public void Half_an_update_changes_nothing()
    {
        var picture = new TilePicture(MaxBytes);
        var grid = new TileGrid(64, 64);
        picture.Apply(Frame(1, grid, (0, 0, Png(64, 64))));
        long revision = picture.NewerThan(0)!.Revision;
        byte[] part = Frame(2, grid, (0, 0, Png(64, 64)));
        part[0] = TileFrame.Part;
        Assert.False(picture.Apply(part));
        Assert.Null(picture.NewerThan(revision));
        Assert.Throws<ProtocolErrorException>(() => picture.Apply(Frame(3, grid, (0, 0, Png(64, 64)))));
    }

    [Fact]
    public async Task Who_sends_nonsense_or_tiles_without_presenting_is_cut_off_and_nobody_else()
    {
        await using ScreenMeeting meeting = await ScreenMeeting.StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        CapturingPage page = await CapturingPage.ShareAsync(ada);
        TestClientContext eve = meeting.Hub.NewClient("Eve");
        await eve.JoinAs("Eve");
        IChannel channel = await eve.ConnectAsync("screen", FrameLimits.Tiles, TestContext.Current.CancellationToken);
        await channel.SendAsync(new Frame(FrameKind.Binary, Valid(1)), TestContext.Current.CancellationToken);
        await meeting.Hub.ProtocolErrors.WaitAsync(reason => reason.Contains("does not present"));
        Drawing drawing = new Drawing(100, 100, 1).Change();
        await page.SendAsync(drawing.Picture);
        Canvas seen = await ScreenMeeting.PictureAsync(bob.Page.First, canvas => canvas.Number == 1);
        Assert.Equal(drawing.Picture.Pixels, seen.Decode().Pixels);
    }

    private static void Refuses(byte[] payload) => Assert.Throws<ProtocolErrorException>(() => new TilePicture(MaxBytes).Apply(payload));

    private static void TakesOrRefuses(TilePicture picture, byte[] payload)
    {
        try
        {
            picture.Apply(payload);
        }
        catch (ProtocolErrorException)
        {
            // The one exception that may come.
        }
    }

    private static byte[] Header(int width, int height, int count)
    {
        byte[] frame = new byte[TileFrame.HeaderLength];
        TileFrame.WriteHeader(frame, TileFrame.End, 1, new TileGrid(width, height), count);
        return frame;
    }

    private static byte[] Valid(int seed)
    {
        var picture = new TilePicture(MaxBytes);
        new TileEncoder(picture).Encode(new Drawing(70 + seed * 31, 65 + seed, seed).Change().Picture);
        return picture.NewerThan(0)!.Frames[0].ToArray();
    }

    private static byte[] Frame(uint number, TileGrid grid, params (int Column, int Row, byte[] Png)[] tiles)
    {
        var writer = new TileFrameWriter(number, grid);
        foreach ((int column, int row, byte[] png) in tiles) writer.Add(new Tile(column, row, png));
        return writer.Finish()[0].ToArray();
    }

    private static byte[] Png(int width, int height)
    {
        (byte[] png, int length) = new PngWriter().Write(new Picture(width, height), 0, 0);
        return png[..length];
    }
}
