using LanCollab.Plugins.Screen;
using LanCollab.Tests.Support;
using OpenCvSharp;
using static LanCollab.Tests.Plugins.Screen.ScreenMeeting;

namespace LanCollab.Tests.Plugins.Screen;

public class SlidesTests
{
    private static readonly Scalar[] Colours = [new(10, 20, 30), new(40, 50, 60), new(70, 80, 90)];

    [Fact]
    public async Task Slides_are_shown_in_the_order_of_their_names_and_turned_by_page_or_by_step()
    {
        await using ScreenMeeting meeting = await StartAsync();
        using TempFolder folder = Folder();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        await ada.Page.RequestAsync(new Present($"file:{folder.Path}"));
        await ShowsAsync(bob, 0);
        Assert.Equal(new Slide(3, 3), await ada.Page.RequestAsync<Slide>(new Slides(3)));
        await ShowsAsync(bob, 2);
        Assert.Equal(new Slide(2, 3), await ada.Page.RequestAsync<Slide>(new Slides(By: -1)));
        await ShowsAsync(bob, 1);
        Assert.Equal(new Slide(3, 3), await ada.Page.RequestAsync<Slide>(new Slides(By: 5)));
        Assert.Equal((2, 3), ada.Page.Events<Sharing>().Where(s => s.Page == 2).Select(s => (s.Page!.Value, s.Pages!.Value)).Single());
        var refusal = await Assert.ThrowsAsync<UserErrorException>(() => ada.Page.RequestAsync(new Slides(4)));
        Assert.Equal(("no-page", "There is no page 4; the slides have pages 1 to 3."), (refusal.Code, refusal.Message));
    }

    [Fact]
    public async Task Slides_of_a_folder_can_be_leafed_through_by_viewers_alone()
    {
        await using ScreenMeeting meeting = await StartAsync();
        using TempFolder folder = Folder();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        await ada.Page.RequestAsync(new Present($"file:{folder.Path}"));
        DeckState deck = await bob.Page.WaitAsync<DeckState>(deck => deck.Pages == 3);
        Assert.Equal((Path.GetFileName(folder.Path), 1), (deck.Title, deck.Page));
        await LeafAsync(bob, 3, small: true, 160);
        await LeafAsync(bob, 3, small: false, 160);
        await ada.Page.RequestAsync<Slide>(new Slides(2));
        await bob.Page.WaitAsync<DeckState>(deck => deck.Page == 2);
        await ada.Page.RequestAsync(new Stop());
        await bob.Page.WaitAsync<DeckState>(deck => deck.Pages == 0 && bob.Page.Events<DeckState>().Any(d => d.Page == 2));
    }

    [Fact]
    public async Task The_configured_source_is_presented_when_none_is_named()
    {
        await using ScreenMeeting meeting = await StartAsync();
        using TempFolder folder = Folder();
        TestClientContext ada = await meeting.JoinAsync("Ada", "room", ("Source", $"file:{folder.Path}"));
        await ada.Page.RequestAsync(new Present());
        await ShowsAsync(ada, 0);
    }

    [Fact]
    public async Task With_AutoPresent_a_free_stage_is_taken_after_joining_and_a_busy_one_is_not()
    {
        await using ScreenMeeting meeting = await StartAsync();
        using TempFolder folder = Folder();
        (string, string?)[] settings = [("Source", $"file:{folder.Path}"), ("AutoPresent", "true")];
        TestClientContext ada = await meeting.JoinAsync("Ada", "room", settings);
        await SeesAsync(ada, ada);
        TestClientContext bob = await meeting.JoinAsync("Bob", "room", settings);
        await ShowsAsync(bob, 0);
        Assert.DoesNotContain(bob.Page.Events<Sharing>(), sharing => sharing.Source is not null);
    }

    [Fact]
    public async Task Slides_advance_by_themselves_and_pass_over_what_is_no_picture()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        using TempFolder folder = Folder();
        File.WriteAllText(Path.Combine(folder.Path, "b2.png"), "junk");
        using var slides = new SlideShow(folder.Path, TimeSpan.FromSeconds(5), time, new TestLog());
        await slides.NextAsync(null, default, default);
        foreach (int page in (int[])[2, 4, 1])
        {
            Task<Shot> next = slides.NextAsync(null, default, default).AsTask();
            Assert.False(next.IsCompleted);
            time.Advance(TimeSpan.FromSeconds(5));
            await next.WaitAsync(Recorded<int>.Patience, TestContext.Current.CancellationToken);
            Assert.Equal(new Slide(page, 4), slides.Now);
        }
    }

    [Fact]
    public async Task A_folder_that_is_missing_empty_or_full_of_junk_is_refused_with_one_sentence()
    {
        await using ScreenMeeting meeting = await StartAsync();
        using var folder = new TempFolder();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        string missing = Path.Combine(folder.Path, "nowhere");
        Assert.Equal(("no-folder", $"The slides folder {missing} cannot be opened: it does not exist."), await RefusalAsync(ada, missing));
        File.WriteAllText(Path.Combine(folder.Path, "notes.txt"), "no picture");
        Assert.Equal(("no-slides", $"There is no PNG or JPEG picture in the folder {folder.Path}."), await RefusalAsync(ada, folder.Path));
        File.WriteAllText(Path.Combine(folder.Path, "a.png"), "junk");
        Assert.Equal(("bad-slide", "The slide a.png cannot be read as a picture; replace or remove it."), await RefusalAsync(ada, folder.Path));
        Assert.DoesNotContain(ada.Page.Events<Presenter>(), presenter => presenter.Id is not null);
    }

    [Theory]
    [InlineData("camera", "bad-source")]
    [InlineData("none", "bad-source")]
    [InlineData("device::no-such-display", "no-display")]
    public async Task A_source_that_is_none_is_refused(string source, string code)
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        var refusal = await Assert.ThrowsAsync<UserErrorException>(() => ada.Page.RequestAsync(new Present(source)));
        Assert.Equal(code, refusal.Code);
    }

    [Fact]
    public async Task Slides_cannot_be_turned_when_none_are_shown()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        var refusal = await Assert.ThrowsAsync<UserErrorException>(() => ada.Page.RequestAsync(new Slides(1)));
        Assert.Equal("no-slides", refusal.Code);
    }

    [Fact]
    public async Task The_demos_speaker_gets_slides_that_can_be_presented_and_nobody_else_does()
    {
        using var folder = new TempFolder();
        var demo = new ScreenDemo();
        DemoPart part = await demo.PrepareAsync(new DemoPerson(0, "Ada", folder.Path), default);
        using var slides = new SlideShow(part.Settings["Plugins:Screen:Source"]["file:".Length..], TimeSpan.Zero, TimeProvider.System, new TestLog());
        Assert.Equal(new Slide(1, 4), slides.Now);
        Assert.Equal("screen/present", part.Steps[0].Message);
        Assert.All(part.Steps.Skip(1), step => Assert.Equal("screen/slides", step.Message));
        Assert.Same(DemoPart.None, await demo.PrepareAsync(new DemoPerson(1, "Ben", folder.Path), default));
    }

    private static async Task<(string Code, string Message)> RefusalAsync(TestClientContext client, string folder)
    {
        var refusal = await Assert.ThrowsAsync<UserErrorException>(() => client.Page.RequestAsync(new Present($"file:{folder}")));
        return (refusal.Code, refusal.Message);
    }

    /// <summary>Until that page, or its thumbnail, has come to who asks for it.</summary>
    private static async Task LeafAsync(TestClientContext viewer, int page, bool small, int width)
    {
        await DeckTests.AskAsync(viewer, new AskForPage(page, small));
        byte[] frame = await viewer.Page.First.Lane("tiles").WaitAsync(frame => PageFrame.Is(frame) && PageFrame.Read(frame) == (page, small));
        using Mat image = Cv2.ImDecode(frame.AsSpan(PageFrame.HeaderLength), ImreadModes.Color);
        Assert.Equal((width, Colours[page - 1].Val0), (image.Width, image.At<Vec3b>(0, 0).Item0));
    }

    private static Task ShowsAsync(TestClientContext viewer, int slide) => PictureAsync(viewer.Page.First, canvas =>
    {
        if (canvas.Number == 0) return false;
        uint[] pixels = canvas.Pixels;
        return (pixels[0] & 0xFF) == (uint)Colours[slide].Val0 && pixels[^1] >> 16 == (uint)Colours[slide].Val2;
    });

    /// <summary>Three slides of one colour each, written in another order than that of their names.</summary>
    private static TempFolder Folder()
    {
        var folder = new TempFolder();
        foreach ((string name, int colour) in (ValueTuple<string, int>[])[("c.PNG", 2), ("a.png", 0), ("b.png", 1)])
        {
            using var slide = new Mat(90, 160, MatType.CV_8UC3, Colours[colour]);
            Cv2.ImWrite(Path.Combine(folder.Path, name), slide);
        }
        return folder;
    }
}
