using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LanCollab.Tests.Support.Faults;

namespace LanCollab.Tests.Support.Tests;

public sealed class FaultProxyTests : IDisposable
{
    private static readonly IPEndPoint Any = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _patience = new(Recorded<int>.Patience);

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
    public void The_same_seed_breaks_the_same_connections_in_the_same_way()
    {
        var options = new FaultOptions { Seed = 7, Breaks = 0.5 };
        StreamFate[] Roll(FaultOptions o) => [.. Enumerable.Range(0, 600).Select(i => FaultDice.OfConnection(o, i))];
        StreamFate[] first = Roll(options);
        Assert.Equal(first, Roll(options));
        Assert.NotEqual(first, Roll(options with { Seed = 8 }));
        foreach (StreamFault fault in Enum.GetValues<StreamFault>().Except([StreamFault.None])) Assert.InRange(first.Count(f => f.Fault == fault), 60, 140);
        Assert.All(first, f => Assert.InRange(f.AfterBytes, 0, options.BreakWithin));
    }

    [Fact]
    public async Task Connections_break_by_themselves_where_the_dice_say()
    {
        var options = new FaultOptions { Seed = 5, Breaks = 1, BreakWithin = 4096 };
        int number = Enumerable.Range(0, 100).First(i => FaultDice.OfConnection(options, i) is { Fault: StreamFault.Reset, AfterBytes: > 0 });
        StreamFate fate = FaultDice.OfConnection(options, number);
        await using Pair pair = await Pair.ConnectAsync(_patience.Token, options, skip: number);
        await pair.Client.SendAsync(new byte[fate.AfterBytes - 1], _patience.Token);
        for (int got = 0; got < fate.AfterBytes - 1;) got += (await ReadAsync(pair.Server)).Length;
        await pair.Client.SendAsync(new byte[1], _patience.Token);
        await Assert.ThrowsAnyAsync<SocketException>(() => ReadAsync(pair.Server));
        Assert.Contains(fate, pair.Proxy.Strikes);
    }

    [Fact]
    public async Task Latency_delays_a_stream_and_does_not_cost_its_bandwidth()
    {
        await using Pair pair = await Pair.ConnectAsync(_patience.Token, new FaultOptions { Latency = TimeSpan.FromMilliseconds(200) });
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < 40; i++) await pair.Client.SendAsync(new byte[16 * 1024], _patience.Token);
        for (int got = 0; got < 40 * 16 * 1024;) got += await pair.Server.ReceiveAsync(new byte[64 * 1024], _patience.Token);
        // One after the other they would take 40 times 0.2 s.
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.2, 7.9);
    }

    [Fact]
    public async Task Bandwidth_is_what_was_asked_for_at_most()
    {
        await using Pair pair = await Pair.ConnectAsync(_patience.Token, new FaultOptions { BytesPerSecond = 200_000 });
        long start = Stopwatch.GetTimestamp();
        await pair.Client.SendAsync(new byte[100_000], _patience.Token);
        for (int got = 0; got < 100_000;) got += await pair.Server.ReceiveAsync(new byte[64 * 1024], _patience.Token);
        Assert.True(Stopwatch.GetElapsedTime(start).TotalSeconds >= 0.49);
    }

    [Fact]
    public async Task A_narrow_place_loses_the_datagrams_that_find_no_room()
    {
        using Socket server = Udp(), client = Udp();
        await using var proxy = new UdpFaultProxy(Any, (IPEndPoint)server.LocalEndPoint!, new FaultOptions { BytesPerSecond = 1000, QueueBytes = 1000 });
        for (int i = 0; i < 20; i++) client.SendTo(new byte[500], proxy.Endpoint);
        byte[] buffer = new byte[1000];
        Assert.Equal(500, await server.ReceiveAsync(buffer, _patience.Token));
        while (proxy.Count.Lost == 0) await Task.Delay(10, _patience.Token);
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

    [Fact]
    public async Task A_half_open_link_may_end_at_the_client_and_not_at_the_server()
    {
        await using Pair pair = await Pair.ConnectAsync(_patience.Token);
        pair.Proxy.HalfOpen(Direction.ToClient);
        await Assert.ThrowsAnyAsync<SocketException>(() => ReadAsync(pair.Client));
        for (int i = 0; i < 20; i++) await pair.Server.SendAsync(new byte[1000], _patience.Token);
        Assert.False(pair.Server.Poll(0, SelectMode.SelectRead));
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
        public static async Task<Pair> ConnectAsync(CancellationToken patience, FaultOptions? options = null, int skip = 0)
        {
            var listener = new TcpListener(Any);
            listener.Start();
            var proxy = new TcpFaultProxy(Any, (IPEndPoint)listener.LocalEndpoint, options);
            for (int i = 0; i < skip; i++)
            {
                using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await other.ConnectAsync(proxy.Endpoint, patience);
                (await listener.AcceptSocketAsync(patience)).Dispose();
            }
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
