using LanCollab.Plugins.Session;
using LanCollab.Tests.Support;
using Microsoft.Extensions.Logging;

namespace LanCollab.Tests.Plugins.Session;

public class PresenceTests : DoorTestBase
{
    [Fact]
    public async Task Silence_is_suspect_after_5_s_and_lost_before_8_s_have_passed()
    {
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob");
        Advance(4);
        await ada.BeatAsync();
        Advance(0.75);
        await ada.BeatAsync();
        Assert.Empty(ada.Got<MemberChanged>());
        Advance(0.25);
        Assert.Equal("suspect", (await ada.WaitAsync<MemberChanged>()).Member.State);
        Advance(2.7);
        await ada.BeatAsync();
        Assert.Empty(ada.Got<MemberLeft>());
        Advance(0.2);
        Assert.Equal(new MemberLeft(bob.Id, "Bob", "lost"), await ada.WaitAsync<MemberLeft>());
        Assert.Equal("lost", (await bob.WaitAsync<Dismissed>()).Reason);
        await bob.Ended;
        Assert.Equal(["Bob"], Hub.Admissions.Revoked.All.Select(r => r.Peer.Name));
        await EnterAsync("Bob");
    }

    [Fact]
    public async Task A_broken_connection_is_suspect_at_once_and_lost_within_8_s_of_the_break()
    {
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob");
        Advance(1.1);
        await bob.BeatAsync();
        await bob.CutAsync(ada);
        Advance(4);
        await ada.BeatAsync();
        Advance(4);
        Assert.Equal("lost", (await ada.WaitAsync<MemberLeft>()).Reason);
    }

    [Fact]
    public async Task A_suspect_who_beats_again_is_present()
    {
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob");
        Advance(4);
        await ada.BeatAsync();
        Advance(1);
        await bob.BeatAsync();
        await ada.WaitAsync<MemberChanged>(c => c.Member.State == "present");
        Assert.Equal(["suspect", "present"], ada.Got<MemberChanged>().Select(c => c.Member.State));
    }

    [Fact]
    public async Task Leaving_is_heard_at_once_and_the_connection_may_enter_again()
    {
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob");
        await bob.AskAsync(new Leave());
        Assert.Equal("left", (await ada.WaitAsync<MemberLeft>()).Reason);
        Assert.Equal(["Bob"], Hub.Admissions.Revoked.All.Select(r => r.Peer.Name));
        await bob.EnterAsync("Bob");
    }

    [Fact]
    public async Task Away_is_told_once_and_a_break_does_not_forget_it()
    {
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob");
        await bob.AskAsync(new SetAway(true));
        await bob.AskAsync(new SetAway(true));
        await bob.CutAsync(ada);
        await Call().ResumeAsync(bob);
        await ada.Events.UntilAsync(events => events.OfType<MemberChanged>().Count() == 3);
        Assert.Equal(["away", "suspect", "away"], ada.Got<MemberChanged>().Select(c => c.Member.State));
    }

    [Fact]
    public async Task A_resumed_seat_is_the_same_one_and_the_old_connection_is_closed()
    {
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob"), again = Call();
        await again.ResumeAsync(bob);
        await bob.Ended;
        Assert.Equal(bob.Id, again.Id);
        Assert.Equal(bob.Entered.Admission, again.Entered.Admission with { Services = bob.Entered.Admission.Services });
        Assert.NotEqual(bob.Entered.Resume, again.Entered.Resume);
        Assert.Equal(["Ada", "Bob"], again.Entered.Members.Select(m => m.Name));
        Advance(4);
        await again.BeatAsync();
        await ada.BeatAsync();
        Assert.Empty(Hub.Admissions.Revoked.All);
        Assert.Empty(ada.Got<MemberLeft>());
    }

    [Fact]
    public async Task A_word_that_is_none_or_no_longer_one_resumes_nothing()
    {
        Caller bob = await EnterAsync("Bob");
        await bob.AskAsync(new Leave());
        await RefusedAsync("unknown-seat", Call().ResumeAsync(bob));
        await RefusedAsync("unknown-seat", Call().ResumeAsync(bob, "guess"));
    }

    [Fact]
    public async Task A_restarted_client_gets_its_name_back_immediately()
    {
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob", device: 7), again = await EnterAsync("bob", device: 7);
        await ada.WaitAsync<MemberJoined>(j => j.Member.Id == again.Id);
        Assert.Equal(["MemberJoined", "MemberLeft", "MemberJoined"], ada.Events.All.Skip(1).Select(e => e.GetType().Name));
        Assert.Equal(new MemberLeft(bob.Id, "Bob", "replaced"), ada.Got<MemberLeft>().Single());
        Assert.Equal("replaced", (await bob.WaitAsync<Dismissed>()).Reason);
        await bob.Ended;
        Assert.Equal(2, Server.Members("Bridge").Count);
    }

    [Fact]
    public async Task Intervals_between_beats_are_logged_at_debug_level()
    {
        Caller ada = await EnterAsync("Ada");
        await ada.BeatAsync();
        Advance(2);
        await ada.BeatAsync();
        Assert.Contains(Hub.Log.Lines.All, l => l.Level == LogLevel.Debug && l.Text.Contains("2000 ms since the last beat"));
    }

    [Fact]
    public async Task A_beat_gives_back_what_was_sent()
    {
        Caller ada = await EnterAsync("Ada");
        Assert.Equal(new Beaten(123), await ada.AskAsync<Beaten>(new Beat(123)));
        Assert.Equal(new Beaten(), await ada.AskAsync<Beaten>(new Beat()));
    }

    [Fact]
    public async Task Who_does_not_read_is_cut_off_and_nobody_waits_for_it()
    {
        Caller ada = await EnterAsync("Ada");
        InMemoryChannel deaf = Hub.Server.Accept("session", null, null, FrameLimits.Block, System.Net.IPAddress.Loopback);
        byte[] enter = SessionProtocol.Messages.Encode(new Enter("Bridge", "Deaf", Caller.Device(9)), 1);
        await deaf.SendAsync(new Frame(FrameKind.Json, enter), CancellationToken.None);
        await ada.WaitAsync<MemberJoined>();
        // The seat is all it reads.
        await deaf.ReceiveAsync(CancellationToken.None);
        for (int i = 0; i < 80; i++)
        {
            // As fast as the hub takes it from one person.
            Hub.Time.Advance(TimeSpan.FromMilliseconds(100));
            await ada.AskAsync(new SetAway(i % 2 == 0));
            if (i % 20 == 0) await ada.BeatAsync();
        }
        await ada.WaitAsync<MemberChanged>(c => c.Member is { Name: "Deaf", State: "suspect" });
        Assert.Contains(Hub.Log.Lines.All, l => l.Level == LogLevel.Warning && l.Text.Contains("does not read"));
    }
}
