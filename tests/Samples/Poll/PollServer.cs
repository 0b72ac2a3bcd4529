using System.Composition;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Poll;

/// <summary>The hub's half: asks, counts, tells everybody in the room. A room's polls live as long as somebody is in it.</summary>
[Export(typeof(IServerPlugin)), Shared]
[method: ImportingConstructor]
public sealed class PollServer(ILogger log) : IServerPlugin
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, PollRoom> _rooms = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public Task StartAsync(IServerContext context, CancellationToken cancellationToken)
    {
        context.MapStream(new StreamService(PollWire.Service, context.Options<PollOptions>().Port), ServeAsync);
        return Task.CompletedTask;
    }

    private async Task ServeAsync(IChannel channel, CancellationToken cancellationToken)
    {
        var messages = new MessageChannel(channel, PollWire.Messages, log);
        PollRoom room = Enter(messages);
        messages.On((Ask ask) => { lock (_gate) room.Ask(messages.Peer, ask); });
        messages.On((Vote vote) => { lock (_gate) room.Vote(messages.Peer, vote); });
        try
        {
            await messages.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave(room, messages);
        }
    }

    private PollRoom Enter(MessageChannel member)
    {
        lock (_gate)
        {
            if (!_rooms.TryGetValue(member.Peer.Room, out PollRoom? room)) _rooms[member.Peer.Room] = room = new PollRoom();
            room.Add(member);
            return room;
        }
    }

    private void Leave(PollRoom room, MessageChannel member)
    {
        lock (_gate)
        {
            room.Remove(member);
            if (room.IsEmpty) _rooms.Remove(member.Peer.Room);
        }
    }
}
