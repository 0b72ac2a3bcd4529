using LanCollab.Contracts;

namespace LanCollab.Plugins.Media.Video;

/// <summary>How a viewer gets a camera.</summary>
/// <param name="Layer">The layer that is sent.</param>
/// <param name="Every">1: all frames; 2: those that others need (JPEG: every second one); from <see cref="KeyFramesOnly"/> on VP8's key frames alone.</param>
/// <param name="Reason">Why.</param>
internal readonly record struct LayerPlan(VideoLayer Layer, int Every, VideoReason Reason)
{
    /// <summary>VP8's frames need each other: below half of them only key frames are left.</summary>
    public const int KeyFramesOnly = 4;

    /// <summary>It is not the sender's layer that comes, but what the hub makes of its smallest one (<see cref="Rescaler"/>).</summary>
    public bool Rescaled { get; init; }

    /// <summary>As it was asked for.</summary>
    public static LayerPlan Whole(VideoLayer layer) => new(layer, 1, VideoReason.Wish);
}

/// <summary>
/// One viewer of one camera. Switches layers only at a key frame, so that a decoder never sees a delta frame of a size it does not
/// know. Planned by control channels and the clock, asked by the receive loop.
/// </summary>
internal sealed class Subscription(Watcher watcher)
{
    private volatile PlanBox _plan = new(new LayerPlan(VideoLayer.None, 1, VideoReason.Wish));
    private VideoLayer _current = VideoLayer.None;
    private bool _torn;
    private (VideoLayer Layer, uint Frame, bool Taken) _decided = (VideoLayer.None, 0, false);

    /// <summary>The way to the viewer.</summary>
    public Watcher Watcher { get; } = watcher;

    /// <summary>Who watches.</summary>
    public Peer To => Watcher.Peer;

    /// <summary>The layer that goes out at this moment.</summary>
    public VideoLayer Current => _current;

    /// <summary>How it is to be sent.</summary>
    public LayerPlan Plan
    {
        get => _plan.Plan;
        set => _plan = new PlanBox(value);
    }

    /// <summary>True when the packets that begin with this header are to go out. All packets of a frame share its first one's fate.</summary>
    /// <param name="header">Of the first packet of a run.</param>
    /// <param name="waits">Set when this viewer waits for a key frame of that layer.</param>
    public bool Takes(in VideoHeader header, ref bool waits)
    {
        if (header.Fragment > 0 && _decided.Layer == header.Layer && _decided.Frame == header.Frame) return _decided.Taken;
        bool taken = Decide(header, ref waits);
        if (header.Fragment == 0) _decided = (header.Layer, header.Frame, taken);
        return taken;
    }

    /// <summary>As <see cref="Takes"/>, of a picture that the hub has re-scaled.</summary>
    public bool TakesRescaled(uint frame)
    {
        LayerPlan plan = _plan.Plan;
        if (!plan.Rescaled || frame % (uint)plan.Every != 0) return false;
        _current = plan.Layer;
        return true;
    }

    private bool Decide(in VideoHeader header, ref bool waits)
    {
        LayerPlan plan = _plan.Plan;
        if (plan.Rescaled) return false;
        if (plan.Layer == VideoLayer.None) _current = VideoLayer.None;
        // After frames that were left out a decoder can go on with a key frame only.
        bool vp8 = header.Codec == VideoCodec.Vp8;
        if (vp8 && plan.Every >= LayerPlan.KeyFramesOnly) _torn = true;
        bool needsKey = _current != plan.Layer || _torn;
        if (header.Layer == plan.Layer && needsKey) BeginOrWait(header, plan, ref waits);
        if (header.Layer != _current) return false;
        if (!vp8) return header.Frame % (uint)plan.Every == 0;
        return header.Key || (!_torn && (plan.Every == 1 || !header.Droppable));
    }

    private void BeginOrWait(in VideoHeader header, in LayerPlan plan, ref bool waits)
    {
        if (header.Key && header.Fragment == 0) (_current, _torn) = (plan.Layer, header.Codec == VideoCodec.Vp8 && plan.Every >= LayerPlan.KeyFramesOnly);
        else waits |= !header.Key;
    }

    private sealed record PlanBox(LayerPlan Plan);
}
