using LanCollab.Plugins.Screen;
using LanCollab.Tests.Support;
using static LanCollab.Tests.Plugins.Screen.ScreenMeeting;

namespace LanCollab.Tests.Plugins.Screen;

public class ViewerTests
{
    [Theory]
    [InlineData(640, 384)]
    [InlineData(333, 217)]
    [InlineData(64, 64)]
    [InlineData(1, 1)]
    public async Task A_viewers_picture_equals_the_presenters_after_50_changes(int width, int height)
    {
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        CapturingPage page = await CapturingPage.ShareAsync(ada);
        var drawing = new Drawing(width, height, seed);
        for (int i = 0; i < 50; i++)
        {
            await page.SendAsync(drawing.Change().Picture);
            await page.AcknowledgedAsync();
        }
        Canvas seen = await PictureAsync(bob.Page.First, canvas => canvas.Number == page.Number);
        Assert.Equal(drawing.Pixels, seen.Pixels);
        Assert.Equal((width, height), Size(bob.Page.Events<Presenter>()[^1]));
    }

    [Fact]
    public async Task A_late_viewer_and_a_late_page_get_the_whole_picture()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        CapturingPage page = await CapturingPage.ShareAsync(ada);
        var drawing = new Drawing(400, 300, 1);
        for (int i = 0; i < 5; i++) await page.SendAsync(drawing.Change().Picture);
        TestClientContext late = await meeting.JoinAsync("Late");
        Canvas seen = await PictureAsync(late.Page.First, canvas => canvas.Number == page.Number);
        Assert.Equal(drawing.Pixels, seen.Pixels);
        Canvas reloaded = await PictureAsync(late.Page.Connect(), canvas => canvas.Number == page.Number);
        Assert.Equal(drawing.Pixels, reloaded.Pixels);
        Assert.Equal(1, reloaded.Updates);
    }

    [Fact]
    public async Task A_picture_of_many_frames_is_never_complete_before_its_last()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        CapturingPage page = await CapturingPage.ShareAsync(ada);
        Drawing noise = new Drawing(1280, 720, 2).Noise();
        await page.SendAsync(noise.Picture);
        Canvas seen = await PictureAsync(bob.Page.First, canvas => canvas.Number == 1);
        Assert.True(bob.Page.First.Lane("tiles").Count > 1);
        Assert.Equal(noise.Pixels, seen.Pixels);
    }

    [Fact]
    public async Task A_viewer_that_does_not_acknowledge_skips_to_the_newest_and_delays_nobody()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        MessageChannel slow = await ConnectAsync(meeting, "Slow", out Recorded<byte[]> frames);
        CapturingPage page = await CapturingPage.ShareAsync(ada);
        var drawing = new Drawing(300, 200, 3);
        for (int i = 0; i < 30; i++)
        {
            await page.SendAsync(drawing.Change().Picture);
            await page.AcknowledgedAsync();
        }
        await PictureAsync(bob.Page.First, canvas => canvas.Number == page.Number);
        // What was sent may be read late; that it was no more shows in the end.
        await frames.UntilAsync(all => Canvas.Of(all).Updates == UpdateWindow.Size);
        await slow.SendAsync(new Shown(1), default);
        Canvas seen = new();
        await frames.UntilAsync(all => (seen = Canvas.Of(all)).Number == page.Number);
        Assert.Equal(UpdateWindow.Size + 1, seen.Updates);
        Assert.Equal(drawing.Pixels, seen.Pixels);
    }

    [Fact]
    public async Task A_page_that_acknowledges_is_sent_two_updates_and_then_waited_for()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        TestPage other = bob.Page.Connect();
        await bob.Page.RequestAsync(new Shown(0));
        CapturingPage page = await CapturingPage.ShareAsync(ada);
        var drawing = new Drawing(300, 200, 4);
        for (int i = 0; i < 10; i++)
        {
            await page.SendAsync(drawing.Change().Picture);
            await page.AcknowledgedAsync();
            // One by one: what comes together is one update.
            if (i < UpdateWindow.Size) await PictureAsync(bob.Page.First, canvas => canvas.Number == page.Number);
        }
        await PictureAsync(other, canvas => canvas.Number == page.Number);
        // The first look of the feed was not counted, since the page had not spoken yet.
        Assert.InRange(Canvas.Of(bob.Page.First.Lane("tiles").All).Updates, UpdateWindow.Size, UpdateWindow.Size + 1);
        await bob.Page.RequestAsync(new Shown(1));
        await PictureAsync(bob.Page.First, canvas => canvas.Number == page.Number);
    }

    [Fact]
    public async Task A_new_size_brings_a_whole_picture()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        CapturingPage page = await CapturingPage.ShareAsync(ada);
        await page.SendAsync(new Drawing(300, 200, 5).Change().Picture);
        Drawing larger = new Drawing(500, 400, 6).Change();
        await page.SendAsync(larger.Picture);
        Canvas seen = await PictureAsync(bob.Page.First, canvas => canvas.Number == 2);
        Assert.Equal(larger.Pixels, seen.Pixels);
        await bob.Page.WaitAsync<Presenter>(p => Size(p) == (500, 400));
    }

    [Fact]
    public async Task The_presenters_other_pages_see_what_it_presents_and_the_capturing_one_does_not()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        TestPage other = ada.Page.Connect();
        CapturingPage page = await CapturingPage.ShareAsync(ada, ada.Page.First);
        await page.SendAsync(new Drawing(300, 200, 7).Change().Picture);
        await PictureAsync(other, canvas => canvas.Number == 1);
        Assert.Equal(0, ada.Page.First.Lane("tiles").Count);
    }

    [Fact]
    public async Task After_a_cut_cable_the_same_presentation_goes_on()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        CapturingPage page = await CapturingPage.ShareAsync(ada);
        var drawing = new Drawing(300, 200, 8);
        await page.SendAsync(drawing.Change().Picture);
        await PictureAsync(bob.Page.First, canvas => canvas.Number == 1);
        ada.Cut();
        await bob.Page.WaitAsync<Presenter>(p => p.Presentation == 2);
        await page.SendAsync(drawing.Change().Picture);
        Canvas seen = await PictureAsync(bob.Page.First, canvas => canvas.Number == 2);
        Assert.Equal(drawing.Pixels, seen.Pixels);
    }

    private static (int Width, int Height) Size(Presenter presenter) => (presenter.Width, presenter.Height);

    /// <summary>A person who speaks to the service without a daemon of ours, and records the tiles.</summary>
    private static Task<MessageChannel> ConnectAsync(ScreenMeeting meeting, string name, out Recorded<byte[]> frames)
    {
        var recorded = frames = new Recorded<byte[]>("a frame of tiles");
        return ConnectAsync();

        async Task<MessageChannel> ConnectAsync()
        {
            TestClientContext client = meeting.Hub.NewClient(name);
            await client.JoinAs(name);
            IChannel channel = await client.ConnectAsync("screen", FrameLimits.Tiles, TestContext.Current.CancellationToken);
            var messages = new MessageChannel(channel, ScreenMessages.Set, meeting.Hub.Log);
            messages.OnBinary((frame, _) =>
            {
                recorded.Add(frame.ToArray());
                return ValueTask.CompletedTask;
            });
            client.Run("receive", messages.RunAsync);
            return messages;
        }
    }
}
