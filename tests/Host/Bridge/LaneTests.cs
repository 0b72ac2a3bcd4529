using System.Net.WebSockets;
using LanCollab.Host.Bridge;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Host.Bridge;

public sealed class LaneTests
{
    [Fact]
    public async Task Bytes_go_both_ways_each_lane_in_order()
    {
        var received = new Recorded<byte[]>("bytes from the page");
        IBinaryLane up = null!, down = null!;
        await using var bridge = await RunningBridge.StartAsync(b =>
        {
            up = b.Probe.Lane("up", (_, bytes, _) => { received.Add(bytes.ToArray()); return ValueTask.CompletedTask; });
            down = b.Probe.Lane("down");
        });
        await using var page = await bridge.ConnectAsync();
        for (byte i = 0; i < 100; i++) await page.SendLaneAsync("probe.up", [i, 1, 2]);
        Assert.Equal(Enumerable.Range(0, 100), (await received.WaitCountAsync(100)).Select(bytes => (int)bytes[0]));

        byte[] reused = new byte[3];
        for (byte i = 0; i < 100; i++)
        {
            reused[0] = i;
            down.Publish(reused); // copied: the sender may use its buffer again
        }
        Assert.Equal(Enumerable.Range(0, 100), (await page.Lane("probe.down").WaitCountAsync(100)).Select(bytes => (int)bytes[0]));
        Assert.Empty(page.Lane("probe.up").All);
    }

    [Fact]
    public async Task The_next_message_of_a_page_waits_for_the_lanes_handler()
    {
        var release = new TaskCompletionSource();
        var order = new Recorded<string>("a step");
        await using var bridge = await RunningBridge.StartAsync(b =>
        {
            b.Probe.Lane("up", async (_, _, token) => { await release.Task.WaitAsync(token); order.Add("lane"); });
            b.Probe.On<Ask>((_, _, _) => { order.Add("request"); return ValueTask.FromResult<object?>(null); });
        });
        await using var page = await bridge.ConnectAsync();
        await page.SendLaneAsync("probe.up", [1]);
        Task request = page.RequestAsync("probe", "ask", new Ask("x"));
        release.SetResult();
        await request;
        Assert.Equal(["lane", "request"], order.All);
    }

    [Fact]
    public async Task A_lane_that_is_not_there_is_refused_and_the_page_stays_open()
    {
        await using var bridge = await RunningBridge.StartAsync(b => b.Probe.Lane("down"));
        using ClientWebSocket socket = await RawPage.ConnectAsync(bridge);
        byte[][] messages = [[], [0, 1], [1, 1], [2, 1], [255]]; // 1 is there, but takes nothing
        foreach (byte[] message in messages)
        {
            await socket.SendBytesAsync(message);
            Assert.Contains("\"unknown-lane\"", await socket.ReceiveTextAsync());
        }
    }

    [Fact]
    public async Task A_lane_handler_that_throws_is_reported_and_the_next_message_is_handled()
    {
        var received = new Recorded<int>("bytes from the page");
        await using var bridge = await RunningBridge.StartAsync(b => b.Probe.Lane("up", (_, bytes, _) =>
        {
            if (bytes.Span[0] == 1) throw new InvalidOperationException("bad byte");
            received.Add(bytes.Span[0]);
            return ValueTask.CompletedTask;
        }));
        await using var page = await bridge.ConnectAsync();
        await page.SendLaneAsync("probe.up", [1]);
        await page.SendLaneAsync("probe.up", [2]);
        Assert.Equal([2], await received.WaitCountAsync(1));
        Assert.Equal("bad byte", Assert.Single(bridge.Faults.All).Message);
    }

    [Theory]
    [InlineData(ReceiveBuffer.MaxBinary, false)]
    [InlineData(ReceiveBuffer.MaxBinary + 1, true)]
    public async Task A_binary_message_longer_than_its_limit_closes_the_page(int length, bool closes)
    {
        var received = new Recorded<int>("a length");
        await using var bridge = await RunningBridge.StartAsync(b =>
            b.Probe.Lane("up", (_, bytes, _) => { received.Add(bytes.Length); return ValueTask.CompletedTask; }));
        using ClientWebSocket socket = await RawPage.ConnectAsync(bridge);
        byte[] message = new byte[length];
        message[0] = 1;
        await socket.SendBytesAsync(message);
        if (closes) Assert.Equal(WebSocketCloseStatus.MessageTooBig, await socket.ReceiveCloseAsync());
        else Assert.Equal([length - 1], await received.WaitCountAsync(1));
    }

    [Fact]
    public async Task A_full_lane_drops_or_waits_as_its_sender_says()
    {
        var pages = new Recorded<IPage>("a page");
        IBinaryLane lane = null!;
        await using var bridge = await RunningBridge.StartAsync(b => { lane = b.Probe.Lane("down"); b.Probe.OnConnected(pages.Add); });
        using ClientWebSocket socket = await RawPage.ConnectAsync(bridge);
        IPage page = (await pages.WaitCountAsync(1))[0];
        byte[] megabyte = new byte[1 << 20];
        int taken = 0;
        while (page.TrySend(lane, megabyte)) Assert.True(++taken < 100, "the queue has no end");

        ValueTask waiting = page.SendAsync(lane, megabyte, CancellationToken.None);
        for (int i = 0; i < taken + 1; i++) Assert.Equal(megabyte.Length + 1, (await socket.ReceiveMessageAsync()).Bytes.Length);
        await waiting;
    }

    [Fact]
    public async Task Who_waits_for_room_on_a_page_that_goes_is_told()
    {
        var pages = new Recorded<IPage>("a page");
        IBinaryLane lane = null!;
        await using var bridge = await RunningBridge.StartAsync(b => { lane = b.Probe.Lane("down"); b.Probe.OnConnected(pages.Add); });
        using ClientWebSocket socket = await RawPage.ConnectAsync(bridge);
        IPage page = (await pages.WaitCountAsync(1))[0];
        Task waiting = SendForEverAsync(page, lane);
        socket.Abort();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Recorded<int>.Patience));
        Assert.False(page.TrySend(lane, new byte[1]));
    }

    private static async Task SendForEverAsync(IPage page, IBinaryLane lane)
    {
        while (true) await page.SendAsync(lane, new byte[1 << 20], CancellationToken.None);
    }
}
