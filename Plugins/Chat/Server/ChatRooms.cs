using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Chat.Server;

/// <summary>The open chat channels of each room.</summary>
internal sealed class ChatRooms(ILogger log)
{
    /// <summary>Bytes that wait for a channel: some thousand lines, and far from what a channel's queue holds.</summary>
    private const long MuchToRead = 1024 * 1024;

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
    /// Hands news to everybody in the room without waiting for anybody. What everybody may see is encoded once, however many they are, and
    /// all that was stored together goes to each channel together: one wake-up, one write. Whoever does not keep up is disconnected and
    /// catches up from the history.
    /// </summary>
    /// <param name="room">The room.</param>
    /// <param name="news">What happened, in the order of the numbers.</param>
    public void Broadcast(string room, IReadOnlyList<News> news)
    {
        IChannel[] channels;
        lock (_gate) channels = In(room);
        if (news.Any(n => n.Between is not null))
        {
            TellApart(channels, news);
            return;
        }
        Frame[] told = Packed([.. news.Select(n => n.What)]);
        foreach (IChannel channel in channels) Post(channel, told);
    }

    private static Frame[] Packed(INews[] news)
    {
        var frames = new List<Frame>();
        for (int i = 0, run; i < news.Length; i += run)
        {
            run = LinePack.Run(news, i);
            frames.Add(Encode(run >= LinePack.Least ? LinePack.Pack(news, i, run) : news[i]));
            if (run < LinePack.Least) run = 1;
        }
        return [.. frames];
    }

    private static Frame Encode(object news) => new(FrameKind.Json, ChatWire.Messages.Encode(news));

    /// <summary>Who may not see something gets its number.</summary>
    private void TellApart(IChannel[] channels, IReadOnlyList<News> news)
    {
        Frame[] told = [.. news.Select(n => Encode(n.What))];
        Frame[] hidden = [.. news.Select((n, i) => n.Between is null ? told[i] : Encode(new Hidden(n.What.Seq)))];
        var own = new Frame[told.Length];
        foreach (IChannel channel in channels)
        {
            string? person = channel.Peer?.Person;
            for (int i = 0; i < own.Length; i++) own[i] = news[i].Between is null || news[i].Between!.Has(person) ? told[i] : hidden[i];
            Post(channel, own);
        }
    }

    /// <summary>
    /// More than half of the room has much to read yet. Then it is the hub, or the network, that is slow and not a reader, and those who
    /// speak should feel it instead of all being disconnected.
    /// </summary>
    public bool IsBehind(string room)
    {
        IChannel[] channels;
        lock (_gate) channels = In(room);
        int behind = 0;
        foreach (IChannel channel in channels)
            if (channel.Queued > MuchToRead && ++behind * 2 > channels.Length) return true;
        return false;
    }

    /// <summary>Tells the others in the room, or one of them, that somebody is typing. It is not kept, and lost where there is no room for it.</summary>
    public void Tell(string room, Typist typist)
    {
        IChannel[] channels;
        lock (_gate) channels = In(room);
        Frame told = Encode(typist);
        foreach (IChannel channel in channels)
            if (channel.Peer?.Person is { } person && person != typist.Person && (typist.ToPerson is null || typist.ToPerson == person)) channel.TryPost(told);
    }

    private void Post(IChannel channel, ReadOnlySpan<Frame> frames)
    {
        if (channel.TryPost(frames) || channel.Closed.IsCancellationRequested) return;
        ChatLog.SlowReader(log, $"{channel.Peer}");
        channel.Close("Chat lines were not read fast enough.");
    }

    private IChannel[] In(string room) => _rooms.GetValueOrDefault(room) ?? [];
}

/// <summary>What happened in a room.</summary>
/// <param name="What">For the wire.</param>
/// <param name="Between">The two who may see it; null: everybody. The others get its number.</param>
internal readonly record struct News(INews What, Pair? Between);
