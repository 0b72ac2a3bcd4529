using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using LanCollab.Host.Bridge;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Host.Bridge;

public sealed class RequestTests
{
    [Fact]
    public async Task The_first_message_names_lanes_and_plugins()
    {
        await using var bridge = await RunningBridge.StartAsync(b => { b.Probe.Lane("up"); b.Probe.Lane("down"); });
        await using var page = await bridge.ConnectAsync();
        Assert.Equal("""{"probe.up":1,"probe.down":2}""", page.Hello.GetProperty("lanes").GetRawText());
        Assert.Equal("probe", page.Hello.GetProperty("plugins")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_request_is_answered_with_its_id()
    {
        await using var bridge = await RunningBridge.StartAsync(b => b.Probe.On<Ask>((ask, _, _) => ValueTask.FromResult<object?>(new Answer(ask.What + "!"))));
        await using var page = await bridge.ConnectAsync();
        JsonElement[] replies = await Task.WhenAll(from i in Enumerable.Range(0, 300) select page.RequestAsync("probe", "ask", new Ask($"{i}")));
        Assert.Equal(from i in Enumerable.Range(0, 300) select $"{i}!", replies.Select(r => r.GetProperty("that").GetString()));
    }

    [Fact]
    public async Task No_result_is_an_empty_body()
    {
        await using var bridge = await RunningBridge.StartAsync(b => b.Probe.On<Ask>((_, _, _) => ValueTask.FromResult<object?>(null)));
        await using var page = await bridge.ConnectAsync();
        Assert.Equal("{}", (await page.RequestAsync("probe", "ask", new Ask("x"))).GetRawText());
    }

    [Fact]
    public async Task A_slow_request_does_not_hold_up_the_next_one()
    {
        var release = new TaskCompletionSource();
        await using var bridge = await RunningBridge.StartAsync(b => b.Probe.On<Ask>(async (ask, _, token) =>
        {
            if (ask.What == "slow") await release.Task.WaitAsync(token);
            return new Answer(ask.What);
        }));
        await using var page = await bridge.ConnectAsync();
        Task<JsonElement> slow = page.RequestAsync("probe", "ask", new Ask("slow"));
        await page.RequestAsync("probe", "ask", new Ask("quick"));
        Assert.False(slow.IsCompleted);
        release.SetResult();
        Assert.Equal("slow", (await slow).GetProperty("that").GetString());
    }

    [Fact]
    public async Task No_more_than_64_requests_of_a_page_run_at_the_same_time()
    {
        int running = 0, most = 0;
        var release = new TaskCompletionSource();
        var started = new Recorded<int>("a started request");
        await using var bridge = await RunningBridge.StartAsync(b => b.Probe.On<Ask>(async (_, _, token) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running)); // Requests are started one after the other.
            started.Add(1);
            await release.Task.WaitAsync(token);
            Interlocked.Decrement(ref running);
            return null;
        }));
        await using var page = await bridge.ConnectAsync();
        Task all = Task.WhenAll(from i in Enumerable.Range(0, 200) select page.RequestAsync("probe", "ask", new Ask($"{i}")));
        await started.WaitCountAsync(Page.MaxInFlight);
        release.SetResult();
        await all;
        Assert.InRange(most, 1, Page.MaxInFlight);
    }

    [Fact]
    public async Task A_refusal_carries_its_code_its_sentence_and_when_to_try_again()
    {
        await using var bridge = await RunningBridge.StartAsync(b => b.Probe.On<Ask>((_, _, _) =>
            throw new UserErrorException("throttled", "Too fast.") { RetryAfter = TimeSpan.FromMilliseconds(250) }));
        using ClientWebSocket socket = await RawPage.ConnectAsync(bridge);
        await socket.SendTextAsync("""{"plugin":"probe","type":"ask","id":5,"body":{"what":"x"}}""");
        Assert.Equal("""{"plugin":"probe","type":"error","id":5,"body":{"code":"throttled","message":"Too fast.","retryAfterMs":250}}""", await socket.ReceiveTextAsync());
        Assert.Empty(bridge.Faults.All);
    }

    [Fact]
    public async Task A_handler_that_throws_is_reported_and_its_request_is_answered()
    {
        await using var bridge = await RunningBridge.StartAsync(b => b.Probe.On<Ask>((_, _, _) => throw new InvalidOperationException("inner detail")));
        await using var page = await bridge.ConnectAsync();
        UserErrorException refusal = await Assert.ThrowsAsync<UserErrorException>(() => page.RequestAsync("probe", "ask", new Ask("x")));
        Assert.Equal("internal", refusal.Code);
        Assert.DoesNotContain("inner detail", refusal.Message);
        Assert.IsType<InvalidOperationException>(Assert.Single(bridge.Faults.All));
        Assert.Contains(bridge.Log.Lines.All, line => line.Exception is InvalidOperationException);
    }

    [Theory]
    [InlineData("""{"plugin":"probe","type":"nothing","id":1,"body":{}}""", "probe", "unknown-request")]
    [InlineData("""{"plugin":"nobody","type":"ask","id":1}""", "nobody", "unknown-request")]
    [InlineData("""{"type":"ask","id":1}""", "shell", "unknown-request")]
    [InlineData("""{"plugin":"probe","type":"ask","id":1,"body":{}}""", "probe", "bad-request")]
    [InlineData("""{"plugin":"probe","type":"ask","id":1,"body":{"what":7}}""", "probe", "bad-request")]
    [InlineData("""{"plugin":"probe","type":"ask","id":1,"body":null}""", "probe", "bad-request")]
    [InlineData("""{"plugin":"probe","type":"ask","body":{}}""", "shell", "bad-request")] // nobody waits for a reply: the shell says it
    [InlineData("{", "shell", "bad-message")]
    [InlineData("", "shell", "bad-message")]
    [InlineData("[]", "shell", "bad-message")]
    [InlineData("""{"type":7}""", "shell", "bad-message")]
    [InlineData("""{"plugin":"probe","type":"ask","id":"one"}""", "shell", "bad-message")]
    public async Task What_cannot_be_handled_is_answered_and_the_page_stays_open(string message, string plugin, string code)
    {
        await using var bridge = await RunningBridge.StartAsync(b => b.Probe.On<Ask>((ask, _, _) => ValueTask.FromResult<object?>(new Answer(ask.What))));
        using ClientWebSocket socket = await RawPage.ConnectAsync(bridge);
        await socket.SendTextAsync(message);
        using JsonDocument answer = JsonDocument.Parse(await socket.ReceiveTextAsync());
        Assert.Equal((plugin, "error", code), (answer.RootElement.GetProperty("plugin").GetString(), answer.RootElement.GetProperty("type").GetString(),
            answer.RootElement.GetProperty("body").GetProperty("code").GetString()));
        await socket.SendTextAsync("""{"plugin":"probe","type":"ask","id":9,"body":{"what":"still here","unknown":1}}""");
        Assert.Equal("""{"plugin":"probe","type":"ok","id":9,"body":{"that":"still here"}}""", await socket.ReceiveTextAsync());
    }

    [Theory]
    [InlineData(ReceiveBuffer.MaxText, false)]
    [InlineData(ReceiveBuffer.MaxText + 1, true)]
    [InlineData(8 * ReceiveBuffer.MaxText, true)]
    public async Task A_text_longer_than_its_limit_closes_the_page(int length, bool closes)
    {
        await using var bridge = await RunningBridge.StartAsync(b => b.Probe.On<Ask>((_, _, _) => ValueTask.FromResult<object?>(null)));
        using ClientWebSocket socket = await RawPage.ConnectAsync(bridge);
        const string Start = """{"plugin":"probe","type":"ask","id":1,"body":{"what":"x"},"pad":""", End = "}";
        await socket.SendTextAsync($"{Start}\"{new string('a', length - Encoding.UTF8.GetByteCount(Start + End) - 2)}\"{End}");
        if (closes) Assert.Equal(WebSocketCloseStatus.MessageTooBig, await socket.ReceiveCloseAsync());
        else Assert.Contains("\"ok\"", await socket.ReceiveTextAsync());
    }

    [Fact]
    public async Task What_a_plugin_registered_before_it_failed_is_taken_back()
    {
        IBridge? failed = null;
        await using var bridge = await RunningBridge.StartAsync(b =>
        {
            failed = b.Server.For("other", RunningBridge.Messages, _ => { });
            failed.Lane("lost");
            failed.MapHttp("GET", "/other/", (exchange, token) => exchange.RespondAsync(new Answer("x"), token));
            b.Probe.Lane("kept");
            b.Server.Remove(failed);
        });
        await using var page = await bridge.ConnectAsync();
        Assert.Equal("""{"probe.kept":2}""", page.Hello.GetProperty("lanes").GetRawText());
        using HttpClient script = bridge.Script();
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await script.GetAsync("/other/x")).StatusCode);
        Assert.Throws<InvalidOperationException>(() => failed!.Lane("late"));
    }

    [Fact]
    public void A_message_of_another_plugin_cannot_be_registered()
    {
        var server = new BridgeServer(new BridgeOptions(0, "."), new TestLog(), TimeProvider.System);
        IBridge bridge = server.For("other", RunningBridge.Messages, _ => { });
        Assert.Throws<InvalidOperationException>(() => bridge.On<Ask>((_, _, _) => ValueTask.FromResult<object?>(null)));
    }
}
