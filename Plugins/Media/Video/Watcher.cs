using LanCollab.Contracts;

namespace LanCollab.Plugins.Media.Video;

/// <summary>The hub's way to one viewer.</summary>
internal sealed class Watcher(Peer peer, TimeProvider time) : Hop(time)
{
    /// <summary>Who watches.</summary>
    public Peer Peer { get; } = peer;
}
