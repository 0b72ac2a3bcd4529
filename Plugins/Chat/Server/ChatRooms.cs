using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Chat.Server;

/// <summary>The open chat channels of each room.</summary>
internal sealed class ChatRooms(ILogger log)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, IChannel[]> _rooms = new(StringComparer.Ordinal);

    public void Add(string room, IChannel channel)
    {
        lock (_gate) _rooms[room] = [.. In(room), channel];
    }

    public void Remove(string room, IChannel channel)
    {
        lock (_gate)
        {
            IChannel[] rest = [.. In(room).Where(c => c != channel)];
            if (rest.Length > 0) _rooms[room] = rest;
            else _rooms.Remove(room);
        }
    }

    /// <summary>
    /// Hands news to everybody in the room without waiting for anybody: one encoding for those who may see it, one for the others.
    /// Whoever does not keep up is disconnected and catches up from the history.
    /// </summary>
    /// <param name="room">The room.</param>
    /// <param name="news">What happened.</param>
    /// <param name="between">The two who may see it; null: everybody. The others get its number.</param>
    public void Broadcast(string room, INews news, Pair? between)
    {
        IChannel[] channels;
        lock (_gate) channels = In(room);
        var told = new Frame(FrameKind.Json, ChatWire.Messages.Encode(news));
        Frame hidden = between is null ? told : new Frame(FrameKind.Json, ChatWire.Messages.Encode(new Hidden(news.Seq)));
        foreach (IChannel channel in channels)
            Post(channel, between is null || between.Has(channel.Peer?.Person) ? told : hidden);
    }

    /// <summary>Tells the others in the room, or one of them, that somebody is typing. It is not kept, and lost where there is no room for it.</summary>
    public void Tell(string room, Typist typist)
    {
        IChannel[] channels;
        lock (_gate) channels = In(room);
        var told = new Frame(FrameKind.Json, ChatWire.Messages.Encode(typist));
        foreach (IChannel channel in channels)
            if (channel.Peer?.Person is { } person && person != typist.Person && (typist.ToPerson is null || typist.ToPerson == person)) channel.TryPost(told);
    }

    private void Post(IChannel channel, Frame frame)
    {
        if (channel.TryPost(frame) || channel.Closed.IsCancellationRequested) return;
        ChatLog.SlowReader(log, $"{channel.Peer}");
        channel.Close("Chat lines were not read fast enough.");
    }

    private IChannel[] In(string room) => _rooms.GetValueOrDefault(room) ?? [];
}
