namespace LanCollab.Contracts;

/// <summary>
/// A plugin's part of the bridge between the daemon and the pages that are open on it. Text messages are
/// <c>{"plugin":"chat","type":"say","id":7,"body":{…}}</c>; a message named <c>chat/say</c> is plugin <c>chat</c>, type <c>say</c>.
/// </summary>
public interface IBridge
{
    /// <summary>
    /// Sets the handler of a request from a page or a script. Its result is the body of <c>ok</c>; null stands for an empty one. A
    /// <see cref="UserErrorException"/> becomes <c>error</c>. Requests of one page are handled at the same time, not one after the other.
    /// </summary>
    void On<T>(Func<T, IPage, CancellationToken, ValueTask<object?>> handler) where T : notnull;

    /// <summary>Sends an event to every page, in order. A page that does not read is closed, not waited for.</summary>
    void Publish(object message);

    /// <summary>Called for each page that connects, before its requests are handled: send it what it needs to draw the present state.</summary>
    void OnConnected(Action<IPage> handler);

    /// <summary>Called when a page has gone (closed, reloaded, crashed).</summary>
    void OnDisconnected(Action<IPage> handler);

    /// <summary>A binary channel of this plugin, <c>u8 channel | payload</c>; the page is told its number at connect as <c>plugin.name</c>.</summary>
    /// <param name="name">For example <c>tiles</c>.</param>
    /// <param name="received">
    /// Called for each message of a page, one page at a time in order; the memory is valid until the task ends, and the page's other messages wait for it.
    /// </param>
    IBinaryLane Lane(string name, Func<IPage, ReadOnlyMemory<byte>, CancellationToken, ValueTask>? received = null);

    /// <summary>Serves HTTP requests below a path, for bodies that do not belong into a WebSocket.</summary>
    /// <param name="method">GET, PUT, …</param>
    /// <param name="prefix">For example <c>/files/</c>; the rest of the path is <see cref="IHttpExchange.Rest"/>.</param>
    /// <param name="handler">A <see cref="UserErrorException"/> thrown before the body starts becomes status 400 with its JSON.</param>
    void MapHttp(string method, string prefix, Func<IHttpExchange, CancellationToken, Task> handler);
}

/// <summary>One open page, or a script on the bridge. Compare by reference.</summary>
public interface IPage
{
    /// <summary>Sends an event to this page only.</summary>
    void Send(object message);

    /// <summary>Sends on a lane to this page only; false when its queue is full and the message was dropped.</summary>
    bool TrySend(IBinaryLane lane, ReadOnlyMemory<byte> payload);

    /// <summary>Sends on a lane to this page only; waits while its queue is full.</summary>
    /// <exception cref="OperationCanceledException">The token ended, or the page has gone.</exception>
    ValueTask SendAsync(IBinaryLane lane, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);

    /// <summary>Ends when the page has gone.</summary>
    CancellationToken Closed { get; }
}

/// <summary>A plugin's binary channel to the pages.</summary>
public interface IBinaryLane
{
    /// <summary>Sends to every page without waiting; a page whose queue is full misses this message. The payload is copied or must not change.</summary>
    void Publish(ReadOnlyMemory<byte> payload);
}
