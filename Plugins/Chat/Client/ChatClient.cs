using System.Composition;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Chat.Client;

/// <summary>The daemon's half: carries the page's lines to the hub and the room's lines to the page, across broken connections.</summary>
[Export(typeof(IClientPlugin)), Shared]
[method: ImportingConstructor]
public sealed class ChatClient(ILogger log, TimeProvider time) : IClientPlugin
{
    private Conversation? _conversation;
    private Outbox? _outbox;
    private volatile HubLink? _link;

    /// <inheritdoc />
    public Task StartAsync(IClientContext context, CancellationToken cancellationToken)
    {
        _outbox = new Outbox(context.Options<ChatOptions>(), time);
        IBridge bridge = context.Bridge(ChatWire.Messages);
        _conversation = new Conversation(bridge);
        bridge.On<Say>(async (say, _, token) => await SayAsync(say, token).ConfigureAwait(false));
        bridge.On<History>(async (ask, _, token) => await (_link ?? throw NotJoined()).HistoryAsync(ask, token).ConfigureAwait(false));
        context.OpenStream(ChatWire.Service, ServeAsync, ChatWire.MaxFrame);
        return Task.CompletedTask;
    }

    private Task<SayOk> SayAsync(Say say, CancellationToken cancellationToken)
    {
        Say line = say with { Text = LineRules.Text(say.Text), Key = LineRules.Key(say.Key) };
        Home home = _conversation!.Home ?? throw NotJoined();
        return _outbox!.SendAsync(line, home, cancellationToken);
    }

    private async Task ServeAsync(IChannel channel, CancellationToken cancellationToken)
    {
        _conversation!.Enter(channel.Peer ?? throw new InvalidOperationException("A chat channel is opened by members of a room."));
        var link = new HubLink(channel, _conversation, _outbox!, log, time);
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

    private static UserErrorException NotJoined() => new("not-joined", "Join a room first.");
}
