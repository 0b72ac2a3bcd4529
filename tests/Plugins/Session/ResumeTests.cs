using LanCollab.Plugins.Session;
using LanCollab.Tests.Support;
using Microsoft.Extensions.Logging;

namespace LanCollab.Tests.Plugins.Session;

/// <summary>Tokens that take a seat up again, good ones and bad ones.</summary>
public class ResumeTests : DoorTestBase
{
    [Fact]
    public async Task Each_resume_brings_a_new_token_and_the_one_before_is_spent_once_a_beat_has_come()
    {
        Caller first = await EnterAsync("Ada");
        string[] tokens = [first.Entered.Resume, "", ""];
        Caller second = await ResumeAsync(first, tokens[0]);
        tokens[1] = second.Entered.Resume;
        await second.BeatAsync();
        await RefusedAsync("replaced", Call().ResumeAsync(first, tokens[0]));
        Caller third = await ResumeAsync(first, tokens[1]);
        tokens[2] = third.Entered.Resume;
        Assert.Equal(3, tokens.Distinct().Count());
        Assert.Equal(first.Id, third.Id);
    }

    [Fact]
    public async Task A_machine_that_has_another_address_now_keeps_its_seat()
    {
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob"), elsewhere = Call("10.9.8.7");
        await elsewhere.ResumeAsync(bob);
        await elsewhere.BeatAsync();
        await bob.Ended;
        Assert.Equal(bob.Id, elsewhere.Id);
        Assert.Empty(ada.Got<MemberLeft>());
    }

    [Fact]
    public async Task A_token_whose_successor_never_arrived_is_still_good()
    {
        Caller first = await EnterAsync("Ada");
        Caller second = await ResumeAsync(first, first.Entered.Resume);
        second.Channel.Cut();
        Caller third = await ResumeAsync(first, first.Entered.Resume);
        Assert.Equal(first.Id, third.Id);
        await third.BeatAsync();
        await RefusedAsync("replaced", Call().ResumeAsync(first, second.Entered.Resume));
        await RefusedAsync("replaced", Call().ResumeAsync(first, first.Entered.Resume));
        await third.BeatAsync();
        Assert.Single(Server.Members("Bridge"));
    }

    [Fact]
    public async Task Of_two_clients_with_one_token_the_newer_keeps_the_seat_and_the_other_is_told()
    {
        Caller witness = await EnterAsync("Wit"), ada = await EnterAsync("Ada");
        string token = ada.Entered.Resume;
        Caller one = await ResumeAsync(ada, token), two = await ResumeAsync(ada, token);
        Assert.Equal("replaced", (await one.WaitAsync<Dismissed>()).Reason);
        await one.Ended;
        await two.BeatAsync();
        await RefusedAsync("replaced", Call().ResumeAsync(ada, token));
        await two.BeatAsync();
        Assert.Equal([two.Id], Server.Members("Bridge").Where(p => p.Name == "Ada").Select(p => p.Id));
        Assert.Empty(witness.Got<MemberLeft>());
    }

    [Fact]
    public async Task A_forged_token_and_anothers_get_one_clear_answer_and_cost_nobody_a_seat()
    {
        Caller ada = await EnterAsync("Ada"), eve = await EnterAsync("Eve");
        UserErrorException forged = await RefusedAsync("unknown-seat", Call().ResumeAsync(eve, "c2l4dGVlbiBieXRlcyAuLg"));
        UserErrorException anothers = await RefusedAsync("unknown-seat", Call().ResumeAsync(eve, ada.Entered.Resume));
        Assert.Equal(forged.Message, anothers.Message);
        Assert.Contains(Hub.Log.Lines.All, line => line.Level == LogLevel.Warning && line.Text.Contains("another device"));
        await ada.BeatAsync();
        Assert.Equal(2, Server.Members("Bridge").Count);
        await ResumeAsync(ada, ada.Entered.Resume);
    }

    [Fact]
    public async Task The_seat_of_somebody_lost_waits_60_s_with_role_hand_and_silence()
    {
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob");
        await bob.AskAsync(new SetHand(true));
        await ada.AskAsync(new SetRole(bob.Id, "presenter"));
        await ada.AskAsync(new SetMuted(bob.Id, true));
        await LoseAsync(ada, bob, 8 + 59);
        Caller back = await ResumeAsync(bob, bob.Entered.Resume);
        MemberJoined told = await ada.WaitAsync<MemberJoined>(j => j.Resumed);
        Assert.Equal(new Member(bob.Id, "Bob", "present", "presenter", Muted: true, Hand: 1), told.Member);
        Assert.Equal(bob.Id, back.Id);
        Peer peer = Server.Members("Bridge")[1];
        Assert.Equal(new Standing(Role.Presenter, Muted: true), peer.Standing);
        Assert.NotEqual(bob.Entered.Admission.Token, back.Entered.Admission.Token);
    }

    [Fact]
    public async Task After_60_s_the_seat_is_gone()
    {
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob");
        await LoseAsync(ada, bob, 8 + 61);
        await RefusedAsync("unknown-seat", Call().ResumeAsync(bob));
        Assert.Single(ada.Got<MemberLeft>());
    }

    [Fact]
    public async Task Whoever_was_lost_leaves_everything_but_the_seat_behind_at_once()
    {
        List<string> heard = [];
        Server.Left += peer => heard.Add($"-{peer.Id}");
        Server.Joined += peer => heard.Add($"+{peer.Id}");
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob");
        await LoseAsync(ada, bob, 8);
        Assert.Equal([bob.Id], Hub.Admissions.Revoked.All.Select(r => r.Peer.Id));
        await ResumeAsync(bob, bob.Entered.Resume);
        Assert.Equal([$"+{ada.Id}", $"+{bob.Id}", $"-{bob.Id}", $"+{bob.Id}"], heard);
    }

    [Fact]
    public async Task A_restarted_program_takes_its_lost_seat_up_by_its_device()
    {
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob", device: 7);
        await LoseAsync(ada, bob, 20);
        Caller again = await EnterAsync("Bob", device: 7);
        Assert.Equal(bob.Id, again.Id);
        Assert.True((await ada.WaitAsync<MemberJoined>(j => j.Member.Id == bob.Id && j.Resumed)).Resumed);
    }

    [Fact]
    public async Task Nothing_changes_when_the_wall_clock_does()
    {
        // The whole plugin runs on a clock that throws when its wall side is looked at (NoWallClock): this only shows that the test would notice.
        Assert.Throws<InvalidOperationException>(() => new NoWallClock(Hub.Time).GetUtcNow());
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob");
        await LoseAsync(ada, bob, 30);
        await ResumeAsync(bob, bob.Entered.Resume);
    }

    [Fact]
    public async Task Beats_tell_how_good_a_connection_is()
    {
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob");
        foreach (double rtt in new[] { 4.0, 20.0, 4.0 })
        {
            await bob.AskAsync(new Beat(1, rtt));
            Advance(2);
        }
        var all = await ada.AskAsync<StatsList>(new AskStats(All: true));
        LinkStats stats = all.Items.Single(s => s.Id == bob.Id);
        Assert.Equal((2, 2000, 4), (stats.Beats, stats.IntervalMs, stats.RttMs));
        // RFC 3550: J += (|D| - J) / 16, twice with |D| = 16.
        Assert.Equal(1.94, stats.JitterMs);
        Assert.Equal([bob.Id], (await bob.AskAsync<StatsList>(new AskStats())).Items.Select(s => s.Id));
        await RefusedAsync("not-allowed", bob.AskAsync(new AskStats(All: true)));
    }

    private async Task<Caller> ResumeAsync(Caller former, string token)
    {
        Caller caller = Call();
        await caller.ResumeAsync(former, token);
        return caller;
    }

    /// <summary>One falls silent while the other beats on.</summary>
    private async Task LoseAsync(Caller witness, Caller lost, double seconds)
    {
        await lost.CutAsync(witness);
        for (double left = seconds; left > 0; left -= 2)
        {
            await witness.BeatAsync();
            Advance(Math.Min(2, left));
        }
        await witness.WaitAsync<MemberLeft>(l => l.Id == lost.Id && l.Reason == "lost");
    }
}
