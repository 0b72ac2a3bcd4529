using System.Collections.Concurrent;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Media.Video;

/// <summary>The hub's hot path: a packet of a camera goes, unchanged, to those who watch it. Allocates nothing per packet.</summary>
internal sealed class VideoForwarder(ILogger log)
{
    private readonly ConcurrentDictionary<uint, VideoStream> _streams = new();

    /// <summary>Packets passed on, counted once for each receiver.</summary>
    public long Forwarded { get; private set; }

    /// <summary>Packets with the number of somebody else's stream.</summary>
    public long Forged { get; private set; }

    /// <summary>Packets that are none, or of a stream that is not there (any more).</summary>
    public long Dropped { get; private set; }

    /// <summary>From now on the stream's packets are passed on.</summary>
    public void Add(VideoStream stream) => _streams[stream.Info.Stream] = stream;

    /// <summary>From now on they are dropped.</summary>
    public void Remove(VideoStream stream) => _streams.TryRemove(stream.Info.Stream, out _);

    /// <summary>Takes a packet off the wire; called on the receive loop.</summary>
    public void Receive(IServerDatagrams datagrams, Peer from, ReadOnlySpan<byte> packet)
    {
        if (!VideoHeader.TryReadPacket(packet, out VideoHeader header) || !_streams.TryGetValue(header.Stream, out VideoStream? stream)) Dropped++;
        else if (stream.Publisher != from) CountForged(from, header.Stream);
        else if (header.Codec != stream.Info.Codec) Dropped++;
        else Forward(datagrams, stream, header, packet);
    }

    private void Forward(IServerDatagrams datagrams, VideoStream stream, in VideoHeader header, ReadOnlySpan<byte> packet)
    {
        bool waits = false;
        foreach (Subscription subscription in stream.Subscriptions)
            if (subscription.Takes(header, ref waits) && datagrams.TrySend(subscription.To, packet)) Forwarded++;
        if (waits) stream.AskKeyFrame(header.Layer);
    }

    // The first one is worth a line; a flood of them is not.
    private void CountForged(Peer from, uint stream)
    {
        Forged++;
        if (long.IsPow2(Forged)) VideoLog.Forged(log, from, stream, Forged);
    }
}
