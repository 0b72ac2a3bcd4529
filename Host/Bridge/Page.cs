using System.Collections.Concurrent;
using System.Net.WebSockets;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Bridge;

/// <summary>One WebSocket: a page or a script. A receive loop and a send loop, and one way to close.</summary>
internal sealed class Page(int number, WebSocket socket, PageDispatcher dispatcher, TimeProvider time, ILogger log)
{
    /// <summary>How long the other side may take to answer a close.</summary>
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(2);

    /// <summary>The most requests that run at the same time.</summary>
    public const int MaxInFlight = 64;

    private readonly CancellationTokenSource _closed = new();
    private readonly ConcurrentDictionary<PluginBridge, PluginPage> _views = new();
    private readonly Lock _gate = new();
    private (WebSocketCloseStatus Status, string Reason)? _close;
    private ITimer? _deadline;

    /// <summary>1, 2, 3…, for the log.</summary>
    public int Number => number;

    /// <summary>What waits to be sent.</summary>
    public SendQueue Queue { get; } = new();

    /// <summary>Free places for running requests.</summary>
    public SemaphoreSlim Slots { get; } = new(MaxInFlight);

    /// <summary>Ends when the page has gone.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>This page as a plugin sees it.</summary>
    public PluginPage For(PluginBridge plugin) => _views.GetOrAdd(plugin, static (p, page) => new PluginPage(page, p), this);

    /// <summary>Queues a text; a page that does not read is closed.</summary>
    public void Send(byte[] json)
    {
        if (Queue.TryText(json)) return;
        (int count, long bytes) = Queue.WaitingTexts;
        BridgeLog.PageStalled(log, number, count, bytes);
        Close(WebSocketCloseStatus.PolicyViolation, "This page does not read.");
        Abort();
    }

    /// <summary>Closes in good order after what waits is sent. Does not wait.</summary>
    public void Close(WebSocketCloseStatus status, string reason)
    {
        lock (_gate)
        {
            if (_close is not null) return;
            _close = (status, reason);
            _deadline = time.CreateTimer(_ => Abort(), null, CloseTime, Timeout.InfiniteTimeSpan);
        }
        Queue.Complete();
    }

    /// <summary>Sends and receives until the page has gone.</summary>
    public async Task RunAsync()
    {
        Task sending = SendAllAsync();
        await ReceiveAllAsync().ConfigureAwait(false);
        await sending.ConfigureAwait(false);
        _deadline?.Dispose();
    }

    private async Task SendAllAsync()
    {
        try
        {
            while (await Queue.TakeAsync().ConfigureAwait(false) is { } item)
            {
                // Never cancelled: a cancelled send leaves half a message; Abort ends it instead.
                await socket.SendAsync(item.Bytes, item.Type, endOfMessage: true, CancellationToken.None).ConfigureAwait(false);
                Queue.Sent(item);
            }
            (WebSocketCloseStatus status, string reason) = _close ?? (WebSocketCloseStatus.NormalClosure, "");
            await socket.CloseOutputAsync(status, reason, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (IsGone(e))
        {
            Queue.Complete();
            Abort();
        }
    }

    private async Task ReceiveAllAsync()
    {
        string reason = "closed";
        try
        {
            await ReceiveMessagesAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (IsGone(e))
        {
            reason = _close?.Reason ?? e.Message;
        }
        finally
        {
            Close(WebSocketCloseStatus.NormalClosure, "");
            await _closed.CancelAsync().ConfigureAwait(false);
        }
        BridgeLog.PageGone(log, number, reason);
    }

    private async Task ReceiveMessagesAsync()
    {
        using var buffer = new ReceiveBuffer(socket);
        while (await buffer.ReceiveAsync().ConfigureAwait(false) is { } message)
        {
            if (message.TooLong)
            {
                Close(WebSocketCloseStatus.MessageTooBig, $"A message is longer than {ReceiveBuffer.LimitOf(message.Type)} bytes.");
                continue; // What the page sent meanwhile is read and not handled, until it answers the close.
            }
            if (_close is null) await dispatcher.HandleAsync(this, message, Closed).ConfigureAwait(false);
        }
    }

    /// <summary>Cuts the connection: wakes the receive loop, also when it waits in a plugin's handler.</summary>
    private void Abort()
    {
        socket.Abort();
        // Not Cancel: what others hang on this token must not run, and throw, on a timer's thread or in the midst of a publish.
        _ = _closed.CancelAsync();
    }

    private static bool IsGone(Exception e) => e is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException;
}
