using LanCollab.Contracts;
using LanCollab.Plugins.Media.Timing;

namespace LanCollab.Plugins.Media.Video;

/// <summary>A camera that is on, and who watches it.</summary>
/// <param name="publisher">Whose camera.</param>
/// <param name="info">What the others are told.</param>
/// <param name="requests">Makes what asks the publisher for key frames of a layer.</param>
/// <param name="time">The clock.</param>
internal sealed class VideoStream(Peer publisher, VideoStarted info, Func<VideoLayer, KeyFrameRequests> requests, TimeProvider time) : IDisposable
{
    // About a second: a large JPEG has some 25 packets, 30 times a second.
    private const int Packets = 1024, PacketsOfSmall = 512;

    private readonly KeyFrameRequests[] _keyFrames = [.. Layers.All.Select(requests)];
    private readonly LayerFlow?[] _flows = new LayerFlow?[Layers.All.Length];
    private volatile Subscription[] _subscriptions = [];
    private volatile bool _isRescaled;

    /// <summary>Whose camera.</summary>
    public Peer Publisher { get; } = publisher;

    /// <summary>What the others are told.</summary>
    public VideoStarted Info { get; } = info;

    /// <summary>The hop from the publisher.</summary>
    public HopReceiver Uplink { get; } = new(time);

    /// <summary>Bits a second that the publisher's link takes, as it says; infinite: no limit is known.</summary>
    public double UplinkBits { get; set; } = double.PositiveInfinity;

    /// <summary>What the publisher was last told to encode; null: nothing yet.</summary>
    public VideoWanted? Told { get; set; }

    /// <summary>True while somebody gets it re-scaled by the hub.</summary>
    public bool IsRescaled { get => _isRescaled; set => _isRescaled = value; }

    /// <summary>Of the pictures that are re-scaled; the rescaler's.</summary>
    public FrameAssembly? Rescaling { get; set; }

    /// <summary>What was re-scaled, on its way out.</summary>
    public LayerFlow? RescaledFlow { get; set; }

    /// <summary>Which sound belongs to its pictures.</summary>
    public SyncRelay Lips { get; } = new();

    /// <summary>Who watches: a snapshot.</summary>
    public ReadOnlySpan<Subscription> Subscriptions => _subscriptions;

    /// <summary>A layer that has come; null before its first packet. The receive loop makes them.</summary>
    public LayerFlow? Flow(VideoLayer layer) => layer == VideoLayer.None ? null : _flows[(int)layer];

    /// <summary>A layer, made when it is not there.</summary>
    public LayerFlow FlowFor(VideoLayer layer) => _flows[(int)layer] ??= new LayerFlow(layer == VideoLayer.Small ? PacketsOfSmall : Packets);

    /// <summary>A person's subscription, made when it is not there. Calls must not overlap.</summary>
    public Subscription Of(Watcher watcher)
    {
        if (Array.Find(_subscriptions, s => s.Watcher == watcher) is { } known) return known;
        var subscription = new Subscription(watcher);
        _subscriptions = [.. _subscriptions, subscription];
        return subscription;
    }

    /// <summary>Sets a person's layer; one that is not sent becomes the next smaller one that is. Calls must not overlap.</summary>
    public void Set(Watcher watcher, VideoLayer layer) => Of(watcher).Plan = LayerPlan.Whole(Layers.Nearest(layer, Info.Layers));

    /// <summary>A person has gone. Calls must not overlap.</summary>
    public void Remove(Peer to) => _subscriptions = Array.FindAll(_subscriptions, s => s.To != to);

    /// <summary>Asks the publisher for a key frame, limited in rate.</summary>
    public void AskKeyFrame(VideoLayer layer) => _keyFrames[(int)layer].Ask();

    /// <summary>Gives the memory of the packets back.</summary>
    public void Clear()
    {
        foreach (LayerFlow? flow in _flows) flow?.History.Clear();
        RescaledFlow?.History.Clear();
        Rescaling?.Clear();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (KeyFrameRequests request in _keyFrames) request.Dispose();
    }
}
