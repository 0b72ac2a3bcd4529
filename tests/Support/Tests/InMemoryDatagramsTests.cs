namespace LanCollab.Tests.Support.Tests;

public class InMemoryDatagramsTests
{
    [Fact]
    public async Task A_datagram_goes_to_the_hub_and_on_to_another_client_at_once()
    {
        await using var hub = new InMemoryHub();
        IServerDatagrams? server = null;
        server = hub.Server.MapDatagrams(new DatagramService("relay", 0), (from, payload) =>
        {
            foreach (Peer peer in hub.Sessions.Members("room"))
                if (peer != from) Assert.True(server!.TrySend(peer, payload));
        });
        TestClientContext ada = hub.NewClient(), bob = hub.NewClient();
        var heard = new Recorded<byte>("a datagram");
        IClientDatagrams fromAda = ada.OpenDatagrams("relay", _ => Assert.Fail("its own"));
        bob.OpenDatagrams("relay", payload => heard.Add(payload[0]));
        Assert.False(fromAda.TrySend([7]));
        await ada.JoinAs("Ada");
        await bob.JoinAs("Bob");
        Assert.True(fromAda.TrySend([7]));
        Assert.Equal([(byte)7], heard.All);
        Assert.Throws<ArgumentException>(() => fromAda.TrySend(new byte[DatagramLimits.MaxPayload + 1]));
    }

    [Fact]
    public async Task Faults_are_the_same_for_the_same_seed()
    {
        byte[] first = await SendThousandAsync(), second = await SendThousandAsync();
        Assert.Equal(first, second);
        Assert.InRange(first.Distinct().Count(), 150, 250);
        Assert.NotEqual(first.Order(), first);
    }

    private static async Task<byte[]> SendThousandAsync()
    {
        await using var hub = new InMemoryHub();
        hub.Datagrams.Faults = new DatagramFaults(Seed: 5) { Loss = 0.2, Duplicate = 0.1, Reorder = 0.1 };
        var heard = new Recorded<byte>("a datagram");
        hub.Server.MapDatagrams(new DatagramService("relay", 0), (_, payload) => heard.Add(payload[0]));
        TestClientContext ada = hub.NewClient();
        IClientDatagrams datagrams = ada.OpenDatagrams("relay", _ => { });
        await ada.JoinAs("Ada");
        for (int i = 0; i < 250; i++) datagrams.TrySend([(byte)i]);
        return [.. heard.All];
    }
}
