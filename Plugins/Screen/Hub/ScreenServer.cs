using System.Composition;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Screen;

/// <summary>The hub's half: one presenter in each room, and everyone's way to the current picture.</summary>
[Export(typeof(IServerPlugin)), Shared]
[method: ImportingConstructor]
public sealed class ScreenServer(ILogger log) : IServerPlugin
{
    private readonly Dictionary<string, (Room Room, int Channels)> _rooms = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private long _maxPicture;

    /// <inheritdoc />
    public Task StartAsync(IServerContext context, CancellationToken cancellationToken)
    {
        var options = context.Options<ScreenOptions>();
        _maxPicture = options.MaxPictureMiB * 1024L * 1024;
        context.MapStream(new StreamService(ScreenMessages.Service, options.Port) { MaxFrame = FrameLimits.Tiles }, ServeAsync);
        return Task.CompletedTask;
    }

    private async Task ServeAsync(IChannel channel, CancellationToken cancellationToken)
    {
        var messages = new MessageChannel(channel, ScreenMessages.Set, log);
        Room room = Enter(messages.Peer.Room);
        try
        {
            await ServeAsync(messages, room, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            room.Free(messages, "the channel has closed");
            Leave(messages.Peer.Room);
        }
    }

    private static async Task ServeAsync(MessageChannel messages, Room room, CancellationToken cancellationToken)
    {
        using var window = new UpdateWindow(required: true);
        messages
            .On<Present>(_ => room.Present(messages))
            .On<Stop>(_ => room.Free(messages, "stopped"))
            .On<Shown>(_ => window.Acknowledged())
            .OnBinary((frame, token) => room.ReceiveAsync(messages, frame, token));
        var feed = new TileFeed(room.Stage, new ChannelViewer(messages), window);
        await Pair.RunAsync(messages.RunAsync, feed.RunAsync, cancellationToken).ConfigureAwait(false);
    }

    private Room Enter(string name)
    {
        lock (_gate)
        {
            (Room room, int channels) = _rooms.TryGetValue(name, out var entry) ? entry : (new Room(name, _maxPicture, log), 0);
            _rooms[name] = (room, channels + 1);
            return room;
        }
    }

    private void Leave(string name)
    {
        lock (_gate)
        {
            (Room room, int channels) = _rooms[name];
            if (channels == 1) _rooms.Remove(name);
            else _rooms[name] = (room, channels - 1);
        }
    }
}
