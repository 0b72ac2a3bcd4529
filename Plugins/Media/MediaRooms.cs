using System.Collections.Concurrent;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Media;

/// <summary>The control channels of the hub, by person. All members may be called from any thread.</summary>
internal sealed class MediaRooms
{
    private readonly ConcurrentDictionary<Peer, MessageChannel> _channels = new();

    /// <summary>A newer channel of the same person takes the older one's place.</summary>
    public void Add(MessageChannel channel) => _channels[channel.Peer] = channel;

    /// <summary>Takes a channel out, unless a newer one has taken its place.</summary>
    public void Remove(MessageChannel channel) => _channels.TryRemove(KeyValuePair.Create(channel.Peer, channel));

    /// <summary>The channel of a person, or null.</summary>
    public MessageChannel? Of(Peer peer) => _channels.GetValueOrDefault(peer);

    /// <summary>
    /// Sends an event to everybody in a room without waiting: encoded once, and a client whose queue is full misses it, so send only
    /// what a later event replaces.
    /// </summary>
    public void Broadcast(string room, object message)
    {
        var frame = new Frame(FrameKind.Json, MediaMessages.Set.Encode(message));
        foreach ((Peer peer, MessageChannel channel) in _channels)
            if (peer.Room == room) channel.Channel.TryPost(frame);
    }
}
