using LanCollab.Plugins.Poll;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Poll;

public class PollTests
{
    [Fact]
    public async Task Everybody_in_the_room_sees_a_poll_and_its_votes_at_once()
    {
        await using var hub = new InMemoryHub();
        (TestClientContext ada, TestClientContext bob) = (await StartAsync(hub, "Ada"), await JoinAsync(hub, "Bob"));
        await ada.Page.RequestAsync(new Ask(" Lunch? ", ["12:00", "12:30"]));
        int poll = (await bob.Page.WaitAsync<Polls>(p => p.Items is [{ Question: "Lunch?", From: "Ada" }])).Items[0].Id;
        await bob.Page.RequestAsync(new Vote(poll, 1));
        await bob.Page.WaitAsync<Polls>(p => p.Items is [{ Votes: [0, 1], Mine: 1 }]);
        await ada.Page.WaitAsync<Polls>(p => p.Items is [{ Votes: [0, 1], Mine: null }]);
    }

    [Fact]
    public async Task A_second_vote_replaces_the_first()
    {
        await using var hub = new InMemoryHub();
        TestClientContext ada = await StartAsync(hub, "Ada");
        await ada.Page.RequestAsync(new Ask("Tea?", ["yes", "no"]));
        await ada.Page.RequestAsync(new Vote(1, 0));
        await ada.Page.RequestAsync(new Vote(1, 1));
        await ada.Page.WaitAsync<Polls>(p => p.Items is [{ Votes: [0, 1] }]);
    }

    [Fact]
    public async Task Who_comes_later_or_loads_the_page_again_sees_the_polls_of_their_own_room()
    {
        await using var hub = new InMemoryHub();
        TestClientContext ada = await StartAsync(hub, "Ada");
        await ada.Page.RequestAsync(new Ask("Tea?", ["yes", "no"]));
        TestClientContext bob = await JoinAsync(hub, "Bob"), cy = await JoinAsync(hub, "Cy", "office");
        await bob.Page.WaitAsync<Polls>(p => p.Items is [{ Question: "Tea?" }]);
        await bob.Page.Connect().WaitAsync<Polls>(p => p.Items is [{ Question: "Tea?" }]);
        await cy.Page.RequestAsync(new Ask("Coffee?", ["yes", "no"]));
        await cy.Page.WaitAsync<Polls>(p => p.Items is [{ Question: "Coffee?" }]);
        Assert.DoesNotContain(bob.Page.Events<Polls>(), p => p.Items.Any(item => item.Question == "Coffee?"));
    }

    [Fact]
    public async Task Bad_polls_and_votes_are_refused()
    {
        await using var hub = new InMemoryHub();
        TestClientContext ada = await StartAsync(hub, "Ada");
        await ada.Page.RequestAsync(new Ask("Tea?", ["yes", "no"]));
        await RefusedAsync("bad-poll", new Ask("Tea?", ["yes", "yes"]));
        await RefusedAsync("bad-poll", new Ask(" ", ["yes", "no"]));
        await RefusedAsync("no-such-poll", new Vote(2, 0));
        await RefusedAsync("bad-choice", new Vote(1, 2));

        async Task RefusedAsync(string code, object request) =>
            Assert.Equal(code, (await Assert.ThrowsAsync<UserErrorException>(() => ada.Page.RequestAsync(request))).Code);
    }

    private static async Task<TestClientContext> StartAsync(InMemoryHub hub, string name)
    {
        await hub.Server.StartAsync(new PollServer(hub.Log));
        return await JoinAsync(hub, name);
    }

    private static async Task<TestClientContext> JoinAsync(InMemoryHub hub, string name, string room = "room")
    {
        TestClientContext client = hub.NewClient(name);
        await client.StartAsync(new PollClient(hub.Log));
        await client.JoinAs(name, room);
        return client;
    }
}
