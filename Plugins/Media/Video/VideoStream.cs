using LanCollab.Contracts;

namespace LanCollab.Plugins.Media.Video;

/// <summary>
/// One person's wish for one stream. Switches layers only at a key frame, so that a decoder never sees a delta frame of a size it does not
/// know. Written by control channels, read by the receive loop.
/// </summary>
internal sealed class Subscription(Peer to, VideoLayer wanted)
{
    private volatile VideoLayer _wanted = wanted;
    private VideoLayer _current = VideoLayer.None;

    /// <summary>Who watches.</summary>
    public Peer To { get; } = to;

    /// <summary>The size asked for.</summary>
    public VideoLayer Wanted
    {
        get => _wanted;
        set => _wanted = value;
    }

    /// <summary>True when this packet is to go out.</summary>
    /// <param name="header">The packet's.</param>
    /// <param name="waits">Set when this person waits for a key frame of this packet's layer.</param>
    public bool Takes(in VideoHeader header, ref bool waits)
    {
        VideoLayer wanted = _wanted;
        if (wanted == VideoLayer.None) _current = VideoLayer.None;
        else if (header.Layer == wanted && _current != wanted)
        {
            if (header.Key) _current = wanted;
            else waits = true;
        }
        return header.Layer == _current;
    }
}

/// <summary>A camera that is on, and who watches it.</summary>
/// <param name="publisher">Whose camera.</param>
/// <param name="info">What the others are told.</param>
/// <param name="askLarge">Asks the publisher for a key frame of the large layer.</param>
/// <param name="askSmall">Likewise, small.</param>
internal sealed class VideoStream(Peer publisher, VideoStarted info, KeyFrameRequests askLarge, KeyFrameRequests askSmall) : IDisposable
{
    private volatile Subscription[] _subscriptions = [];

    /// <summary>Whose camera.</summary>
    public Peer Publisher { get; } = publisher;

    /// <summary>What the others are told.</summary>
    public VideoStarted Info { get; } = info;

    /// <summary>Who watches: a snapshot.</summary>
    public ReadOnlySpan<Subscription> Subscriptions => _subscriptions;

    /// <summary>Sets a person's layer; one that is not sent becomes the one that is. Calls must not overlap.</summary>
    public void Set(Peer to, VideoLayer layer)
    {
        if (layer != VideoLayer.None && !Info.Layers.Contains(layer)) layer = Info.Layers[0];
        if (Array.Find(_subscriptions, s => s.To == to) is { } known) known.Wanted = layer;
        else _subscriptions = [.. _subscriptions, new Subscription(to, layer)];
    }

    /// <summary>A person has gone. Calls must not overlap.</summary>
    public void Remove(Peer to) => _subscriptions = Array.FindAll(_subscriptions, s => s.To != to);

    /// <summary>Asks the publisher for a key frame, limited in rate.</summary>
    public void AskKeyFrame(VideoLayer layer) => (layer == VideoLayer.Small ? askSmall : askLarge).Ask();

    /// <inheritdoc />
    public void Dispose()
    {
        askLarge.Dispose();
        askSmall.Dispose();
    }
}
