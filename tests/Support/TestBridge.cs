using System.Collections.Concurrent;

namespace LanCollab.Tests.Support;

/// <summary>
/// A plugin's bridge with pages that are held by the test. Everything passes through JSON as on the real one, so a record that cannot be
/// written or read fails here already. The members without a page speak for the first one.
/// </summary>
public sealed class TestBridge(MessageSet messages) : IBridge
{
    private readonly ConcurrentDictionary<string, (Type Type, Func<object, IPage, CancellationToken, ValueTask<object?>> Handle)> _handlers = new();
    private readonly ConcurrentDictionary<string, TestLane> _lanes = new();
    private readonly List<(string Method, string Prefix, Func<IHttpExchange, CancellationToken, Task> Handle)> _http = [];
    private readonly List<Action<IPage>> _connected = [], _disconnected = [];
    private readonly Lock _lock = new();
    private readonly List<TestPage> _pages = [];

    /// <summary>All messages of the plugin.</summary>
    public MessageSet Messages => messages;

    /// <summary>The first page that is open; connected when there is none.</summary>
    public TestPage First
    {
        get
        {
            lock (_lock)
                if (_pages is [var first, ..]) return first;
            return Connect();
        }
    }

    /// <summary>Opens one more page.</summary>
    public TestPage Connect()
    {
        var page = new TestPage(this);
        lock (_lock) _pages.Add(page);
        foreach (Action<IPage> handler in _connected) handler(page);
        return page;
    }

    /// <summary>Sends a request from the first page.</summary>
    public Task<TReply> RequestAsync<TReply>(object request, CancellationToken cancellationToken = default) => First.RequestAsync<TReply>(request, cancellationToken);

    /// <summary>Sends a request whose reply is of no interest.</summary>
    public Task RequestAsync(object request, CancellationToken cancellationToken = default) => First.RequestAsync(request, cancellationToken);

    /// <summary>Waits for an event, old or new, on the first page.</summary>
    public Task<T> WaitAsync<T>(Func<T, bool>? matches = null) where T : class => First.WaitAsync(matches);

    /// <summary>Events of a kind that the first page has got.</summary>
    public IReadOnlyList<T> Events<T>() => [.. First.Events.All.OfType<T>()];

    /// <summary>Makes an HTTP request.</summary>
    public async Task<TestHttpExchange> HttpAsync(string method, string path, byte[]? body = null, params (string Name, string Value)[] headers)
    {
        string bare = Uri.UnescapeDataString(path.Split('?')[0]);
        var (_, prefix, handle) = _http.Where(h => h.Method == method && bare.StartsWith(h.Prefix, StringComparison.Ordinal)).MaxBy(h => h.Prefix.Length);
        Assert.True(handle is not null, $"{method} {path} is not mapped");
        var exchange = new TestHttpExchange(messages, bare[prefix.Length..], path, body, headers);
        try { await handle(exchange, CancellationToken.None).WaitAsync(Recorded<int>.Patience); }
        catch (UserErrorException e) { exchange.Refuse(e); }
        return exchange;
    }

    /// <inheritdoc />
    public void On<T>(Func<T, IPage, CancellationToken, ValueTask<object?>> handler) where T : notnull =>
        _handlers[messages.NameOf(typeof(T))] = (typeof(T), (message, page, token) => handler((T)message, page, token));

    /// <inheritdoc />
    public void Publish(object message)
    {
        // Not within the lock: whoever waits for an event may ask this bridge for its pages while the page's record is locked.
        foreach (TestPage page in Pages()) page.Send(message);
    }

    /// <inheritdoc />
    public void OnConnected(Action<IPage> handler) => _connected.Add(handler);

    /// <inheritdoc />
    public void OnDisconnected(Action<IPage> handler) => _disconnected.Add(handler);

    /// <inheritdoc />
    public IBinaryLane Lane(string name, Func<IPage, ReadOnlyMemory<byte>, CancellationToken, ValueTask>? received = null) =>
        _lanes[name] = new TestLane(this, name, received);

    /// <inheritdoc />
    public void MapHttp(string method, string prefix, Func<IHttpExchange, CancellationToken, Task> handler) => _http.Add((method, prefix, handler));

    internal TestPage[] Pages()
    {
        lock (_lock) return [.. _pages];
    }

    internal TestLane LaneOf(string name) => _lanes.TryGetValue(name, out TestLane? lane) ? lane : throw new InvalidOperationException($"There is no lane {name}.");

    internal object Copy(object message) => messages.Decode(message.GetType(), Envelope.Read(messages.Encode(message)).Body.Span);

    internal async Task<object?> HandleAsync(object request, TestPage page, CancellationToken cancellationToken)
    {
        Envelope envelope = Envelope.Read(messages.Encode(request, 1));
        if (!_handlers.TryGetValue(envelope.Type, out var entry)) throw new UserErrorException("unknown-request", $"\"{envelope.Type}\" is not known here.");
        return await entry.Handle(messages.Decode(entry.Type, envelope.Body.Span), page, cancellationToken);
    }

    internal void Remove(TestPage page)
    {
        lock (_lock)
            if (!_pages.Remove(page)) return;
        foreach (Action<IPage> handler in _disconnected) handler(page);
    }
}
