using System.Composition;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Chat.Server;

/// <summary>The hub's half: takes lines, keeps them, tells them to the room.</summary>
[Export(typeof(IServerPlugin)), Shared]
[method: ImportingConstructor]
public sealed class ChatServer(ILogger log, TimeProvider time, Lazy<ISessions> sessions) : IServerPlugin, IAsyncDisposable
{
    private ChatStore? _store;

    /// <summary>For tests that make its disk fail.</summary>
    internal ChatStore? Store => _store;

    /// <inheritdoc />
    public Task StartAsync(IServerContext context, CancellationToken cancellationToken)
    {
        ILiveOptions<ChatOptions> options = context.Watch<ChatOptions>();
        string file = Path.Combine(context.DataDirectory, "chat.db");
        _store = new ChatStore(file, log, time);
        ChatLog.StoreOpened(log, file);
        var rooms = new ChatRooms(log);
        var writer = new LineWriter(_store, rooms, log, time);
        var hub = new ChatHub(_store, writer, rooms, new Limits(options, time, log), sessions, time);
        context.Run("write chat lines", writer.RunAsync);
        context.Run("move the chat log into its file", _store.Checkpoints.RunAsync);
        context.Run("keep the chat history small", new Housekeeping(_store, options, time, log).RunAsync);
        context.MapStream(new StreamService(ChatWire.Service, 5871) { Reading = StreamReading.Prompt }, (channel, token) => hub.ServeAsync(channel, log, token));
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _store?.Dispose();
        return ValueTask.CompletedTask;
    }
}
