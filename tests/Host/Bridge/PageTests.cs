using System.Net.WebSockets;
using LanCollab.Host.Bridge;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Host.Bridge;

public sealed class PageTests
{
    [Fact]
    public async Task A_new_page_gets_the_present_state_before_its_requests_are_handled()
    {
        await using var bridge = await RunningBridge.StartAsync(b =>
        {
            b.Probe.OnConnected(page => page.Send(new News(1)));
            b.Probe.On<Ask>((_, page, _) => { page.Send(new News(2)); return ValueTask.FromResult<object?>(null); });
        });
        using ClientWebSocket socket = await RawPage.ConnectAsync(bridge);
        await socket.SendTextAsync("""{"plugin":"probe","type":"ask","id":1,"body":{"what":"x"}}""");
        Assert.Equal("""{"plugin":"probe","type":"news","body":{"number":1}}""", await socket.ReceiveTextAsync());
        Assert.Equal("""{"plugin":"probe","type":"news","body":{"number":2}}""", await socket.ReceiveTextAsync());
        Assert.Contains("\"ok\"", await socket.ReceiveTextAsync());
    }

    [Fact]
    public async Task Events_reach_every_page_in_order()
    {
        await using var bridge = await RunningBridge.StartAsync();
        await using var one = await bridge.ConnectAsync();
        await using var two = await bridge.ConnectAsync();
        for (int i = 0; i < 1000; i++) bridge.Probe.Publish(new News(i));
        foreach (var page in new[] { one, two })
        {
            await page.WaitAsync("probe", "news", body => body.GetProperty("number").GetInt32() == 999);
            Assert.Equal(Enumerable.Range(0, 1000), page.All("probe", "news").Select(body => body.GetProperty("number").GetInt32()));
        }
    }

    [Fact]
    public async Task A_plugin_sees_the_same_page_object_from_connect_to_disconnect()
    {
        var seen = new Recorded<IPage>("a page");
        await using var bridge = await RunningBridge.StartAsync(b =>
        {
            b.Probe.OnConnected(seen.Add);
            b.Probe.On<Ask>((_, page, _) => { seen.Add(page); return ValueTask.FromResult<object?>(null); });
            b.Probe.OnDisconnected(seen.Add);
        });
        await using (var page = await bridge.ConnectAsync()) await page.RequestAsync("probe", "ask", new Ask("x"));
        IReadOnlyList<IPage> pages = await seen.WaitCountAsync(3);
        Assert.Single(pages.Distinct());
        Assert.True(pages[0].Closed.IsCancellationRequested);
    }

    [Fact]
    public async Task A_request_is_cancelled_when_its_page_goes()
    {
        var cancelled = new TaskCompletionSource();
        var started = new TaskCompletionSource();
        await using var bridge = await RunningBridge.StartAsync(b => b.Probe.On<Ask>(async (_, _, token) =>
        {
            token.Register(cancelled.SetResult);
            started.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            return null;
        }));
        using ClientWebSocket socket = await RawPage.ConnectAsync(bridge);
        await socket.SendTextAsync("""{"plugin":"probe","type":"ask","id":1,"body":{"what":"x"}}""");
        await started.Task.WaitAsync(Recorded<int>.Patience);
        socket.Abort();
        await cancelled.Task.WaitAsync(Recorded<int>.Patience);
        Assert.Empty(bridge.Faults.All);
    }

    [Fact]
    public async Task A_plugin_that_throws_at_a_connect_is_reported_and_the_page_stays()
    {
        await using var bridge = await RunningBridge.StartAsync(b =>
        {
            b.Probe.OnConnected(_ => throw new InvalidOperationException("at connect"));
            b.Probe.OnConnected(page => page.Send(new News(1)));
        });
        await using var page = await bridge.ConnectAsync();
        await page.WaitAsync("probe", "news");
        Assert.Equal("at connect", Assert.Single(bridge.Faults.All).Message);
    }

    [Fact]
    public async Task A_page_that_does_not_read_is_closed_and_the_others_go_on()
    {
        var gone = new Recorded<IPage>("a page that has gone");
        await using var bridge = await RunningBridge.StartAsync(b => b.Probe.OnDisconnected(gone.Add));
        using ClientWebSocket sleeper = await RawPage.ConnectAsync(bridge);
        await using var reader = await bridge.ConnectAsync();
        string large = new('a', 32 * 1024);
        for (int i = 0; gone.Count == 0; i++)
        {
            Assert.True(i < 4096, "128 MiB were sent to a page that reads nothing");
            bridge.Probe.Publish(new Answer(large));
            await reader.Events.WaitCountAsync(i + 2); // the hello and the answers so far
        }
        await reader.RequestFailsAsUnknownAsync();
    }

    [Fact]
    public async Task At_the_end_pages_are_told_that_the_program_stops()
    {
        var bridge = await RunningBridge.StartAsync();
        using ClientWebSocket socket = await RawPage.ConnectAsync(bridge);
        bridge.Probe.Publish(new News(7));
        Task stopping = bridge.DisposeAsync().AsTask();
        Assert.Contains("7", await socket.ReceiveTextAsync());
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, await socket.ReceiveCloseAsync());
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        await stopping.WaitAsync(Recorded<int>.Patience);
    }
}

file static class ReaderExtensions
{
    /// <summary>Any answer shows that the page is served.</summary>
    public static async Task RequestFailsAsUnknownAsync(this Support.Processes.BridgeClient page) =>
        Assert.Equal("unknown-request", (await Assert.ThrowsAsync<UserErrorException>(() => page.RequestAsync("probe", "nothing"))).Code);
}
