using LanCollab.Contracts;

namespace LanCollab.Plugins.Media.Video;

/// <summary>A person on the hub, by their control channel: their camera, and how they display the others'. Guarded by the server's lock.</summary>
internal sealed class Viewer(MessageChannel channel, TimeProvider time)
{
    private readonly Dictionary<string, int> _heights = new(StringComparer.Ordinal);
    private readonly Dictionary<uint, LayerPlan> _told = [];

    /// <summary>The control channel.</summary>
    public MessageChannel Channel { get; } = channel;

    /// <summary>The person.</summary>
    public Peer Peer { get; } = channel.Peer;

    /// <summary>The way to this person.</summary>
    public Watcher Watcher { get; } = new(channel.Peer, time);

    /// <summary>Their camera, while it is on.</summary>
    public VideoStream? Stream { get; set; }

    /// <summary>How high they display somebody's camera, in pixels. Who does not say gets large.</summary>
    public int HeightOf(string person) => _heights.GetValueOrDefault(person, Layers.HeightOf(VideoLayer.Large));

    /// <summary>They say how high.</summary>
    public void SetHeight(string person, int height) => _heights[person] = height;

    /// <summary>True when they were not told that yet.</summary>
    public bool IsNews(VideoStream stream, LayerPlan plan)
    {
        if (_told.TryGetValue(stream.Info.Stream, out LayerPlan told) && told == plan) return false;
        _told[stream.Info.Stream] = plan;
        return true;
    }

    /// <summary>A camera is off.</summary>
    public void Forget(VideoStream stream) => _told.Remove(stream.Info.Stream);

    /// <summary>Somebody has gone.</summary>
    public void Forget(Peer person) => _heights.Remove(person.Id);
}
