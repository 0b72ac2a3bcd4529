using System.Composition;
using System.Runtime.CompilerServices;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Chat.Server;

/// <summary>The hub's half: takes lines, keeps them, tells them to the room.</summary>
[Export(typeof(IServerPlugin)), Shared]
[method: ImportingConstructor]
public sealed class ChatServer(ILogger log, TimeProvider time, Lazy<ISessions> sessions) : IServerPlugin, IAsyncDisposable
{
    private const int MaxPage = 200;

    // One bucket for each seat: a new connection does not fill it again.
    private readonly ConditionalWeakTable<Peer, TokenBucket> _buckets = [];
    private readonly ChatRooms _rooms = new(log);
    private ChatOptions _options = new();
    private ChatStore? _store;
    private LineWriter? _writer;

    /// <inheritdoc />
    public Task StartAsync(IServerContext context, CancellationToken cancellationToken)
    {
        _options = context.Options<ChatOptions>();
        string file = Path.Combine(context.DataDirectory, "chat.db");
        _store = new ChatStore(file, _options.HistoryLines);
        ChatLog.StoreOpened(log, file);
        _writer = new LineWriter(_store, _rooms, log);
        context.Run("write chat lines", _writer.RunAsync);
        context.MapStream(new StreamService(ChatWire.Service, 5871), ServeAsync);
        return Task.CompletedTask;
    }

    private async Task ServeAsync(IChannel channel, CancellationToken cancellationToken)
    {
        var messages = new MessageChannel(channel, ChatWire.Messages, log);
        Peer peer = messages.Peer;
        messages.On<Say>(async (say, token) => await SayAsync(peer, say, token).ConfigureAwait(false));
        messages.On<History>((History ask) => Page(peer, ask));
        // In the room before the first request: what is said after a page of history was read comes as an event.
        string room = RoomOf(peer);
        _rooms.Add(room, channel);
        try
        {
            await messages.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _rooms.Remove(room, channel);
        }
    }

    private async Task<SayOk> SayAsync(Peer from, Say say, CancellationToken cancellationToken)
    {
        Throttle(from);
        var line = new NewLine(RoomOf(from), LineRules.Key(say.Key), new Member(from.Id, from.Name), To(from, say.To), LineRules.Text(say.Text), time.GetUtcNow());
        Said said = await _writer!.AddAsync(line, cancellationToken).ConfigureAwait(false);
        return new SayOk(said.Seq);
    }

    private void Throttle(Peer from)
    {
        TokenBucket bucket = _buckets.GetValue(from, _ => new TokenBucket(_options.LinesPerSecond, _options.Burst, time));
        TimeSpan? wait;
        lock (bucket) wait = bucket.Take();
        if (wait is null) return;
        ChatLog.Throttled(log, from.ToString(), wait.Value);
        throw new UserErrorException("throttled", "That is too much at once; wait a moment.") { RetryAfter = wait };
    }

    private Member? To(Peer from, string? id)
    {
        if (id is null) return null;
        Peer to = sessions.Value.Members(from.Room).FirstOrDefault(member => member.Id == id)
            ?? throw new UserErrorException("no-such-member", "That person is not in the room any more.");
        return new Member(to.Id, to.Name);
    }

    private HistoryOk Page(Peer reader, History ask)
    {
        if (ask.Limit is < 1 or > MaxPage) throw new UserErrorException("bad-limit", $"A page of history has 1 to {MaxPage} lines, not {ask.Limit}.");
        if (ask is { Before: not null, After: not null }) throw new UserErrorException("bad-request", "Ask for lines before or after one, not both.");
        return _store!.Page(RoomOf(reader), reader.Name, ask);
    }

    /// <summary>A room that is spelled another way tomorrow is the same room and has its history.</summary>
    private static string RoomOf(Peer peer) => peer.Room.ToUpperInvariant();

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _store?.Dispose();
        return ValueTask.CompletedTask;
    }
}
