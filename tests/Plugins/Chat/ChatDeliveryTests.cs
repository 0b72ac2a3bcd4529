using LanCollab.Plugins.Chat;
using LanCollab.Tests.Support;
using static LanCollab.Tests.Plugins.Chat.ChatMeeting;

namespace LanCollab.Tests.Plugins.Chat;

public class ChatDeliveryTests
{
    [Fact]
    public async Task A_line_sent_twice_with_one_key_is_one_line()
    {
        await using ChatMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        MessageChannel bob = await meeting.ConnectAsync("Bob");
        var line = new Say("once", Key: "k1");
        Assert.Equal(1, (await bob.RequestAsync<SayOk>(line, default)).Seq);
        Assert.Equal(1, (await bob.RequestAsync<SayOk>(line, default)).Seq);
        await SayAsync(ada, "after");
        Assert.Equal(["once", "after"], (await LinesAsync(ada, 2)).Select(said => said.Text));
        Assert.Equal("k1", ada.Page.Events<Said>()[0].Id);
    }

    [Fact]
    public async Task The_same_key_of_somebody_else_is_another_line()
    {
        await using ChatMeeting meeting = await StartAsync();
        MessageChannel bob = await meeting.ConnectAsync("Bob"), eve = await meeting.ConnectAsync("Eve");
        Assert.Equal(1, (await bob.RequestAsync<SayOk>(new Say("mine", Key: "k1"), default)).Seq);
        Assert.Equal(2, (await eve.RequestAsync<SayOk>(new Say("mine, too", Key: "k1"), default)).Seq);
    }

    [Fact]
    public async Task Lines_typed_while_the_cable_is_out_are_sent_when_it_is_back()
    {
        await using ChatMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        ada.GoOffline();
        Task<SayOk> first = SayAsync(ada, "first"), second = SayAsync(ada, "second");
        Assert.False(first.IsCompleted);
        ada.GoOnline();
        Assert.Equal((1, 2), ((await first).Seq, (await second).Seq));
        Assert.Equal(["first", "second"], (await LinesAsync(bob, 2)).Select(line => line.Text));
    }

    [Fact]
    public async Task A_cable_that_is_cut_again_and_again_loses_and_doubles_nothing()
    {
        await using ChatMeeting meeting = await StartAsync(("Burst", "1000"));
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        Task talking = SayAllAsync(ada, 200);
        for (int i = 20; i <= 180; i += 20)
        {
            await LinesAsync(bob, i);
            ada.Cut();
            bob.Cut();
        }
        await talking;
        Assert.Equal(Enumerable.Range(1, 200).Select(n => ((long)n, $"line {n}")), (await LinesAsync(bob, 200)).Select(line => (line.Seq, line.Text)));
        Assert.Equal(bob.Page.Events<Said>(), await LinesAsync(ada, 200));
    }

    [Fact]
    public async Task Who_comes_back_gets_all_that_was_missed_in_order()
    {
        await using ChatMeeting meeting = await StartAsync(("Burst", "1000"));
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        await SayAsync(ada, "seen");
        await LinesAsync(bob, 1);
        bob.GoOffline();
        await SayAllAsync(ada, 450);
        bob.GoOnline();
        Assert.Equal(Enumerable.Range(1, 451).Select(n => (long)n), (await LinesAsync(bob, 451)).Select(line => line.Seq));
    }

    [Fact]
    public async Task A_flood_is_refused_with_the_time_to_wait()
    {
        await using ChatMeeting meeting = await StartAsync(("Burst", "1"), ("LinesPerSecond", "4"));
        MessageChannel eve = await meeting.ConnectAsync("Eve");
        await eve.RequestAsync<SayOk>(new Say("one"), default);
        var refusal = await Assert.ThrowsAsync<UserErrorException>(() => eve.RequestAsync<SayOk>(new Say("two"), default));
        Assert.Equal(("throttled", TimeSpan.FromMilliseconds(250)), (refusal.Code, refusal.RetryAfter));
        meeting.Hub.Time.Advance(refusal.RetryAfter!.Value);
        Assert.Equal(2, (await eve.RequestAsync<SayOk>(new Say("two"), default)).Seq);
    }

    [Fact]
    public async Task A_line_whose_hub_stays_away_is_kept_and_says_so()
    {
        await using ChatMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        ada.GoOffline();
        Task<SayOk> line = SayAsync(ada, "anybody?");
        await ada.Page.WaitAsync<Queued>();
        meeting.Hub.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("waiting", (await Assert.ThrowsAsync<UserErrorException>(() => line)).Code);
        ada.GoOnline();
        Assert.Equal(2, (await SayAsync(ada, "again")).Seq);
        Assert.Equal(["anybody?", "again"], (await LinesAsync(bob, 2)).Select(said => said.Text));
    }

    [Fact]
    public async Task More_lines_than_may_wait_are_refused()
    {
        await using ChatMeeting meeting = await StartAsync();
        TestClientContext ada = meeting.Hub.NewClient("Ada", new Dictionary<string, string?> { ["PendingLines"] = "1" });
        await ada.StartAsync(new LanCollab.Plugins.Chat.Client.ChatClient(meeting.Hub.Log, meeting.Hub.Time));
        await ada.JoinAs("Ada");
        await ada.Page.WaitAsync<HistoryLoaded>();
        ada.GoOffline();
        Task<SayOk> waiting = SayAsync(ada, "one");
        Assert.Equal("too-many-lines", (await Assert.ThrowsAsync<UserErrorException>(() => SayAsync(ada, "two"))).Code);
        ada.GoOnline();
        Assert.Equal(1, (await waiting).Seq);
    }

    [Fact]
    public async Task A_line_for_a_room_that_was_left_waits_until_that_room_is_there_again()
    {
        await using ChatMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada", "lab");
        ada.GoOffline();
        Task<SayOk> line = SayAsync(ada, "for the lab");
        await ada.LeaveAsync();
        ada.GoOnline();
        await ada.JoinAs("Ada", "office");
        Assert.Equal("other-room", (await Assert.ThrowsAsync<UserErrorException>(() => line)).Code);
        Assert.Equal(1, (await SayAsync(ada, "for the office")).Seq);
        await ada.LeaveAsync();
        await ada.JoinAs("Ada", "lab");
        await ada.Page.WaitAsync<Said>(said => said is { Text: "for the lab", Seq: 1 });
    }

    [Fact]
    public async Task A_slow_reader_is_disconnected_and_catches_up()
    {
        await using var meeting = new ChatMeeting(new Dictionary<string, string?> { ["Burst"] = "1000" }, capacity: 8);
        await meeting.StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), slow = meeting.Hub.NewClient("Slow");
        await slow.JoinAs("Slow");
        IChannel stuck = await slow.ConnectAsync("chat", ChatWire.MaxFrame, default);
        await SayAsync(ada, "are you there?");
        while (!stuck.Closed.IsCancellationRequested && meeting.Hub.Log.Lines.All.All(line => line.Id.Id != 3003)) await SayAsync(ada, "hello?");
        Assert.Contains(meeting.Hub.Log.Lines.All, line => line.Id.Id == 3003 && line.Text.Contains("Slow"));
    }
}
