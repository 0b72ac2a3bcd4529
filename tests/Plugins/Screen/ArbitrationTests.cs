using LanCollab.Plugins.Screen;
using LanCollab.Tests.Support;
using static LanCollab.Tests.Plugins.Screen.ScreenMeeting;

namespace LanCollab.Tests.Plugins.Screen;

public class ArbitrationTests
{
    [Fact]
    public async Task Only_one_person_presents_and_the_second_is_told_who()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        await CapturingPage.ShareAsync(ada);
        var refusal = await Assert.ThrowsAsync<UserErrorException>(() => CapturingPage.ShareAsync(bob));
        Assert.Equal(("busy", "Ada is presenting; ask them to stop first."), (refusal.Code, refusal.Message));
        Assert.Equal("Ada", (await SeesAsync(bob, ada)).Name);
        Assert.Equal("browser", ada.Page.Events<Sharing>()[^1].Source);
        Assert.Null(bob.Page.Events<Sharing>()[^1].Source);
    }

    [Fact]
    public async Task A_stop_frees_the_slot_for_the_next()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        await CapturingPage.ShareAsync(ada);
        await SeesAsync(bob, ada);
        await ada.Page.RequestAsync(new Stop());
        await NobodyAsync(bob.Page.First);
        await CapturingPage.ShareAsync(bob);
        await SeesAsync(ada, bob);
    }

    [Fact]
    public async Task The_slot_of_somebody_who_leaves_or_whose_page_closes_is_free()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob"), eve = await meeting.JoinAsync("Eve");
        await CapturingPage.ShareAsync(ada);
        await SeesAsync(eve, ada);
        await ada.LeaveAsync();
        await NobodyAsync(eve.Page.First);
        await CapturingPage.ShareAsync(bob);
        await SeesAsync(eve, bob);
        bob.Page.First.Close();
        await NobodyAsync(eve.Page.First);
    }

    [Fact]
    public async Task Rooms_do_not_see_each_other()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada", "one"), bob = await meeting.JoinAsync("Bob", "two");
        await CapturingPage.ShareAsync(ada);
        await CapturingPage.ShareAsync(bob);
        await SeesAsync(bob, bob);
        Assert.DoesNotContain(bob.Page.Events<Presenter>(), presenter => presenter.Name == "Ada");
    }

    [Fact]
    public async Task Presenting_anew_replaces_what_one_presented()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        CapturingPage first = await CapturingPage.ShareAsync(ada);
        await first.SendAsync(new Drawing(100, 100, 1).Change().Picture);
        await PictureAsync(bob.Page.First, canvas => canvas.Updates == 1);
        CapturingPage second = await CapturingPage.ShareAsync(ada, ada.Page.Connect());
        Drawing drawing = new Drawing(100, 100, 2).Change();
        await second.SendAsync(drawing.Picture);
        Canvas seen = await PictureAsync(bob.Page.First, canvas => canvas.Updates == 2);
        Assert.Equal(drawing.Pixels, seen.Pixels);
    }

    [Fact]
    public async Task A_presentation_is_not_carried_into_another_room()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada", "one"), bob = await meeting.JoinAsync("Bob", "two");
        await CapturingPage.ShareAsync(ada);
        await ada.LeaveAsync();
        await ada.JoinAs("Ada", "two");
        Sharing ended = await ada.Page.WaitAsync<Sharing>(sharing => sharing.Reason is not null);
        Assert.Null(ended.Source);
        Assert.DoesNotContain(bob.Page.Events<Presenter>(), presenter => presenter.Id is not null);
    }

    [Fact]
    public async Task In_no_room_nothing_can_be_presented()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        await ada.LeaveAsync();
        var refusal = await Assert.ThrowsAsync<UserErrorException>(() => CapturingPage.ShareAsync(ada));
        Assert.Equal("not-joined", refusal.Code);
    }

    [Fact]
    public async Task A_page_that_sends_nonsense_ends_its_own_presentation_with_a_sentence()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        await CapturingPage.ShareAsync(ada);
        await SeesAsync(bob, ada);
        await ada.Page.First.SendAsync("tiles", new byte[] { 1, 2, 3 });
        Sharing ended = await ada.Page.WaitAsync<Sharing>(sharing => sharing.Reason is not null);
        Assert.Contains("3 bytes", ended.Reason);
        await NobodyAsync(bob.Page.First);
    }

    /// <summary>Until the last that a page has heard is that nobody presents, after somebody did.</summary>
    private static Task NobodyAsync(TestPage page) => page.Events.UntilAsync(events =>
        events.OfType<Presenter>().ToList() is { Count: > 1 } heard && heard[^1].Id is null && heard.Exists(p => p.Id is not null));
}
