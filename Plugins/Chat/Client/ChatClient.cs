using System.Composition;
using LanCollab.Contracts;
using LanCollab.Plugins.Chat.Storage;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Chat.Client;

/// <summary>The daemon's half: carries the page's lines to the hub and the room's lines to the page, across broken connections.</summary>
[Export(typeof(IClientPlugin)), Shared]
[method: ImportingConstructor]
public sealed class ChatClient(ILogger log, TimeProvider time) : IClientPlugin, IAsyncDisposable
{
    private SqliteFile? _file;
    private IBridge? _bridge;
    private Conversation? _conversation;
    private Outbox? _outbox;
    private volatile HubLink? _link;

    /// <inheritdoc />
    public Task StartAsync(IClientContext context, CancellationToken cancellationToken)
    {
        ILiveOptions<ChatOptions> options = context.Watch<ChatOptions>();
        _file = ClientFile.Open(context.DataDirectory, log, time);
        _bridge = context.Bridge(ChatWire.Messages);
        _outbox = new Outbox(new Letters(_file), _bridge.Publish, () => options.Current, time);
        _conversation = new Conversation(_bridge, new ReadMarks(_file), _outbox.For);
        Serve(_bridge);
        context.OpenStream(ChatWire.Service, ServeAsync, ChatWire.MaxFrame);
        return Task.CompletedTask;
    }

    private void Serve(IBridge bridge)
    {
        bridge.On<Say>(async (say, _, token) => await SendAsync(say with { Text = LineRules.Text(say.Text) }, token).ConfigureAwait(false));
        bridge.On<Edit>(async (edit, _, token) => await SendAsync(edit with { Text = LineRules.Text(edit.Text) }, token).ConfigureAwait(false));
        bridge.On<Delete>(async (delete, _, token) => await SendAsync(delete, token).ConfigureAwait(false));
        bridge.On<React>(async (react, _, token) => await SendAsync(react with { Emoji = LineRules.Emoji(react.Emoji) }, token).ConfigureAwait(false));
        bridge.On<History>(async (ask, _, token) => await Link.AskAsync<HistoryOk>(ask, token).ConfigureAwait(false));
        bridge.On<Search>(async (ask, _, token) => await Link.AskAsync<SearchOk>(ask, token).ConfigureAwait(false));
        bridge.On<People>(async (ask, _, token) => await Link.AskAsync<PeopleOk>(ask, token).ConfigureAwait(false));
        bridge.On<Typing>((typing, _, _) => Done(() => _link?.Type(typing)));
        bridge.On<Read>((read, _, _) => Done(() => _conversation!.Read(read.Seq)));
        bridge.On<Retry>((retry, _, _) => Done(() => _outbox!.Retry(retry.Key)));
        bridge.On<Discard>((discard, _, _) => Done(() => _outbox!.Discard(discard.Key)));
        bridge.MapHttp("GET", "/chat/", (exchange, token) => new Export(Link, time).WriteAsync(exchange, token));
    }

    private Task<SayOk> SendAsync(IPost post, CancellationToken cancellationToken)
    {
        Home home = _conversation!.Home ?? throw NotJoined();
        return _outbox!.SendAsync(post.On(LineRules.Key(post.Key), after: null), home, cancellationToken);
    }

    private async Task ServeAsync(IChannel channel, CancellationToken cancellationToken)
    {
        _conversation!.Enter(channel.Peer ?? throw new InvalidOperationException("A chat channel is opened by members of a room."));
        var link = new HubLink(channel, _conversation, _outbox!, _bridge!.Publish, log, time);
        _link = link;
        try
        {
            await link.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _link = null;
        }
    }

    private HubLink Link => _link ?? throw NotJoined();

    private static ValueTask<object?> Done(Action act)
    {
        act();
        return ValueTask.FromResult<object?>(null);
    }

    private static UserErrorException NotJoined() => new("not-joined", "Join a room first.");

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _file?.Dispose();
        return ValueTask.CompletedTask;
    }
}
