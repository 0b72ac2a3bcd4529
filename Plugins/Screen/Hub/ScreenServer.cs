using System.Composition;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Screen;

/// <summary>The hub's half: one presenter in each room, and everyone's way to the current picture.</summary>
[Export(typeof(IServerPlugin)), Shared]
[method: ImportingConstructor]
public sealed class ScreenServer(ILogger log, TimeProvider time, Lazy<ISessions> sessions) : IServerPlugin, IDisposable
{
    private readonly Dictionary<string, (Room Room, int Channels)> _rooms = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private ILiveOptions<ScreenOptions> _options = null!;

    /// <inheritdoc />
    public Task StartAsync(IServerContext context, CancellationToken cancellationToken)
    {
        _options = context.Watch<ScreenOptions>();
        sessions.Value.Changed += OnChanged;
        context.MapStream(new StreamService(ScreenMessages.Service, _options.Current.Port) { MaxFrame = FrameLimits.Tiles }, ServeAsync);
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
            room.Leave(messages);
            Leave(messages.Peer.Room);
        }
    }

    private static async Task ServeAsync(MessageChannel messages, Room room, CancellationToken cancellationToken)
    {
        using var window = new UpdateWindow(required: true);
        messages
            .On<Present>(request => room.Present(messages, request.TakeOver))
            .On<Stop>(_ => room.Free(messages, "stopped"))
            .On<Shown>(_ => window.Acknowledged())
            .On<AskForStage>(wish => room.Ask(messages, wish))
            .On<GrantStage>(grant => room.Grant(messages, grant))
            .On<HandOver>(hand => room.HandOver(messages, hand.Id))
            .On<ReleaseStage>(_ => room.Release(messages))
            .On<Point>(point => room.Point(messages, point))
            .On<Draw>(draw => room.Draw(messages, draw))
            .On<UndoDrawing>(_ => room.Undo(messages))
            .On<ClearDrawings>(clear => room.Clear(messages, clear))
            .On<DeckState>(deck => room.ShowDeck(messages, deck))
            .On<AskForPage>(async (wanted, token) =>
            {
                await messages.Channel.SendAsync(new Frame(FrameKind.Binary, room.Page(wanted)), token).ConfigureAwait(false);
                return null;
            })
            .OnBinary((frame, token) => room.ReceiveAsync(messages, frame, token));
        room.Enter(messages);
        var feed = new TileFeed(room.Stage, new ChannelViewer(messages), window);
        await Pair.RunAsync(messages.RunAsync, feed.RunAsync, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (sessions.IsValueCreated) sessions.Value.Changed -= OnChanged;
    }

    private void OnChanged(Peer peer)
    {
        Room? room;
        lock (_gate) room = _rooms.TryGetValue(peer.Room, out var entry) ? entry.Room : null;
        room?.Stand(peer);
    }

    private Room Enter(string name)
    {
        lock (_gate)
        {
            (Room room, int channels) = _rooms.TryGetValue(name, out var entry) ? entry : (new Room(name, _options, time, log), 0);
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
