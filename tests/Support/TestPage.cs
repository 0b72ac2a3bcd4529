using System.Collections.Concurrent;

namespace LanCollab.Tests.Support;

/// <summary>One open page, held by the test.</summary>
public sealed class TestPage(TestBridge bridge) : IPage
{
    private readonly CancellationTokenSource _closed = new();
    private readonly ConcurrentDictionary<string, Recorded<byte[]>> _lanes = new();
    private readonly SemaphoreSlim _sending = new(1);
    private volatile TaskCompletionSource? _full;

    /// <summary>The events this page has got, in order, as the plugin's records.</summary>
    public Recorded<object> Events { get; } = new("an event");

    /// <inheritdoc />
    public CancellationToken Closed => _closed.Token;

    /// <summary>True: the page does not read; lanes refuse or wait, as the real ones do when their queue is full.</summary>
    public bool Full
    {
        get => _full is not null;
        set
        {
            if (value) _full ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            else Interlocked.Exchange(ref _full, null)?.TrySetResult();
        }
    }

    /// <summary>Sends a request; a refusal is thrown as <see cref="UserErrorException"/>.</summary>
    public async Task<TReply> RequestAsync<TReply>(object request, CancellationToken cancellationToken = default)
    {
        object? reply = await bridge.HandleAsync(request, this, cancellationToken).WaitAsync(Recorded<int>.Patience, cancellationToken);
        byte[] json = bridge.Messages.EncodeReply(1, reply);
        return (TReply)bridge.Messages.Decode(typeof(TReply), Envelope.Read(json).Body.Span);
    }

    /// <summary>Sends a request whose reply is of no interest.</summary>
    public Task RequestAsync(object request, CancellationToken cancellationToken = default) =>
        bridge.HandleAsync(request, this, cancellationToken).WaitAsync(Recorded<int>.Patience, cancellationToken);

    /// <summary>Waits for an event, old or new.</summary>
    public async Task<T> WaitAsync<T>(Func<T, bool>? matches = null) where T : class =>
        (T)await Events.WaitAsync(e => e is T message && (matches is null || matches(message)));

    /// <summary>What has come on a lane.</summary>
    public Recorded<byte[]> Lane(string name) => _lanes.GetOrAdd(name, key => new Recorded<byte[]>($"bytes on lane {key}"));

    /// <summary>Sends on a lane and waits until the plugin has handled it; one at a time, as from a real page.</summary>
    public async Task SendAsync(string lane, ReadOnlyMemory<byte> payload)
    {
        await _sending.WaitAsync();
        try { await bridge.LaneOf(lane).ReceiveAsync(this, payload); }
        finally { _sending.Release(); }
    }

    /// <summary>Closes the page.</summary>
    public void Close()
    {
        _closed.Cancel();
        bridge.Remove(this);
    }

    /// <inheritdoc />
    public void Send(object message) => Events.Add(bridge.Copy(message));

    /// <inheritdoc />
    public bool TrySend(IBinaryLane lane, ReadOnlyMemory<byte> payload)
    {
        if (Full || Closed.IsCancellationRequested) return false;
        Lane(((TestLane)lane).Name).Add(payload.ToArray());
        return true;
    }

    /// <inheritdoc />
    public async ValueTask SendAsync(IBinaryLane lane, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Closed);
        while (_full is { } full) await full.Task.WaitAsync(ends.Token);
        Lane(((TestLane)lane).Name).Add(payload.ToArray());
    }
}

/// <summary>A lane of a <see cref="TestBridge"/>.</summary>
public sealed class TestLane(TestBridge bridge, string name, Func<IPage, ReadOnlyMemory<byte>, CancellationToken, ValueTask>? received) : IBinaryLane
{
    /// <summary>Without the plugin's name.</summary>
    public string Name => name;

    /// <inheritdoc />
    public void Publish(ReadOnlyMemory<byte> payload)
    {
        foreach (TestPage page in bridge.Pages()) page.TrySend(this, payload);
    }

    internal ValueTask ReceiveAsync(TestPage page, ReadOnlyMemory<byte> payload) =>
        received?.Invoke(page, payload, page.Closed) ?? throw new InvalidOperationException($"The plugin does not receive on lane {name}.");
}
