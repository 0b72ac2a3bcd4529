using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>Everybody in a room with a channel, and how they are told things. Not for two threads at a time.</summary>
internal sealed class Audience
{
    private const int Colours = 8;

    private readonly List<MessageChannel> _channels = [];
    private readonly Dictionary<string, int> _colours = new(StringComparer.Ordinal);

    /// <summary>Somebody's newest channel; null when they have none.</summary>
    public MessageChannel? Of(string id) => _channels.FindLast(channel => channel.Peer.Id == id);

    public void Add(MessageChannel channel) => _channels.Add(channel);

    public void Remove(MessageChannel channel) => _channels.Remove(channel);

    /// <summary>Tells everybody. Who does not read loses the channel, and learns everything again when it is back.</summary>
    public void Tell(object message)
    {
        foreach (MessageChannel channel in _channels) Tell(channel, message);
    }

    /// <summary>Tells one.</summary>
    public static void Tell(MessageChannel channel, object message)
    {
        if (!channel.TryPost(message)) channel.Channel.Close("The channel was not read.");
    }

    /// <summary>Tells all others what passes by itself; who does not read misses it.</summary>
    public void TellOthers(MessageChannel sender, object message)
    {
        foreach (MessageChannel channel in _channels)
            if (channel != sender) channel.TryPost(message);
    }

    /// <summary>A person's colour: the same for as long as the room is there, whatever their seat.</summary>
    public int ColourOf(Peer peer)
    {
        if (!_colours.TryGetValue(peer.Person, out int colour)) _colours[peer.Person] = colour = _colours.Count % Colours;
        return colour;
    }
}
