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

    [Theory]
    [InlineData(1, 0, 64, 64)]
    [InlineData(0, 60, 64, 5)]
    [InlineData(0, 0, 0, 64)]
    [InlineData(65535, 65535, 65535, 65535)]
    public void What_lies_outside_the_picture_or_is_empty_is_refused(int x, int y, int width, int height) =>
        Refuses(Frame(1, Size, Op.Fill(new Area(x, y, width, height), 0)));

    [Fact]
    public void A_copy_from_outside_the_picture_is_refused() => Refuses(Frame(1, Size, White, Op.Copy(new Area(0, 0, 32, 32), 33, 0)));

    [Fact]
    public void An_image_that_lies_about_its_size_is_refused_before_anything_is_decoded()
    {
        Refuses(Frame(1, Size, Op.Draw(Whole, Lying(Png(63, 64), 64, 64))));
        Refuses(Frame(1, Size, White, Op.Draw(new Area(0, 0, 8, 8), Lying(Png(10, 10), 99, 99), 3, 0)));
        byte[] huge = Png(64, 64).Bytes;
        (huge[16], huge[20]) = (0x7F, 0x7F);
        Refuses(Frame(1, Size, Op.Draw(Whole, Lying(new EncodedImage(huge, 64, 64), 64, 64))));
    }

    [Fact]
    public void An_image_that_this_update_has_not_brought_is_refused()
    {
        byte[] frame = Frame(1, Size, Op.Draw(Whole, Png(64, 64)));
        frame[TileFrame.HeaderLength] = (byte)OpKind.Again;
        Refuses(frame[..(TileFrame.HeaderLength + TileFrame.LengthOf(OpKind.Again))]);
    }

    [Fact]
    public void What_is_neither_PNG_nor_JPEG_is_refused() => Refuses(Frame(1, Size, Op.Draw(Whole, new EncodedImage(new byte[200], 64, 64))));

    [Fact]
    public void An_image_that_is_too_long_is_refused()
    {
        byte[] png = Png(64, 64).Bytes;
        Array.Resize(ref png, EncodedImage.MaxBytes + 1);
        Refuses(Frame(1, Size, Op.Draw(Whole, new EncodedImage(png, 64, 64))));
    }

    [Fact]
    public void A_first_frame_that_does_not_cover_the_picture_is_refused_also_when_one_place_comes_twice() =>
        Refuses(Frame(1, new TileGrid(128, 64), White, White));

    [Fact]
    public void Frame_numbers_must_grow()
    {
        var picture = new TilePicture(MaxBytes);
        byte[] frame = Frame(5, Size, White);
        Assert.True(picture.Apply(frame));
        Assert.Throws<ProtocolErrorException>(() => picture.Apply(frame));
        Refuses(Frame(0, Size, White));
    }

    [Fact]
    public void A_picture_that_takes_too_much_memory_is_refused()
    {
        var picture = new TilePicture(1000);
        byte[] png = Png(64, 64).Bytes;
        Array.Resize(ref png, 1001);
        Assert.Throws<ProtocolErrorException>(() => picture.Apply(Frame(1, Size, Op.Draw(Whole, new EncodedImage(png, 64, 64)))));
    }

    [Fact]
    public void A_presenter_that_stops_in_the_middle_of_an_update_changes_nothing()
    {
        var picture = new TilePicture(MaxBytes);
        picture.Apply(Frame(1, Size, White));
        long revision = picture.NewerThan(0)!.Revision;
        byte[] part = Frame(2, Size, Op.Fill(Whole, 0xFF0000));
        part[0] = TileFrame.Part;
        Assert.False(picture.Apply(part));
        Assert.Null(picture.NewerThan(revision));
        Assert.Throws<ProtocolErrorException>(() => picture.Apply(Frame(3, Size, White)));
    }

    [Fact]
    public void A_pointer_of_a_shape_that_has_not_come_or_of_a_wrong_size_is_refused()
    {
        Refuses(PointerFrame.WritePlace(new Pointer(1, 1, new PointerShape(7, 0, 0, Png(8, 8)))));
        Refuses(PointerFrame.WriteShape(new PointerShape(7, 0, 0, Png(257, 8))));
        Refuses(PointerFrame.WriteShape(new PointerShape(0, 0, 0, Png(8, 8))));
        Refuses([PointerFrame.Place, 0, 0]);
        var picture = new TilePicture(MaxBytes);
        picture.Apply(PointerFrame.WriteShape(new PointerShape(7, 2, 3, Png(8, 8))));
        picture.Apply(PointerFrame.WritePlace(new Pointer(5, 6, new PointerShape(7, 0, 0, Png(8, 8)))));
        Assert.Equal((5, 6, 2, 3), (picture.Pointer.X, picture.Pointer.Y, picture.Pointer.Shape!.HotX, picture.Pointer.Shape.HotY));
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
        Assert.Equal(drawing.Pixels, seen.Pixels);
    }

    [Fact]
    public async Task Viewers_keep_the_last_good_picture_when_the_presenter_stops_in_the_middle_of_the_next_or_sends_nonsense()
    {
        await using ScreenMeeting meeting = await ScreenMeeting.StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        await ada.Page.RequestAsync(new Present("browser"));
        byte[] good = Frame(1, Size, White), half = Frame(2, Size, Op.Fill(Whole, 0xFF0000));
        half[0] = TileFrame.Part;
        await ada.Page.First.SendAsync("tiles", good);
        await ScreenMeeting.PictureAsync(bob.Page.First, canvas => canvas.Number == 1);
        await ada.Page.First.SendAsync("tiles", half);
        await ada.Page.First.SendAsync("tiles", Frame(2, Size, Op.Draw(Whole, Lying(Png(8, 8), 64, 64))));
        Sharing ended = await ada.Page.WaitAsync<Sharing>(sharing => sharing.Reason is not null);
        Assert.Null(ended.Source);
        await bob.Page.WaitAsync<Presenter>(presenter => presenter.Id is null && bob.Page.Events<Presenter>().Any(p => p.Id is not null));
        Canvas seen = await ScreenMeeting.PictureAsync(bob.Page.First, canvas => canvas.Number == 1);
        Assert.Equal((1, 0xFFFFFFu), (seen.Updates, seen.Pixels[0]));
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

    private static readonly TileGrid Size = new(64, 64);
    private static readonly Area Whole = new(0, 0, 64, 64);
    private static readonly Op White = Op.Fill(Whole, 0xFFFFFF);

    private static byte[] Header(int width, int height, int count)
    {
        byte[] frame = new byte[TileFrame.HeaderLength];
        TileFrame.WriteHeader(frame, TileFrame.End, 1, new TileGrid(width, height), count);
        return frame;
    }

    /// <summary>A frame as the encoder makes it, with every kind of operation.</summary>
    private static byte[] Valid(int seed)
    {
        var picture = new TilePicture(MaxBytes);
        var encoder = new PictureEncoder(picture, TimeProvider.System);
        encoder.Encode(new Drawing(70 + seed * 31, 65 + seed, seed).Text(new Area(3, 3, 60, 60)).Picture);
        return picture.NewerThan(0)!.Frames[0].ToArray();
    }

    private static byte[] Frame(uint number, TileGrid grid, params Op[] ops)
    {
        var writer = new TileFrameWriter(number, grid);
        foreach (Op op in ops) writer.Add(op);
        return writer.Finish().Single().ToArray();
    }

    private static EncodedImage Png(int width, int height) => new PngWriter().Write(new Picture(width, height), new Area(0, 0, width, height));

    /// <summary>The same bytes, of which the writer believes that they are of another size.</summary>
    private static EncodedImage Lying(EncodedImage image, int width, int height) => new(image.Bytes, width, height);
}
