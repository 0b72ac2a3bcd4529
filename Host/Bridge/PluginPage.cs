using LanCollab.Contracts;

namespace LanCollab.Host.Bridge;

/// <summary>A page as one plugin sees it: one object for each page, so that the plugin can compare by reference.</summary>
internal sealed class PluginPage(Page page, PluginBridge owner) : IPage
{
    public CancellationToken Closed => page.Closed;

    public void Send(object message) => page.Send(owner.Encode(message));

    public bool TrySend(IBinaryLane lane, ReadOnlyMemory<byte> payload) => page.Queue.TryLane(((BridgeLane)lane).Number, payload.Span);

    public ValueTask SendAsync(IBinaryLane lane, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        page.Queue.LaneAsync(((BridgeLane)lane).Number, payload, cancellationToken);
}
