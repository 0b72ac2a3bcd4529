using LanCollab.Contracts;

namespace LanCollab.Host.Bridge;

/// <summary>One plugin's part of the bridge.</summary>
internal sealed class PluginBridge(string plugin, MessageSet messages, Action<Exception> fault, BridgeRegistry registry, PageList pages) : IBridge
{
    private event Action<IPage>? Connected;
    private event Action<IPage>? Disconnected;

    public void On<T>(Func<T, IPage, CancellationToken, ValueTask<object?>> handler) where T : notnull
    {
        // The body is decoded before the handler's first wait: it lies in the page's receive buffer.
        registry.Add(new BridgeRequest(plugin, TypeOf(typeof(T)), (body, page, token) =>
            handler((T)messages.Decode(typeof(T), body.Span), page.For(this), token), this));
    }

    public void Publish(object message)
    {
        if (!pages.All.IsEmpty) pages.Send(Encode(message));
    }

    public void OnConnected(Action<IPage> handler) => Connected += handler;

    public void OnDisconnected(Action<IPage> handler) => Disconnected += handler;

    public IBinaryLane Lane(string name, Func<IPage, ReadOnlyMemory<byte>, CancellationToken, ValueTask>? received = null) =>
        registry.AddLane(number => new BridgeLane(number, $"{plugin}.{name}", this, pages, received));

    public void MapHttp(string method, string prefix, Func<IHttpExchange, CancellationToken, Task> handler) =>
        registry.Add(new BridgeRoute(method, prefix, messages, handler, this));

    /// <summary>An event's JSON.</summary>
    public byte[] Encode(object message) => BridgeMessages.Event(plugin, TypeOf(message.GetType()), message, messages.JsonOf(message.GetType()));

    /// <summary>A reply's JSON.</summary>
    public byte[] EncodeReply(long id, object? reply) =>
        BridgeMessages.Ok(plugin, id, reply, reply is null ? null : messages.JsonOf(reply.GetType()));

    /// <summary>Tells the plugin of a page.</summary>
    public void PageConnected(Page page) => Call(Connected, page);

    /// <summary>Tells the plugin that a page has gone.</summary>
    public void PageDisconnected(Page page) => Call(Disconnected, page);

    /// <summary>A handler has thrown.</summary>
    public void Fault(Exception cause) => fault(cause);

    private void Call(Action<IPage>? handlers, Page page)
    {
        foreach (Action<IPage> handler in Delegate.EnumerateInvocationList(handlers))
        {
            try
            {
                handler(page.For(this));
            }
            catch (Exception e)
            {
                fault(e); // The page stays connected: the other plugins do not know of this.
            }
        }
    }

    private string TypeOf(Type message)
    {
        string name = messages.NameOf(message);
        return name.StartsWith(plugin + "/", StringComparison.Ordinal)
            ? name[(plugin.Length + 1)..]
            : throw new InvalidOperationException($"The message {name} does not belong to the plugin {plugin}.");
    }
}
