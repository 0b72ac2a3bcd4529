using System.Collections.Concurrent;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Media.Video;

/// <summary>
/// The hub's hot path: the packets of a camera go, undecoded, to those who watch it, as many of a frame in one call as have come. Allocates nothing
/// per packet.
/// </summary>
/// <param name="log">Where forged packets are told of.</param>
/// <param name="time">The clock.</param>
/// <param name="maxWidth">Widest picture that is passed on, in pixels.</param>
/// <param name="maxHeight">Highest one.</param>
/// <param name="rescaler">Gets the packets of cameras that somebody gets re-scaled; null: nobody does.</param>
internal sealed class VideoForwarder(ILogger log, TimeProvider time, int maxWidth = VideoHeader.MaxSide, int maxHeight = VideoHeader.MaxSide, Rescaler? rescaler = null)
{
    // A run whose end was lost waits no longer than this for it.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(2);

    private readonly ConcurrentDictionary<uint, VideoStream> _streams = new();
    private readonly ConcurrentDictionary<Peer, Watcher> _watchers = new();
    private readonly Lock _gate = new();
    // Some seconds of them.
    private const int RescaledPackets = 64;

    private readonly byte[] _packet = new byte[DatagramLimits.MaxPayload];
    private readonly uint[] _asked = new uint[VideoFeedback.MaxItems * 17];

    /// <summary>Packets passed on, counted once for each receiver.</summary>
    public long Forwarded { get; private set; }

    /// <summary>Packets that the operating system did not take, or for people whose address is unknown.</summary>
    public long Unsent { get; private set; }

    /// <summary>Packets with the number of somebody else's stream.</summary>
    public long Forged { get; private set; }

    /// <summary>Packets that are none, or of a stream that is not there (any more), or of another codec or a larger picture than allowed.</summary>
    public long Dropped { get; private set; }

    /// <summary>Frames whose bytes are not what their header says.</summary>
    public long Lies { get; private set; }

    /// <summary>True while there is no stream.</summary>
    public bool IsIdle => _streams.IsEmpty;

    /// <summary>From now on the stream's packets are passed on.</summary>
    public void Add(VideoStream stream) => _streams[stream.Info.Stream] = stream;

    /// <summary>From now on they are dropped, and what was kept of them is forgotten; not while the receive loop is at it.</summary>
    public void Remove(VideoStream stream)
    {
        lock (_gate)
        {
            _streams.TryRemove(stream.Info.Stream, out _);
            stream.Clear();
        }
    }

    /// <summary>From now on this viewer's feedback is listened to.</summary>
    public void Add(Watcher watcher) => _watchers[watcher.Peer] = watcher;

    /// <summary>From now on it is not.</summary>
    public void Remove(Watcher watcher) => _watchers.TryRemove(KeyValuePair.Create(watcher.Peer, watcher));

    /// <summary>Takes a packet off the wire; called on the receive loop.</summary>
    public void Receive(IServerDatagrams datagrams, Peer from, ReadOnlySpan<byte> packet)
    {
        lock (_gate)
        {
            if (VideoFeedback.Is(packet)) Answer(datagrams, from, packet);
            else if (!VideoHeader.TryReadPacket(packet, out VideoHeader header) || !_streams.TryGetValue(header.Stream, out VideoStream? stream)) Dropped++;
            else if (stream.Publisher != from) CountForged(from, header.Stream);
            else if (header.Codec != stream.Info.Codec || header.Width > maxWidth || header.Height > maxHeight) Dropped++;
            else if (header.Fragment == 0 && !FrameStart.Fits(header, packet[VideoHeader.Bytes..])) Lies++;
            else Take(datagrams, stream, header, packet);
        }
    }

    /// <summary>Asks senders for what did not reach the hub, and with <paramref name="report"/> tells them how it goes; every few milliseconds.</summary>
    public void Review(IServerDatagrams datagrams, bool report)
    {
        // Sent when the lock is free again: whoever takes it may be sending to the hub at this moment, under a lock of its own.
        List<(Peer To, byte[] Feedback)> due = [];
        lock (_gate)
        {
            foreach ((_, VideoStream stream) in _streams)
                stream.Uplink.Review(report, TimeSpan.Zero, payload =>
                {
                    due.Add((stream.Publisher, payload.ToArray()));
                    return true;
                });
        }
        foreach ((Peer to, byte[] feedback) in due) datagrams.TrySend(to, feedback);
    }

    /// <summary>Sends runs whose end does not come; every few milliseconds.</summary>
    public void Flush(IServerDatagrams datagrams)
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            foreach ((_, VideoStream stream) in _streams)
                foreach (VideoLayer layer in Layers.All)
                    if (stream.Flow(layer) is { Waiting: > 0 } flow && time.GetElapsedTime(flow.Since, now) >= LongestWait) Send(datagrams, stream, flow, now);
        }
    }

    /// <summary>A picture that was re-scaled goes out to those whose plan says so; called on the rescaler's thread.</summary>
    public void Pass(IServerDatagrams datagrams, VideoStream stream, in VideoHeader header, ReadOnlySpan<byte> jpeg)
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            // It may have ended meanwhile, its memory given back.
            if (!_streams.TryGetValue(stream.Info.Stream, out VideoStream? there) || there != stream) return;
            LayerFlow flow = stream.RescaledFlow ??= new LayerFlow(RescaledPackets);
            for (int i = 0; i < Fragmenter.Count(jpeg.Length); i++)
            {
                VideoHeader fragment = header with { Fragment = (ushort)i, Fragments = (ushort)Fragmenter.Count(jpeg.Length) };
                ReadOnlySpan<byte> packet = _packet.AsSpan(0, Fragmenter.Write(header, jpeg, i, _packet));
                if (flow.BreaksRun(fragment)) Send(datagrams, stream, flow, now);
                if (flow.Add(fragment, packet, now)) Send(datagrams, stream, flow, now);
            }
        }
    }

    private void Take(IServerDatagrams datagrams, VideoStream stream, in VideoHeader header, ReadOnlySpan<byte> packet)
    {
        if (!stream.Uplink.Note(header.Packet)) return;
        if (stream.IsRescaled) rescaler?.Add(stream, header, packet[VideoHeader.Bytes..]);
        LayerFlow flow = stream.FlowFor(header.Layer);
        long now = time.GetTimestamp();
        if (flow.BreaksRun(header)) Send(datagrams, stream, flow, now);
        if (flow.Add(header, packet, now)) Send(datagrams, stream, flow, now);
    }

    private void Send(IServerDatagrams datagrams, VideoStream stream, LayerFlow flow, long now)
    {
        bool waits = false, rescaled = flow == stream.RescaledFlow;
        (uint first, int count) = (flow.FirstSerial, flow.Waiting);
        flow.Sent();
        ReadOnlySpan<byte> run = flow.History.Run(first, count);
        foreach (Subscription subscription in stream.Subscriptions)
        {
            if (rescaled ? !subscription.TakesRescaled(flow.First.Frame) : !subscription.Takes(flow.First, ref waits)) continue;
            subscription.Watcher.Number(flow.History, first, count, now);
            if (datagrams.TrySendMany(subscription.To, run, PacketHistory.Stride)) Forwarded += count;
            else Unsent += count;
        }
        if (waits) stream.AskKeyFrame(flow.First.Layer);
    }

    private void Answer(IServerDatagrams datagrams, Peer from, ReadOnlySpan<byte> packet)
    {
        if (!_watchers.TryGetValue(from, out Watcher? watcher)) Dropped++;
        else if (VideoFeedback.TryReadReport(packet, out ReceiverReport report)) watcher.Report(report);
        else if (VideoFeedback.ReadNack(packet, _asked) is >= 0 and var count) watcher.Resend(_asked.AsSpan(0, count), again => datagrams.TrySend(from, again));
        else Dropped++;
    }

    // The first one is worth a line; a flood of them is not.
    private void CountForged(Peer from, uint stream)
    {
        Forged++;
        if (long.IsPow2(Forged)) VideoLog.Forged(log, from, stream, Forged);
    }
}
