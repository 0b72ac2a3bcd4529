using System.Net;
using System.Net.Sockets;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.EndToEnd;

/// <summary>What comes from the LAN without a seat.</summary>
[Collection(EndToEndCollection.Name)]
public class UninvitedTests
{
    private const int Seed = 20260101;

    [Fact]
    public async Task Garbage_on_every_tcp_port_hurts_nobody()
    {
        await using Meeting meeting = await Meeting.StartAsync();
        ClientProcess[] people = await Task.WhenAll(meeting.JoinAsync("Ada"), meeting.JoinAsync("Bob"));
        var random = new Random(Seed);
        foreach (int port in Ports(meeting.Server, "tcp"))
            for (int i = 0; i < 20; i++) await SendGarbageAsync(port, random);
        await people[0].Bridge.RequestAsync("chat", "say", new { text = "still here" });
        await people[1].Bridge.WaitAsync("chat", "said", e => e.GetProperty("text").GetString() == "still here");
        ClientProcess cleo = await meeting.JoinAsync("Cleo");
        Assert.NotEmpty(cleo.Id);
    }

    [Fact]
    public async Task Datagrams_that_are_not_authentic_get_no_answer()
    {
        await using Meeting meeting = await Meeting.StartAsync();
        await meeting.JoinAsync("Ada");
        var random = new Random(Seed);
        using var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        IReadOnlyList<int> ports = Ports(meeting.Server, "udp");
        Assert.Equal(2, ports.Count);
        foreach (int port in ports)
            for (int i = 0; i < 500; i++)
            {
                byte[] noise = new byte[random.Next(0, 1400)];
                random.NextBytes(noise);
                await udp.SendAsync(noise, noise.Length, new IPEndPoint(IPAddress.Loopback, port));
            }
        // The server is alive and has had time for all of them: a join takes many round trips.
        await meeting.JoinAsync("Bob");
        Assert.Equal(0, udp.Available);
    }

    private static async Task SendGarbageAsync(int port, Random random)
    {
        byte[] noise = new byte[random.Next(1, 4096)];
        random.NextBytes(noise);
        using var tcp = new TcpClient();
        try
        {
            await tcp.ConnectAsync(IPAddress.Loopback, port);
            await tcp.GetStream().WriteAsync(noise);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            // Being thrown out is what garbage deserves.
        }
    }

    private static IReadOnlyList<int> Ports(ServerProcess server, string transport) =>
    [
        .. server.Process.Lines.All.Select(l => l.Split(' ')).Where(w => w is ["listening", _, var t, _] && t == transport)
            .Select(w => int.Parse(w[3].Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture)),
    ];
}
