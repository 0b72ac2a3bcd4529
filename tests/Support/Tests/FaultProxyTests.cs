using System.Net;
using System.Net.Sockets;
using LanCollab.Tests.Support.Faults;

namespace LanCollab.Tests.Support.Tests;

public sealed class FaultProxyTests : IDisposable
{
    private static readonly IPEndPoint Any = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(20));

    public void Dispose() => _patience.Dispose();

    [Fact]
    public void The_same_seed_gives_the_same_faults_and_another_one_others()
    {
        var options = new FaultOptions { Seed = 7, Loss = 0.2, Duplication = 0.1, Reordering = 0.1, Jitter = TimeSpan.FromMilliseconds(50) };
        Fate[] Roll(FaultOptions o, Direction d) => [.. Enumerable.Range(0, 2000).Select(i => new FaultDice(o, d).Of(i))];
        Fate[] first = Roll(options, Direction.ToServer);
        Assert.Equal(first, Roll(options, Direction.ToServer));
        Assert.NotEqual(first, Roll(options, Direction.ToClient));
        Assert.NotEqual(first, Roll(options with { Seed = 8 }, Direction.ToServer));
        Assert.InRange(first.Count(f => f.Copies == 0), 300, 500);
        Assert.InRange(first.Count(f => f.Copies == 2), 100, 230);
        Assert.InRange(first.Count(f => f.Held), 120, 290);
    }

    [Fact]
    public async Task Datagrams_are_lost_doubled_and_swapped_as_the_dice_say()
    {
        var options = new FaultOptions { Seed = 3, Loss = 0.2, Duplication = 0.1 };
        using Socket server = Udp(), client = Udp();
        await using var proxy = new UdpFaultProxy(Any, (IPEndPoint)server.LocalEndPoint!, options);
        var dice = new FaultDice(options, Direction.ToServer);
        byte[] expected = [.. Enumerable.Range(0, 200).SelectMany(i => Enumerable.Repeat((byte)i, dice.Of(i).Copies))];
        var received = new List<byte>();
        byte[] buffer = new byte[10];
        for (int i = 0; i < 200; i++)
        {
            client.SendTo([(byte)i], proxy.Endpoint);
            for (int copy = 0; copy < dice.Of(i).Copies; copy++)
            {
                await server.ReceiveAsync(buffer, _patience.Token);
                received.Add(buffer[0]);
            }
        }
        Assert.Equal(expected, received);
    }

    [Fact]
    public async Task A_held_datagram_comes_after_the_next_one()
    {
        using Socket server = Udp(), client = Udp();
        await using var proxy = new UdpFaultProxy(Any, (IPEndPoint)server.LocalEndPoint!, new FaultOptions { Reordering = 1 });
        byte[] buffer = new byte[10];
        client.SendTo([1], proxy.Endpoint);
        client.SendTo([2], proxy.Endpoint);
        await server.ReceiveAsync(buffer, _patience.Token);
        Assert.Equal(2, buffer[0]);
        await server.ReceiveAsync(buffer, _patience.Token);
        Assert.Equal(1, buffer[0]);
    }

    [Fact]
    public async Task A_stalled_direction_lets_nothing_pass_until_it_flows_and_the_other_goes_on()
    {
        await using Pair pair = await Pair.ConnectAsync(_patience.Token);
        pair.Proxy.Stall(Direction.ToServer);
        await pair.Client.SendAsync("late"u8.ToArray(), _patience.Token);
        await pair.Server.SendAsync("now"u8.ToArray(), _patience.Token);
        Assert.Equal("now", await ReadAsync(pair.Client));
        Assert.Equal(0, pair.Server.Available);
        pair.Proxy.Flow(Direction.ToServer);
        Assert.Equal("late", await ReadAsync(pair.Server));
    }

    [Fact]
    public async Task A_reset_is_felt_at_both_ends()
    {
        await using Pair pair = await Pair.ConnectAsync(_patience.Token);
        pair.Proxy.Reset();
        await Assert.ThrowsAnyAsync<SocketException>(() => ReadAsync(pair.Client));
        await Assert.ThrowsAnyAsync<SocketException>(() => ReadAsync(pair.Server));
    }

    [Fact]
    public async Task A_half_open_link_ends_at_the_server_and_not_at_the_client()
    {
        await using Pair pair = await Pair.ConnectAsync(_patience.Token);
        pair.Proxy.HalfOpen();
        await Assert.ThrowsAnyAsync<SocketException>(() => ReadAsync(pair.Server));
        for (int i = 0; i < 20; i++) await pair.Client.SendAsync(new byte[1000], _patience.Token);
        Assert.Equal(0, pair.Client.Available);
        Assert.False(pair.Client.Poll(0, SelectMode.SelectRead));
    }

    private async Task<string> ReadAsync(Socket socket)
    {
        byte[] buffer = new byte[100];
        return System.Text.Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, _patience.Token));
    }

    private static Socket Udp()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(Any);
        return socket;
    }

    private sealed record Pair(TcpListener Listener, TcpFaultProxy Proxy, Socket Client, Socket Server) : IAsyncDisposable
    {
        public static async Task<Pair> ConnectAsync(CancellationToken patience)
        {
            var listener = new TcpListener(Any);
            listener.Start();
            var proxy = new TcpFaultProxy(Any, (IPEndPoint)listener.LocalEndpoint);
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await client.ConnectAsync(proxy.Endpoint, patience);
            return new Pair(listener, proxy, client, await listener.AcceptSocketAsync(patience));
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            Server.Dispose();
            await Proxy.DisposeAsync();
            Listener.Stop();
        }
    }
}
