using LanCollab.Plugins.Chat;
using LanCollab.Tests.Support;
using static LanCollab.Tests.Plugins.Chat.ChatMeeting;

namespace LanCollab.Tests.Plugins.Chat;

public class ChatRoomTests
{
    [Fact]
    public async Task Lines_of_three_senders_reach_everybody_in_one_order_without_gaps()
    {
        await using ChatMeeting meeting = await StartAsync();
        TestClientContext[] people = [await meeting.JoinAsync("Ada"), await meeting.JoinAsync("Bob"), await meeting.JoinAsync("Cy")];
        await Task.WhenAll(people.Select(person => SayAllAsync(person, 100)));
        IReadOnlyList<Said> first = await LinesAsync(people[0], 300);
        Assert.Equal(Enumerable.Range(1, 300).Select(n => (long)n), first.Select(line => line.Seq));
        foreach (TestClientContext person in people) Assert.Equal(first, await LinesAsync(person, 300));
        foreach (string name in new[] { "Ada", "Bob", "Cy" })
            Assert.Equal(Enumerable.Range(1, 100).Select(n => $"line {n}"), first.Where(line => line.Name == name).Select(line => line.Text));
    }

    [Fact]
    public async Task Each_room_has_numbers_of_its_own()
    {
        await using ChatMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada", "lab"), bob = await meeting.JoinAsync("Bob", "office");
        Assert.Equal(1, (await SayAsync(ada, "here")).Seq);
        Assert.Equal(1, (await SayAsync(bob, "there")).Seq);
        Assert.Equal("there", Assert.Single(await LinesAsync(bob, 1)).Text);
    }

    [Fact]
    public async Task A_room_spelled_another_way_has_the_same_history()
    {
        await using ChatMeeting meeting = await StartAsync();
        await SayAsync(await meeting.JoinAsync("Ada", "Lab"), "here");
        TestClientContext bob = await meeting.JoinAsync("Bob", "LAB");
        Assert.Equal("here", Assert.Single((await bob.Page.WaitAsync<HistoryLoaded>()).Items).Text);
    }

    [Fact]
    public async Task A_late_joiner_gets_the_newest_lines_and_asks_for_older_ones()
    {
        await using ChatMeeting meeting = await StartAsync();
        await SayAllAsync(await meeting.JoinAsync("Ada"), 130);
        TestClientContext late = await meeting.JoinAsync("Bob");
        var loaded = await late.Page.WaitAsync<HistoryLoaded>();
        Assert.Equal(("room", "Bob", true), (loaded.Room, loaded.Self.Name, loaded.More));
        Assert.Equal(Enumerable.Range(31, 100).Select(n => (long)n), loaded.Items.Select(line => line.Seq));
        var older = await late.Page.RequestAsync<HistoryOk>(new History(Before: 31, Limit: 50));
        Assert.Equal(Enumerable.Range(1, 30).Select(n => (long)n), older.Items.Select(line => line.Seq));
        Assert.False(older.More);
        Assert.Empty(late.Page.Events<Said>());
    }

    [Fact]
    public async Task A_page_that_is_loaded_again_gets_what_was_said_meanwhile()
    {
        await using ChatMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        await SayAllAsync(ada, 3);
        var loaded = await ada.Page.Connect().WaitAsync<HistoryLoaded>();
        Assert.Equal(["line 1", "line 2", "line 3"], loaded.Items.Select(line => line.Text));
        Assert.False(loaded.More);
    }

    [Fact]
    public async Task A_direct_line_is_seen_by_the_two_only_and_leaves_no_gap_for_the_others()
    {
        await using ChatMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob"), cy = await meeting.JoinAsync("Cy");
        await SayAsync(ada, "psst", bob.Seat!.Id);
        await SayAsync(ada, "hello");
        Assert.Equal(["psst", "hello"], (await LinesAsync(bob, 2)).Select(line => line.Text));
        Assert.Equal(("Bob", bob.Seat.Id), ((await LinesAsync(ada, 2))[0].ToName, ada.Page.Events<Said>()[0].To));
        Assert.Equal((2, "hello"), (Assert.Single(await LinesAsync(cy, 1)).Seq, cy.Page.Events<Said>()[0].Text));
        Assert.Equal("hello", Assert.Single((await cy.Page.RequestAsync<HistoryOk>(new History())).Items).Text);
        Assert.Equal(2, (await bob.Page.RequestAsync<HistoryOk>(new History())).Items.Count);
    }

    [Theory]
    [InlineData(" \n ", "empty-line")]
    [InlineData("ring\a", "bad-character")]
    public async Task What_cannot_be_said_is_refused(string text, string code)
    {
        await using ChatMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        MessageChannel hub = await meeting.ConnectAsync("Eve");
        Assert.Equal(code, (await Assert.ThrowsAsync<UserErrorException>(() => SayAsync(ada, text))).Code);
        Assert.Equal(code, (await Assert.ThrowsAsync<UserErrorException>(() => hub.RequestAsync<SayOk>(new Say(text), default))).Code);
    }

    [Fact]
    public async Task Bad_requests_are_refused_with_their_reason()
    {
        await using ChatMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        await RefusedAsync("bad-limit", new History(Limit: 201));
        await RefusedAsync("bad-request", new History(Before: 1, After: 1));
        await RefusedAsync("no-such-member", new Say("psst", To: "0000"));
        await RefusedAsync("bad-key", new Say("hello", Key: "a b"));
        await RefusedAsync("line-too-long", new Say(new string('x', 8001)));

        async Task RefusedAsync(string code, object request) =>
            Assert.Equal(code, (await Assert.ThrowsAsync<UserErrorException>(() => ada.Page.RequestAsync(request))).Code);
    }

    [Fact]
    public async Task Nobody_speaks_before_a_join()
    {
        await using ChatMeeting meeting = await StartAsync();
        TestClientContext ada = meeting.Hub.NewClient("Ada");
        await ada.StartAsync(new LanCollab.Plugins.Chat.Client.ChatClient(meeting.Hub.Log, meeting.Hub.Time));
        Assert.Equal("not-joined", (await Assert.ThrowsAsync<UserErrorException>(() => SayAsync(ada, "hello"))).Code);
        Assert.Equal("not-joined", (await Assert.ThrowsAsync<UserErrorException>(() => ada.Page.RequestAsync(new History()))).Code);
    }

    [Fact]
    public async Task Another_room_begins_with_its_own_history()
    {
        await using ChatMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada", "lab");
        await SayAllAsync(ada, 3);
        await ada.LeaveAsync();
        await ada.JoinAs("Ada", "office");
        await ada.Page.WaitAsync<HistoryLoaded>(loaded => loaded is { Room: "office", Items: [] });
        Assert.Equal(1, (await SayAsync(ada, "new room")).Seq);
    }
}
