using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace LanCollab.Contracts;

/// <summary>
/// Messages over a channel: requests with replies, events, binary frames, one handler for each message type. Used alike on both ends.
/// </summary>
/// <remarks>
/// Handlers run one after the other in the order of arrival: a slow one slows that peer down, nobody else. A handler must not await a
/// <see cref="RequestAsync{TReply}"/> on the same channel: its reply would wait behind the handler.
/// </remarks>
public sealed class MessageChannel(IChannel channel, MessageSet messages, ILogger log)
{
    private readonly Dictionary<string, Handler> _handlers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, TaskCompletionSource<ReadOnlyMemory<byte>>> _waiting = new();
    private Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask>? _binary;
    private Exception? _fault;
    private long _lastId;

    private sealed record Handler(Type Type, Func<object, CancellationToken, ValueTask<object?>> Handle, SemaphoreSlim? UnderWay);

    /// <summary>The channel underneath.</summary>
    public IChannel Channel { get; } = channel;

    /// <summary>Who is at the other end (on the hub).</summary>
    /// <exception cref="InvalidOperationException">The channel is anonymous.</exception>
    public Peer Peer => Channel.Peer ?? throw new InvalidOperationException("An anonymous channel has no peer.");

    /// <summary>
    /// On the hub: who sends, by whose role <see cref="NeedsAttribute"/> is checked; the channel's peer, or on an anonymous channel who has
    /// got a seat over it. Null: nothing is checked.
    /// </summary>
    public Peer? Sender { get; set; } = channel.AtHub ? channel.Peer : null;

    /// <summary>Sets the handler of a request or an event. Its result is the reply; null stands for an empty one.</summary>
    /// <exception cref="InvalidOperationException">On the hub: the message does not say who may send it.</exception>
    public MessageChannel On<T>(Func<T, CancellationToken, ValueTask<object?>> handler) where T : notnull => Add(handler, null);

    /// <summary>
    /// As <see cref="On{T}(Func{T, CancellationToken, ValueTask{object}})"/>, for a handler whose end is far away: it is called in the order of arrival, but
    /// the next message does not wait for its task, and its reply goes out when that has ended.
    /// </summary>
    /// <param name="handler">What it does before its first await keeps the order of arrival.</param>
    /// <param name="most">So many may be under way together; the next message waits, and with it the sender.</param>
    public MessageChannel OnSeveral<T>(Func<T, CancellationToken, ValueTask<object?>> handler, SemaphoreSlim most) where T : notnull => Add(handler, most);

    private MessageChannel Add<T>(Func<T, CancellationToken, ValueTask<object?>> handler, SemaphoreSlim? underWay) where T : notnull
    {
        if (Sender is not null && Permissions.Of(typeof(T)).Least is null)
            throw new InvalidOperationException($"{typeof(T).Name} does not say who may send it: it needs [Needs(Role.…)].");
        _handlers[messages.NameOf(typeof(T))] = new Handler(typeof(T), (message, token) => handler((T)message, token), underWay);
        return this;
    }

    /// <summary>Sets a handler that needs no waiting.</summary>
    public MessageChannel On<T>(Func<T, object?> handler) where T : notnull => On<T>((message, _) => ValueTask.FromResult(handler(message)));

    /// <summary>Sets a handler of an event.</summary>
    public MessageChannel On<T>(Action<T> handler) where T : notnull => On<T>((message, _) => { handler(message); return ValueTask.FromResult<object?>(null); });

    /// <summary>Sets the handler of binary frames; the memory is valid until its task ends.</summary>
    public MessageChannel OnBinary(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> handler)
    {
        _binary = handler;
        return this;
    }

    /// <summary>Sends an event; waits while the channel's queue is full.</summary>
    public ValueTask SendAsync(object message, CancellationToken cancellationToken) =>
        Channel.SendAsync(new Frame(FrameKind.Json, messages.Encode(message)), cancellationToken);

    /// <summary>Sends an event without waiting; false when the queue is full.</summary>
    public bool TryPost(object message) => Channel.TryPost(new Frame(FrameKind.Json, messages.Encode(message)));

    /// <summary>Sends a request and waits for its reply, for as long as the token allows.</summary>
    /// <exception cref="UserErrorException">The other side refused, or the channel closed (<c>connection-lost</c>).</exception>
    public async Task<TReply> RequestAsync<TReply>(object request, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> body = await RequestAsync(request, cancellationToken).ConfigureAwait(false);
        return (TReply)messages.Decode(typeof(TReply), body.Span);
    }

    /// <summary>As <see cref="RequestAsync{TReply}"/>, for a reply without a body of interest; gives its JSON.</summary>
    public async Task<ReadOnlyMemory<byte>> RequestAsync(object request, CancellationToken cancellationToken)
    {
        long id = Interlocked.Increment(ref _lastId);
        var reply = new TaskCompletionSource<ReadOnlyMemory<byte>>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = reply;
        await using var lost = Channel.Closed.Register(() => reply.TrySetException(Lost())).ConfigureAwait(false);
        try
        {
            await Channel.SendAsync(new Frame(FrameKind.Json, messages.Encode(request, id)), cancellationToken).ConfigureAwait(false);
            return await reply.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            throw Lost();
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    /// <summary>Receives and handles until the other side closes in good order.</summary>
    /// <exception cref="ProtocolErrorException">What came is no message.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await Channel.ReceiveAsync(cancellationToken).ConfigureAwait(false) is { } frame)
        {
            if (frame.Kind == FrameKind.Json) await DispatchAsync(Envelope.Read(frame.Payload), cancellationToken).ConfigureAwait(false);
            else if (_binary is not null) await _binary(frame.Payload, cancellationToken).ConfigureAwait(false);
            else throw new ProtocolErrorException("A binary frame came on a channel that takes only JSON.");
        }
        if (_fault is { } fault) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fault);
    }

    private ValueTask DispatchAsync(Envelope envelope, CancellationToken cancellationToken)
    {
        switch (envelope.Type)
        {
            case "ok" or "error" when envelope.Id is { } id:
                Settle(id, envelope);
                return ValueTask.CompletedTask;
            default:
                Handler? handler = _handlers.GetValueOrDefault(envelope.Type);
                return handler?.UnderWay is { } most ? StartAsync(envelope, handler, most, cancellationToken) : AnswerAsync(envelope, handler, cancellationToken);
        }
    }

    private async ValueTask StartAsync(Envelope envelope, Handler handler, SemaphoreSlim most, CancellationToken cancellationToken)
    {
        // Without the token, whose registration would cost more than all else here: what is under way ends with the channel, and this with that.
        await most.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        _ = FinishAsync(AnswerAsync(envelope, handler, cancellationToken), most);
    }

    // What fails here is told by RunAsync, which the end of the channel ends.
    private async Task FinishAsync(ValueTask answer, SemaphoreSlim most)
    {
        try
        {
            await answer.ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The channel has ended, and nobody waits for the reply.
        }
        catch (Exception e)
        {
            _fault ??= e;
            Channel.Close("A request failed.");
        }
        finally
        {
            most.Release();
        }
    }

    private void Settle(long id, Envelope envelope)
    {
        // A reply nobody waits for any more (cancelled meanwhile) is dropped.
        if (!_waiting.TryRemove(id, out var waiting)) return;
        if (envelope.Type == "ok") waiting.TrySetResult(envelope.Body.ToArray());
        else waiting.TrySetException(ReadError(envelope.Body));
    }

    private async ValueTask AnswerAsync(Envelope envelope, Handler? handler, CancellationToken cancellationToken)
    {
        try
        {
            object? reply = await HandleAsync(envelope, handler, cancellationToken).ConfigureAwait(false);
            if (envelope.Id is { } id)
                await Channel.SendAsync(new Frame(FrameKind.Json, messages.EncodeReply(id, reply)), cancellationToken).ConfigureAwait(false);
        }
        catch (UserErrorException e)
        {
            ContractsLog.Refused(log, envelope.Type, e.Code, e.Message);
            if (envelope.Id is { } id)
                await Channel.SendAsync(new Frame(FrameKind.Json, MessageSet.EncodeError(id, e.Code, e.Message, e.RetryAfter)), cancellationToken).ConfigureAwait(false);
        }
    }

    private ValueTask<object?> HandleAsync(Envelope envelope, Handler? entry, CancellationToken cancellationToken)
    {
        if (entry is not null)
        {
            object message = messages.Decode(entry.Type, envelope.Body.Span);
            if (Sender is { } sender) Permissions.Of(entry.Type).Check(message, sender.Role, envelope.Type);
            return entry.Handle(message, cancellationToken);
        }
        // An unknown event comes from a newer program and means nothing to us; an unknown request deserves an answer.
        return envelope.Id is null
            ? ValueTask.FromResult<object?>(null)
            : throw new UserErrorException("unknown-request", $"\"{envelope.Type}\" is not known here.");
    }

    private static UserErrorException ReadError(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            JsonElement error = json.RootElement;
            return new UserErrorException(error.GetProperty("code").GetString() ?? "error", error.GetProperty("message").GetString() ?? "")
            {
                RetryAfter = error.TryGetProperty("retryAfterMs", out JsonElement wait) && wait.TryGetInt32(out int milliseconds)
                    ? TimeSpan.FromMilliseconds(milliseconds) : null,
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return new UserErrorException("error", "The other side refused without a reason.");
        }
    }

    private static UserErrorException Lost() => new("connection-lost", "The connection to the server was lost; try again in a moment.");
}
