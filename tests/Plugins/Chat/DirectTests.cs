using System.Text;
using System.Text.Json;
using LanCollab.Plugins.Chat;
using LanCollab.Tests.Support;
using static LanCollab.Tests.Plugins.Chat.ChatMeeting;

namespace LanCollab.Tests.Plugins.Chat;

/// <summary>Through a daemon: direct lines, changes, roles, typing, export.</summary>
public class DirectTests
{
    [Fact]
    public async Task A_direct_line_to_somebody_who_is_away_is_there_at_the_next_join()
    {
        await using ChatMeeting meeting = await StartAsync(("Burst", "1000"));
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        string person = bob.Seat!.Person;
        await SayAsync(ada, "hello");
        await LinesAsync(bob, 1);
        await bob.Page.RequestAsync(new Read(1));
        await bob.LeaveAsync();
        await bob.JoinAs(new Peer("00000000000000ba", "Bob", "elsewhere", person));
        Assert.Contains(new Someone(person, "Bob", Here: false), (await ada.Page.RequestAsync<PeopleOk>(new People())).Items);
        await SayAsync(ada, "for you, Bob", person);
        await SayAllAsync(ada, 120);
        bob.Page.First.Events.Clear();
        await bob.LeaveAsync();
        await bob.JoinAs(new Peer("00000000000000bb", "Bob", "room", person));
        var loaded = await bob.Page.WaitAsync<HistoryLoaded>(page => page.Room == "room");
        // It is much older than the page, and is told all the same.
        Assert.True(loaded.Items[0].Seq > 2);
        Assert.Equal(("for you, Bob", 2L), (Assert.Single(loaded.Missed!).Text, loaded.Missed![0].Seq));
        Assert.Equal(1, loaded.Read);
        await bob.Page.RequestAsync(new Read(loaded.Items[^1].Seq));
        Assert.Null((await bob.Page.Connect().WaitAsync<HistoryLoaded>()).Missed);
    }

    [Fact]
    public async Task A_direct_line_stays_with_the_person_when_somebody_else_takes_the_name()
    {
        await using ChatMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        await SayAsync(ada, "secret", bob.Seat!.Id);
        await bob.LeaveAsync();
        TestClientContext other = await meeting.JoinAsync("Bob");
        Assert.Empty((await other.Page.RequestAsync<HistoryOk>(new History())).Items);
        Assert.Empty((await other.Page.RequestAsync<SearchOk>(new Search("secret"))).Items);
        Assert.Single((await ada.Page.RequestAsync<SearchOk>(new Search("secret"))).Items);
    }

    [Fact]
    public async Task Changes_reach_everybody_and_a_page_that_is_loaded_again_has_them()
    {
        await using ChatMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        await SayAsync(ada, "helo");
        await ada.Page.RequestAsync<SayOk>(new Edit(1, "hello"));
        await bob.Page.RequestAsync<SayOk>(new React(1, "👍"));
        await bob.Page.WaitAsync<Changed>(change => change.Kind == "reacted");
        Assert.Equal([2L, 3], bob.Page.Events<Changed>().Select(change => change.Seq));
        Said line = Assert.Single((await bob.Page.Connect().WaitAsync<HistoryLoaded>()).Items);
        Assert.Equal(("hello", 3L, "👍"), (line.Text, line.Version, Assert.Single(line.Reactions!).Emoji));
    }

    [Fact]
    public async Task Who_was_away_gets_changes_in_their_order_with_the_lines()
    {
        await using ChatMeeting meeting = await StartAsync(("Burst", "1000"));
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        await SayAsync(ada, "one");
        await LinesAsync(bob, 1);
        bob.GoOffline();
        await ada.Page.RequestAsync<SayOk>(new Edit(1, "ONE"));
        await SayAllAsync(ada, 250);
        await ada.Page.RequestAsync<SayOk>(new Delete(100));
        bob.GoOnline();
        await bob.Page.WaitAsync<Changed>(change => change.Kind == "deleted");
        Assert.Equal(Enumerable.Range(1, 253).Select(n => (long)n), bob.Page.First.Events.All.OfType<INews>().Select(news => news.Seq));
    }

    [Fact]
    public async Task A_listener_reads_and_searches_and_nothing_else()
    {
        await using ChatMeeting meeting = await StartAsync();
        MessageChannel eve = await meeting.ConnectAsync("Eve");
        await eve.RequestAsync<SayOk>(new Say("hello"), default);
        Peer seat = meeting.Hub.Sessions.Members("room").Single();
        meeting.Hub.Sessions.Stand(seat, new Standing(Role.Listener));
        foreach (object request in (object[])[new Say("psst"), new Edit(1, "psst"), new Delete(1), new React(1, "👍"), new Typing()])
            Assert.Equal("not-allowed", (await Assert.ThrowsAsync<UserErrorException>(() => eve.RequestAsync(request, default))).Code);
        Assert.Single((await eve.RequestAsync<HistoryOk>(new History(), default)).Items);
        Assert.Single((await eve.RequestAsync<SearchOk>(new Search("hello"), default)).Items);
    }

    [Fact]
    public async Task A_moderator_deletes_any_line_and_edits_none()
    {
        await using ChatMeeting meeting = await StartAsync();
        MessageChannel ada = await meeting.ConnectAsync("Ada"), mod = await meeting.ConnectAsync("Mod");
        await ada.RequestAsync<SayOk>(new Say("hello"), default);
        Assert.Equal("not-yours", (await Assert.ThrowsAsync<UserErrorException>(() => mod.RequestAsync(new Delete(1), default))).Code);
        meeting.Hub.Sessions.Stand(meeting.Hub.Sessions.Members("room").Single(member => member.Name == "Mod"), new Standing(Role.Moderator));
        Assert.Equal("not-yours", (await Assert.ThrowsAsync<UserErrorException>(() => mod.RequestAsync(new Edit(1, "bye"), default))).Code);
        Assert.Equal(2, (await mod.RequestAsync<SayOk>(new Delete(1), default)).Seq);
        Assert.Equal("Mod", (await ada.RequestAsync<HistoryOk>(new History(), default)).Items[0].Deleted);
    }

    [Fact]
    public async Task Typing_is_seen_by_the_others_only_and_not_too_often()
    {
        await using ChatMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob"), cy = await meeting.JoinAsync("Cy");
        for (int i = 0; i < 20; i++) await ada.Page.RequestAsync(new Typing(bob.Seat!.Id));
        await ada.Page.RequestAsync<PeopleOk>(new People());
        await SayAsync(ada, "done");
        await LinesAsync(bob, 1);
        await LinesAsync(cy, 1);
        Assert.Equal(3, bob.Page.Events<Typist>().Count);
        Assert.All(bob.Page.Events<Typist>(), typist => Assert.Equal("Ada", typist.Name));
        Assert.Empty(cy.Page.Events<Typist>());
        Assert.Empty(ada.Page.Events<Typist>());
    }

    [Fact]
    public async Task History_and_search_have_limits_of_their_own()
    {
        await using ChatMeeting meeting = await StartAsync(("ReadsPerSecond", "1"), ("SearchesPerSecond", "1"));
        MessageChannel eve = await meeting.ConnectAsync("Eve");
        await ThrottledAsync(new History(), after: 10);
        await ThrottledAsync(new Search("x"), after: 5);

        async Task ThrottledAsync(object request, int after)
        {
            for (int i = 0; i < after; i++) await eve.RequestAsync(request, default);
            var refusal = await Assert.ThrowsAsync<UserErrorException>(() => eve.RequestAsync(request, default));
            Assert.Equal(("throttled", TimeSpan.FromSeconds(1)), (refusal.Code, refusal.RetryAfter));
        }
    }

    [Fact]
    public async Task A_new_seat_does_not_fill_the_buckets_again()
    {
        await using ChatMeeting meeting = await StartAsync(("Burst", "1"), ("LinesPerSecond", "1"));
        MessageChannel first = await meeting.ConnectAsync("Eve", "one person"), second = await meeting.ConnectAsync("Eve again", "one person");
        await first.RequestAsync<SayOk>(new Say("one"), default);
        var refusal = await Assert.ThrowsAsync<UserErrorException>(() => second.RequestAsync(new Say("two"), default));
        Assert.Equal(("throttled", TimeSpan.FromSeconds(1)), (refusal.Code, refusal.RetryAfter));
    }

    [Fact]
    public async Task The_whole_history_is_exported_as_text_and_as_json()
    {
        await using ChatMeeting meeting = await StartAsync(("Burst", "1000"));
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        await SayAllAsync(ada, 250);
        await SayAsync(bob, "between us", ada.Seat!.Id);
        await ada.Page.RequestAsync<SayOk>(new Delete(2));
        await ada.Page.RequestAsync<SayOk>(new Edit(3, "two\nlines"));
        TestHttpExchange text = await ada.Page.HttpAsync("GET", "/chat/export.txt"), json = await ada.Page.HttpAsync("GET", "/chat/export.json");
        Assert.Equal((200, "attachment; filename=\"chat-2030-01-01-export.txt\""), (text.Status, text.Headers["Content-Disposition"]));
        string[] lines = text.Text.Split('\n');
        Assert.Equal(["2030-01-01 12:00:00Z  Ada: line 1", "2030-01-01 12:00:00Z  Ada: (deleted by Ada)", "2030-01-01 12:00:00Z  Ada: two", "    lines (edited)"], lines[..4]);
        Assert.Equal("2030-01-01 12:00:00Z  Bob to Ada only: between us", lines[^2]);
        using JsonDocument document = JsonDocument.Parse(json.Text);
        Assert.Equal(251, document.RootElement.GetArrayLength());
        TestClientContext cy = await meeting.JoinAsync("Cy");
        Assert.DoesNotContain("between us", Encoding.UTF8.GetString((await cy.Page.HttpAsync("GET", "/chat/export.txt")).Response));
        Assert.Equal(400, (await cy.Page.HttpAsync("GET", "/chat/export.doc")).Status);
    }
}
