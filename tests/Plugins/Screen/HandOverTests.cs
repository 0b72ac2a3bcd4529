using LanCollab.Plugins.Screen;
using LanCollab.Tests.Support;
using static LanCollab.Tests.Plugins.Screen.ScreenMeeting;

namespace LanCollab.Tests.Plugins.Screen;

public class HandOverTests
{
    private static readonly (string, string?)[] ModeratorGrants = [("Policy", "moderator-grants")];

    [Fact]
    public async Task A_moderator_takes_over_and_the_former_presenter_is_told()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob"), eve = await meeting.JoinAsync("Eve");
        meeting.Hub.Sessions.Stand(eve.Seat!, new Standing(Role.Moderator));
        await eve.Page.WaitAsync<You>(you => you.Role == "moderator");
        CapturingPage page = await CapturingPage.ShareAsync(ada);
        await SeesAsync(bob, ada);
        var refusal = await Assert.ThrowsAsync<UserErrorException>(() => bob.Page.RequestAsync(new Present("browser", TakeOver: true)));
        Assert.Equal("not-allowed", refusal.Code);
        await eve.Page.RequestAsync(new Present("browser", TakeOver: true));
        await SeesAsync(bob, eve);
        Sharing ended = await ada.Page.WaitAsync<Sharing>(sharing => sharing.Reason is not null);
        Assert.Equal((null, "Eve has taken over."), (ended.Source, ended.Reason));
        // What was under way from the former presenter is no fault.
        await page.SendAsync(new Drawing(100, 100, 1).Change().Picture);
        await SeesAsync(ada, eve);
    }

    [Fact]
    public async Task Of_two_requests_at_the_same_instant_one_wins_and_the_other_gets_a_polite_answer()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        Task<CapturingPage>[] both = [CapturingPage.ShareAsync(ada), CapturingPage.ShareAsync(bob)];
        await ((Task)Task.WhenAll(both)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        Assert.Equal(1, both.Count(task => task.IsCompletedSuccessfully));
        UserErrorException refusal = Assert.IsType<UserErrorException>(both.Single(task => task.IsFaulted).Exception!.InnerException);
        Assert.Equal("busy", refusal.Code);
        Assert.Matches("^(Ada|Bob) is presenting; ask them to stop first.$", refusal.Message);
    }

    [Fact]
    public async Task Where_a_moderator_grants_a_members_request_is_noted_until_it_is_granted()
    {
        await using ScreenMeeting meeting = await StartAsync(ModeratorGrants);
        TestClientContext ada = await meeting.JoinAsync("Ada"), eve = await meeting.JoinAsync("Eve");
        meeting.Hub.Sessions.Stand(eve.Seat!, new Standing(Role.Moderator));
        var refusal = await Assert.ThrowsAsync<UserErrorException>(() => CapturingPage.ShareAsync(ada));
        Assert.Equal("needs-grant", refusal.Code);
        await eve.Page.WaitAsync<StageRequests>(requests => requests.Waiting is [{ Name: "Ada" }]);
        await eve.Page.RequestAsync(new GrantStage(ada.Seat!.Id));
        Assert.Equal("Eve", (await ada.Page.WaitAsync<Invited>(_ => true)).By);
        await CapturingPage.ShareAsync(ada);
        await SeesAsync(eve, ada);
        Assert.Empty(eve.Page.Events<StageRequests>()[^1].Waiting);
    }

    [Fact]
    public async Task Where_a_moderator_grants_presenters_need_no_grant_and_a_cut_cable_no_second_one()
    {
        await using ScreenMeeting meeting = await StartAsync(ModeratorGrants);
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        meeting.Hub.Sessions.Stand(ada.Seat!, new Standing(Role.Presenter));
        await CapturingPage.ShareAsync(ada);
        await SeesAsync(bob, ada);
        meeting.Hub.Sessions.Stand(ada.Seat!, new Standing(Role.Member));
        ada.Cut();
        await bob.Page.WaitAsync<Presenter>(p => p.Presentation == 2 && p.Id == ada.Seat!.Id);
    }

    [Fact]
    public async Task A_handed_over_stage_is_kept_for_a_minute()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob"), eve = await meeting.JoinAsync("Eve");
        await CapturingPage.ShareAsync(ada);
        var refusal = await Assert.ThrowsAsync<UserErrorException>(() => bob.Page.RequestAsync(new HandOver(eve.Seat!.Id)));
        Assert.Equal("not-presenting", refusal.Code);
        await ada.Page.RequestAsync(new HandOver(bob.Seat!.Id));
        await bob.Page.WaitAsync<Invited>(invited => invited.By == "Ada");
        refusal = await Assert.ThrowsAsync<UserErrorException>(() => CapturingPage.ShareAsync(eve));
        Assert.Equal("reserved", refusal.Code);
        await CapturingPage.ShareAsync(bob);
        await SeesAsync(eve, bob);
        await bob.Page.RequestAsync(new HandOver(ada.Seat!.Id));
        meeting.Hub.Time.Advance(Slot.Kept);
        await CapturingPage.ShareAsync(eve);
        await SeesAsync(bob, eve);
    }

    [Fact]
    public async Task Who_is_silenced_stops_presenting_and_a_moderator_can_end_any_presentation()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), eve = await meeting.JoinAsync("Eve");
        meeting.Hub.Sessions.Stand(eve.Seat!, new Standing(Role.Moderator));
        await CapturingPage.ShareAsync(ada);
        meeting.Hub.Sessions.Stand(ada.Seat!, new Standing(Role.Member, Muted: true));
        await ada.Page.WaitAsync<Sharing>(sharing => sharing.Reason == "You may no longer present.");
        meeting.Hub.Sessions.Stand(ada.Seat!, new Standing(Role.Member));
        await CapturingPage.ShareAsync(ada);
        await eve.Page.RequestAsync(new ReleaseStage());
        await ada.Page.WaitAsync<Sharing>(sharing => sharing.Reason == "Eve has ended your presentation.");
    }

    [Fact]
    public async Task Who_waits_and_leaves_or_thinks_again_is_not_waited_for()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob"), eve = await meeting.JoinAsync("Eve");
        foreach (TestClientContext person in (TestClientContext[])[ada, bob]) await person.Page.RequestAsync(new AskForStage());
        await eve.Page.WaitAsync<StageRequests>(requests => requests.Waiting.Count == 2);
        await ada.Page.RequestAsync(new AskForStage(Withdraw: true));
        await eve.Page.WaitAsync<StageRequests>(requests => requests.Waiting is [{ Name: "Bob" }]);
        await bob.LeaveAsync();
        await eve.Page.First.Events.UntilAsync(events => events.OfType<StageRequests>().LastOrDefault() is { Waiting.Count: 0 });
    }
}
