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
    /// Hands a line to everybody in its room without waiting for anybody: one encoding for those who may see it, one for the others.
    /// Whoever does not keep up is disconnected and catches up from the history.
    /// </summary>
    public void Broadcast(string room, Said line)
    {
        IChannel[] channels;
        lock (_gate) channels = In(room);
        var said = new Frame(FrameKind.Json, ChatWire.Messages.Encode(line));
        Frame hidden = line.ToName is null ? said : new Frame(FrameKind.Json, ChatWire.Messages.Encode(new Hidden(line.Seq)));
        foreach (IChannel channel in channels)
            Post(channel, line.IsVisibleTo(channel.Peer?.Name) ? said : hidden);
    }

    private void Post(IChannel channel, Frame frame)
    {
        if (channel.TryPost(frame) || channel.Closed.IsCancellationRequested) return;
        ChatLog.SlowReader(log, $"{channel.Peer}");
        channel.Close("Chat lines were not read fast enough.");
    }

    private IChannel[] In(string room) => _rooms.GetValueOrDefault(room) ?? [];
}

internal static class SaidVisibility
{
    /// <summary>A direct line is for the two names on it: ids change when a person joins again, and the line shall stay theirs.</summary>
    public static bool IsVisibleTo(this Said line, string? name) => line.ToName is null || line.Name == name || line.ToName == name;
}
