using System.Buffers;
using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;
using LanCollab.Tests.Support.Networks;

namespace LanCollab.Tests.Support.Processes;

/// <summary>An event on the bridge.</summary>
public sealed record BridgeEvent(string Plugin, string Type, JsonElement Body)
{
    /// <inheritdoc />
    public override string ToString() => $"{Plugin}/{Type} {Body}";
}

/// <summary>A script on a daemon's bridge: does what a page does, and nothing else.</summary>
public sealed class BridgeClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = Recorded<BridgeEvent>.Patience;

    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonElement>> _waiting = new();
    private readonly ConcurrentDictionary<string, Recorded<byte[]>> _lanes = new();
    private readonly ConcurrentDictionary<string, Action<ReadOnlyMemory<byte>>> _listeners = new();
    private readonly Dictionary<int, string> _laneNames = [];
    private readonly Dictionary<string, int> _laneNumbers = [];
    private Task _receiving = Task.CompletedTask;
    private long _lastId;

    private BridgeClient(Uri address, string key, NetworkNamespace? machine)
    {
        Http = new HttpClient(Handler(machine)) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        _socket.Options.SetRequestHeader("Authorization", $"Bearer {key}");
    }

    /// <summary>The daemon's HTTP side, with the key.</summary>
    public HttpClient Http { get; }

    /// <summary>All events so far.</summary>
    public Recorded<BridgeEvent> Events { get; } = new("an event on the bridge");

    /// <summary>The first message of the daemon: <c>lanes</c>, <c>plugins</c>.</summary>
    public JsonElement Hello { get; private set; }

    /// <summary>Connects to a daemon.</summary>
    /// <param name="ui">What it printed: <c>http://localhost:5880/#key=…</c>.</param>
    /// <param name="machine">The network namespace in which it runs; null: the machine's own network.</param>
    public static async Task<BridgeClient> ConnectAsync(string ui, NetworkNamespace? machine = null)
    {
        var uri = new Uri(ui);
        var client = new BridgeClient(new Uri(uri.GetLeftPart(UriPartial.Authority)), uri.Fragment["#key=".Length..], machine);
        using var patience = new CancellationTokenSource(Patience);
        await client._socket.ConnectAsync(new UriBuilder(uri) { Scheme = "ws", Path = "/bridge", Fragment = "" }.Uri, client.Http, patience.Token);
        client._receiving = Task.Run(client.ReceiveAllAsync, CancellationToken.None);
        client.ReadHello((await client.Events.WaitAsync(e => e is { Plugin: "shell", Type: "hello" })).Body);
        return client;
    }

    /// <summary>Sends a request and gives the body of its reply.</summary>
    /// <exception cref="UserErrorException">It was refused.</exception>
    public async Task<JsonElement> RequestAsync(string plugin, string type, object? body = null)
    {
        long id = Interlocked.Increment(ref _lastId);
        var reply = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = reply;
        byte[] message = JsonSerializer.SerializeToUtf8Bytes(new { plugin, type, id, body = body ?? new { } }, JsonSerializerOptions.Web);
        await SendAsync(message, WebSocketMessageType.Text);
        try { return await reply.Task.WaitAsync(Patience); }
        catch (TimeoutException) { throw new TimeoutException($"No reply to {plugin}/{type} came."); }
    }

    /// <summary>Waits for an event, old or new.</summary>
    public async Task<JsonElement> WaitAsync(string plugin, string type, Func<JsonElement, bool>? matches = null, TimeSpan? patience = null) =>
        (await Events.WaitAsync(e => e.Plugin == plugin && e.Type == type && (matches is null || matches(e.Body)), patience ?? Patience)).Body;

    /// <summary>Events of one kind so far.</summary>
    public IReadOnlyList<JsonElement> All(string plugin, string type) => [.. Events.All.Where(e => e.Plugin == plugin && e.Type == type).Select(e => e.Body)];

    /// <summary>What has come on a lane, <c>screen.tiles</c>.</summary>
    public Recorded<byte[]> Lane(string name) => _lanes.GetOrAdd(name, key => new Recorded<byte[]>($"bytes on lane {key}"));

    /// <summary>Handles what comes on a lane on the receive loop instead of keeping it.</summary>
    public void OnLane(string name, Action<ReadOnlyMemory<byte>> received)
    {
        _listeners[name] = received;
        foreach (byte[] earlier in Lane(name).All) received(earlier);
    }

    /// <summary>Sends on a lane.</summary>
    public Task SendLaneAsync(string name, ReadOnlySpan<byte> payload)
    {
        byte[] message = [(byte)_laneNumbers[name], .. payload];
        return SendAsync(message, WebSocketMessageType.Binary);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _receiving;
        _socket.Dispose();
        Http.Dispose();
        _sending.Dispose();
    }

    private static SocketsHttpHandler Handler(NetworkNamespace? machine)
    {
        var handler = new SocketsHttpHandler();
        if (machine is not null)
            handler.ConnectCallback = async (wish, token) => new NetworkStream(await machine.ConnectAsync("127.0.0.1", wish.DnsEndPoint.Port, token), ownsSocket: true);
        return handler;
    }

    private void ReadHello(JsonElement hello)
    {
        Hello = hello;
        lock (_laneNames)
            foreach (JsonProperty lane in hello.GetProperty("lanes").EnumerateObject())
            {
                _laneNames[lane.Value.GetInt32()] = lane.Name;
                _laneNumbers[lane.Name] = lane.Value.GetInt32();
            }
    }

    private async Task SendAsync(byte[] message, WebSocketMessageType type)
    {
        await _sending.WaitAsync();
        try { await _socket.SendAsync(message, type, endOfMessage: true, CancellationToken.None); }
        finally { _sending.Release(); }
    }

    private async Task ReceiveAllAsync()
    {
        try
        {
            var message = new ArrayBufferWriter<byte>(64 * 1024);
            while (true)
            {
                ValueWebSocketReceiveResult part = await _socket.ReceiveAsync(message.GetMemory(64 * 1024), CancellationToken.None);
                if (part.MessageType == WebSocketMessageType.Close) break;
                message.Advance(part.Count);
                if (!part.EndOfMessage) continue;
                if (part.MessageType == WebSocketMessageType.Text) TakeText(message.WrittenMemory);
                else TakeBinary(message.WrittenMemory);
                message.ResetWrittenCount();
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            // The daemon was stopped or killed by the test, or the test is over.
        }
        foreach (var waiting in _waiting.Values) waiting.TrySetException(new IOException("The bridge has closed."));
    }

    private void TakeText(ReadOnlyMemory<byte> text)
    {
        using JsonDocument json = JsonDocument.Parse(text);
        JsonElement message = json.RootElement.Clone();
        JsonElement body = message.TryGetProperty("body", out JsonElement found) ? found : default;
        string type = message.GetProperty("type").GetString()!;
        if (!message.TryGetProperty("id", out JsonElement id) || id.ValueKind == JsonValueKind.Null)
        {
            var happened = new BridgeEvent(message.GetProperty("plugin").GetString()!, type, body);
            // Lanes must have names before the next message, which may be binary, is taken.
            if (happened is { Plugin: "shell", Type: "hello" }) ReadHello(body);
            Events.Add(happened);
        }
        else if (_waiting.TryRemove(id.GetInt64(), out var waiting))
        {
            if (type == "ok") waiting.TrySetResult(body);
            else waiting.TrySetException(new UserErrorException(body.GetProperty("code").GetString()!, body.GetProperty("message").GetString()!));
        }
    }

    private void TakeBinary(ReadOnlyMemory<byte> message)
    {
        string name;
        lock (_laneNames) name = _laneNames[message.Span[0]];
        if (_listeners.TryGetValue(name, out var listener)) listener(message[1..]);
        else Lane(name).Add(message[1..].ToArray());
    }
}
