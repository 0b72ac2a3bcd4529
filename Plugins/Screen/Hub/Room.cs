using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Screen;

/// <summary>One room on the hub: who has the slot, and the stage that everybody in it looks at.</summary>
internal sealed class Room(string name, long maxPicture, ILogger log)
{
    private readonly Lock _gate = new();
    private (MessageChannel Owner, TilePicture Picture)? _current;
    private long _presentations;

    /// <summary>What the room sees.</summary>
    public Stage Stage { get; } = new();

    /// <summary>Gives the slot to a channel.</summary>
    /// <exception cref="UserErrorException"><c>busy</c>: another person has it.</exception>
    public Granted Present(MessageChannel channel)
    {
        lock (_gate)
        {
            // The same person on a new channel takes over: the hub may not have noticed yet that the old one is dead.
            if (_current is { } current && current.Owner.Peer.Id != channel.Peer.Id)
                throw new UserErrorException("busy", $"{current.Owner.Peer.Name} is presenting; ask them to stop first.");
            var picture = new TilePicture(maxPicture);
            _current = (channel, picture);
            _presentations++;
            Stage.Show(new Presenter(channel.Peer.Id, channel.Peer.Name, _presentations), picture);
            ScreenLog.Presents(log, channel.Peer.Name, name, _presentations);
            return new Granted(_presentations);
        }
    }

    /// <summary>Frees the slot, if this channel has it.</summary>
    public void Free(MessageChannel channel, string reason)
    {
        lock (_gate)
        {
            if (_current?.Owner != channel) return;
            _current = null;
            Stage.Clear();
            ScreenLog.Stopped(log, channel.Peer.Name, name, reason);
        }
    }

    /// <summary>Takes tiles from the presenter, and acknowledges each complete update.</summary>
    /// <exception cref="ProtocolErrorException">They are wrong, or somebody else presents.</exception>
    public async ValueTask ReceiveAsync(MessageChannel channel, ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        TilePicture picture = PictureOf(channel);
        TileGrid before = picture.Grid;
        if (!picture.Apply(frame.Span)) return;
        if (picture.Grid != before) ScreenLog.Size(log, name, picture.Grid.Width, picture.Grid.Height);
        await channel.SendAsync(new Shown(picture.Number), cancellationToken).ConfigureAwait(false);
    }

    private TilePicture PictureOf(MessageChannel channel)
    {
        lock (_gate)
            return _current is { } current && current.Owner == channel
                ? current.Picture
                : throw new ProtocolErrorException($"Tiles came from {channel.Peer.Name}, who does not present.");
    }
}
