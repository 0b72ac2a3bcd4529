using LanCollab.Plugins.Session;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Session;

/// <summary>Knocking, and being let in or not.</summary>
public class LobbyTests : DoorTestBase
{
    private protected override Dictionary<string, string?> Settings => new() { ["MaxKnocking"] = "2", ["MaxMembers"] = "3" };

    [Fact]
    public async Task Who_knocks_waits_and_is_seated_when_a_moderator_says_so()
    {
        Caller ada = await OpenLobbyAsync(), bob = await EnterAsync("Bob");
        Assert.Equal("Bridge", (await bob.WaitAsync<Waiting>()).Room);
        Person knock = (await ada.WaitAsync<Lobby>(l => l.Items.Count == 1)).Items[0];
        Assert.Equal("Bob", knock.Name);
        Assert.Single(Server.Members("Bridge"));
        await bob.BeatAsync();
        await ada.AskAsync(new Admit(knock.Id, true));
        await bob.WaitAsync<Entered>();
        Assert.Equal(knock.Id, bob.Id);
        await ada.WaitAsync<MemberJoined>(j => j.Member.Name == "Bob");
        await ada.WaitAsync<Lobby>(l => l.Items.Count == 0);
        await bob.AskAsync(new SetAway(true));
        await ada.WaitAsync<MemberChanged>(c => c.Member is { Name: "Bob", State: "away" });
    }

    [Fact]
    public async Task Who_is_denied_is_told_and_the_connection_ends()
    {
        Caller ada = await OpenLobbyAsync(), bob = await EnterAsync("Bob");
        Person knock = (await ada.WaitAsync<Lobby>(l => l.Items.Count == 1)).Items[0];
        await ada.AskAsync(new Admit(knock.Id, false));
        Assert.Equal("denied", (await bob.WaitAsync<Dismissed>()).Reason);
        await bob.Ended;
        await RefusedAsync("unknown-person", ada.AskAsync(new Admit(knock.Id, true)));
    }

    [Fact]
    public async Task Who_waits_may_do_nothing_but_wait()
    {
        await OpenLobbyAsync();
        Caller bob = await EnterAsync("Bob");
        await Assert.ThrowsAsync<UserErrorException>(() => bob.AskAsync(new SetHand(true)));
        await bob.Ended;
    }

    [Fact]
    public async Task Who_goes_away_or_falls_silent_waits_no_more_and_a_full_lobby_says_so()
    {
        Caller ada = await OpenLobbyAsync(), bob = await EnterAsync("Bob"), cleo = await EnterAsync("Cleo");
        await RefusedAsync("lobby-full", Call().EnterAsync("Dan"));
        bob.Channel.Cut();
        await ada.WaitAsync<Lobby>(l => l.Items is [{ Name: "Cleo" }]);
        for (int i = 0; i < 4; i++)
        {
            await ada.BeatAsync();
            Advance(2.1);
        }
        await cleo.Ended;
        await ada.Events.UntilAsync(e => e.OfType<Lobby>().Last().Items.Count == 0);
    }

    [Fact]
    public async Task A_name_or_a_seat_that_went_meanwhile_is_told_to_the_moderator()
    {
        Caller ada = await OpenLobbyAsync(), bob = await EnterAsync("Bob"), copy = await EnterAsync("bob");
        Lobby lobby = await ada.WaitAsync<Lobby>(l => l.Items.Count == 2);
        await ada.AskAsync(new Admit(lobby.Items[0].Id, true));
        await bob.WaitAsync<Entered>();
        await RefusedAsync("name-taken", ada.AskAsync(new Admit(lobby.Items[1].Id, true)));
        await ada.AskAsync(new RemoveMember(lobby.Items[1].Id, Ban: true));
        Assert.Equal("denied", (await copy.WaitAsync<Dismissed>()).Reason);
        Assert.Single((await ada.AskAsync<BanList>(new ListBans())).Items);
    }

    [Fact]
    public async Task When_the_room_ends_who_waits_may_come_again()
    {
        Caller ada = await OpenLobbyAsync(), bob = await EnterAsync("Bob");
        await bob.WaitAsync<Waiting>();
        await ada.AskAsync(new Leave());
        Assert.Equal("closed", (await bob.WaitAsync<Dismissed>()).Reason);
        await bob.Ended;
    }

    [Fact]
    public async Task A_new_moderator_is_told_who_waits()
    {
        Caller ada = await OpenLobbyAsync(), bob = await EnterAsync("Bob");
        Lobby lobby = await ada.WaitAsync<Lobby>(l => l.Items.Count == 1);
        await ada.AskAsync(new Admit(lobby.Items[0].Id, true));
        await bob.WaitAsync<Entered>();
        await EnterAsync("Cleo");
        Assert.Empty(bob.Got<Lobby>());
        await ada.AskAsync(new SetRole(bob.Id, "moderator"));
        Assert.Equal("Cleo", (await bob.WaitAsync<Lobby>()).Items.Single().Name);
    }

    [Fact]
    public async Task A_client_that_waits_tells_its_page_and_joins_when_it_is_let_in()
    {
        Caller ada = await OpenLobbyAsync();
        TestClientContext bob = Hub.NewClient();
        await bob.StartAsync(new SessionClient(bob.Link, Hub.Log, new NoWallClock(Hub.Time)));
        Assert.Equal("Bridge", (await bob.Page.RequestAsync<Waiting>(new JoinRoom("Bridge", "Bob"))).Room);
        await bob.Page.WaitAsync<LinkState>(s => s.State == "waiting");
        Lobby lobby = await ada.WaitAsync<Lobby>(l => l.Items.Count == 1);
        await ada.AskAsync(new Admit(lobby.Items[0].Id, true));
        await bob.Page.WaitAsync<Joined>(j => j.Self.Name == "Bob");
        Assert.Single(bob.Link.Established.All);
    }

    [Fact]
    public async Task A_client_that_is_turned_away_says_why_and_stays_out()
    {
        Caller ada = await OpenLobbyAsync();
        TestClientContext bob = Hub.NewClient();
        await bob.StartAsync(new SessionClient(bob.Link, Hub.Log, new NoWallClock(Hub.Time)));
        await bob.Page.RequestAsync<Waiting>(new JoinRoom("Bridge", "Bob"));
        Lobby lobby = await ada.WaitAsync<Lobby>(l => l.Items.Count == 1);
        await ada.AskAsync(new Admit(lobby.Items[0].Id, false));
        await bob.Page.WaitAsync<LinkState>(s => s.State == "disconnected" && s.Reason?.Contains("did not let you") == true);
        Assert.Single(bob.Link.Dialled.All);
    }

    private async Task<Caller> OpenLobbyAsync()
    {
        Caller ada = await EnterAsync("Ada");
        await ada.AskAsync(new SetRules(Lobby: true));
        return ada;
    }
}
