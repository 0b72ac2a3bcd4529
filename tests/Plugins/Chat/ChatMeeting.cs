using LanCollab.Plugins.Chat;
using LanCollab.Plugins.Chat.Client;
using LanCollab.Plugins.Chat.Server;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Chat;

/// <summary>A hub with the chat service, and people with daemons.</summary>
public sealed class ChatMeeting : IAsyncDisposable
{
    private readonly ChatServer _server;

    public ChatMeeting(IReadOnlyDictionary<string, string?>? settings = null, int capacity = 1024)
    {
        Hub = new InMemoryHub(settings, capacity);
        _server = new ChatServer(Hub.Log, Hub.Time, Hub.Sessions.Lazy);
    }

    public InMemoryHub Hub { get; }

    public string File => Path.Combine(Hub.Server.DataDirectory, "chat.db");

    /// <summary>The hub's connection that writes.</summary>
    public Microsoft.Data.Sqlite.SqliteConnection Writer => _server.Store!.Writer;

    public static async Task<ChatMeeting> StartAsync(params (string Key, string Value)[] settings)
    {
        var meeting = new ChatMeeting(settings.ToDictionary(s => s.Key, s => (string?)s.Value));
        await meeting.StartAsync();
        return meeting;
    }

    public Task StartAsync() => Hub.Server.StartAsync(_server);

    /// <summary>A person whose page has got the first page of history.</summary>
    public async Task<TestClientContext> JoinAsync(string name, string room = "room")
    {
        TestClientContext client = Hub.NewClient(name);
        await client.StartAsync(new ChatClient(Hub.Log, Hub.Time));
        await client.JoinAs(name, room);
        await client.Page.WaitAsync<HistoryLoaded>();
        return client;
    }

    /// <summary>A person who speaks to the service without a daemon of ours.</summary>
    public async Task<MessageChannel> ConnectAsync(string name, string? person = null)
    {
        TestClientContext client = Hub.NewClient(name);
        Peer seat = Hub.NewPeer(name);
        await client.JoinAs(new Peer(seat.Id, seat.Name, seat.Room, person));
        IChannel channel = await client.ConnectAsync("chat", ChatWire.MaxFrame, TestContext.Current.CancellationToken);
        var messages = new MessageChannel(channel, ChatWire.Messages, Hub.Log);
        client.Run("receive", messages.RunAsync);
        return messages;
    }

    public static Task<SayOk> SayAsync(TestClientContext client, string text, string? to = null) => client.Page.RequestAsync<SayOk>(new Say(text, to));

    public static async Task SayAllAsync(TestClientContext client, int count)
    {
        for (int i = 1; i <= count; i++) await SayAsync(client, $"line {i}");
    }

    /// <summary>The lines a page has got as events, once there are so many.</summary>
    public static async Task<IReadOnlyList<Said>> LinesAsync(TestClientContext client, int count)
    {
        await client.Page.First.Events.UntilAsync(events => events.OfType<Said>().Count() >= count);
        return client.Page.Events<Said>();
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        await _server.DisposeAsync();
    }
}
