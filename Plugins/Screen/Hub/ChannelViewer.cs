using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>A person in the room, seen from the hub.</summary>
internal sealed class ChannelViewer(MessageChannel messages) : IViewer
{
    public ValueTask TellAsync(Presenter who, CancellationToken cancellationToken) => messages.SendAsync(who, cancellationToken);

    public bool Wants(Scene scene) => scene.Who.Id != messages.Peer.Id;

    public ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken) =>
        messages.Channel.SendAsync(new Frame(FrameKind.Binary, frame), cancellationToken);
}
