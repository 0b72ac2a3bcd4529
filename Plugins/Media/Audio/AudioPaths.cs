using LanCollab.Contracts;
using LanCollab.Plugins.Media.Audio.Mix;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>
/// The hub's ways to its listeners: datagrams, or binary frames on the control channel for those who have reported that UDP does not get through.
/// The payload is the same. On TLS sound waits behind sound: of more than a third of a second the newest is dropped.
/// </summary>
internal sealed class AudioPaths(IServerDatagrams datagrams, Mixer mixer, MediaRooms rooms) : IServerDatagrams
{
    /// <summary>Bytes that may wait in a channel.</summary>
    public const int MostQueued = 4096;

    /// <inheritdoc />
    public bool TrySend(Peer to, ReadOnlySpan<byte> payload) =>
        mixer.Find(to) is { Report.Tunnel: true } ? TryTunnel(rooms.Of(to)?.Channel, payload) : datagrams.TrySend(to, payload);

    /// <summary>Sends over TLS; false when too much waits.</summary>
    public static bool TryTunnel(IChannel? channel, ReadOnlySpan<byte> payload) =>
        channel is { Queued: < MostQueued } && channel.TryPost(new Frame(FrameKind.Binary, payload.ToArray()));
}
