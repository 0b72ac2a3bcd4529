using System.Text.Json;
using LanCollab.Tests.Support.Faults;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.EndToEnd;

[Collection(EndToEndCollection.Name)]
public class CutLinkTests
{
    [Fact]
    public async Task A_chat_channel_that_only_listens_and_is_half_open_is_found_and_what_was_said_meanwhile_comes()
    {
        await using Meeting meeting = await Meeting.StartAsync("--Plugins:Media:Enabled=false", "--Plugins:Screen:Enabled=false", "--Plugins:Files:Enabled=false");
        await using var network = new FaultyNetwork(meeting.Server);
        ClientProcess ada = await meeting.JoinAsync("Ada"), bob = await meeting.StartClientAsync("Bob");
        await bob.JoinAsync(network.Address);
        await bob.Bridge.WaitAsync("chat", "history.loaded");
        await ada.Bridge.RequestAsync("chat", "say", new { text = "heard" });
        await bob.Bridge.WaitAsync("chat", "said");
        // The server's end has gone; Bob's goes on believing in it, and his control connection is well.
        network.Tcp["chat"].HalfOpen(Direction.ToServer);
        await ada.Bridge.RequestAsync("chat", "say", new { text = "into the void" });
        await bob.Bridge.WaitAsync("chat", "said", e => e.GetProperty("text").GetString() == "into the void");
        Assert.Equal(2, network.Tcp["chat"].Accepted);
        Assert.Empty(ada.Bridge.All("session", "member.left"));
        Assert.DoesNotContain(bob.Bridge.All("session", "state"), e => e.GetProperty("state").GetString() == "reconnecting");
    }

    [Fact]
    public async Task A_link_that_was_cut_comes_back_to_the_same_seat_and_no_line_is_lost_or_doubled()
    {
        await using Meeting meeting = await Meeting.StartAsync();
        await using var network = new FaultyNetwork(meeting.Server);
        ClientProcess ada = await meeting.JoinAsync("Ada");
        ClientProcess bob = await meeting.StartClientAsync("Bob");
        await bob.JoinAsync(network.Address);
        await bob.Bridge.WaitAsync("chat", "history.loaded");
        await bob.Bridge.RequestAsync("chat", "say", new { text = "before" });

        network.Cut();
        await bob.Bridge.WaitAsync("session", "state", e => e.GetProperty("state").GetString() == "reconnecting");
        Task<JsonElement> typed = bob.Bridge.RequestAsync("chat", "say", new { text = "while cut" });
        await ada.Bridge.RequestAsync("chat", "say", new { text = "missed at first" });
        network.Mend();

        await typed;
        await bob.Bridge.WaitAsync("chat", "said", e => e.GetProperty("text").GetString() == "missed at first");
        await ada.Bridge.RequestAsync("chat", "say", new { text = "after" });
        foreach (ClientProcess person in (ClientProcess[])[ada, bob])
        {
            await person.Bridge.WaitAsync("chat", "said", e => e.GetProperty("text").GetString() == "after");
            await person.Bridge.WaitAsync("chat", "said", e => e.GetProperty("text").GetString() == "while cut");
            string[] texts = [.. person.Bridge.All("chat", "said").OrderBy(l => l.GetProperty("seq").GetInt64()).Select(l => l.GetProperty("text").GetString()!)];
            Assert.Equal(["after", "before", "missed at first", "while cut"], texts.Order());
            Assert.Equal(["before", "after"], texts.Where(t => t is "before" or "after"));
        }
        // A short cut is nobody's business: the seat was suspect at most.
        Assert.Empty(ada.Bridge.All("session", "member.left"));
    }
}
