using LanCollab.Plugins.Chat;
using LanCollab.Plugins.Chat.Client;
using LanCollab.Plugins.Chat.Storage;
using LanCollab.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Chat;

public sealed class OutboxTests : IDisposable
{
    private static readonly Home Room = new("room", "store");
    private readonly FakeTimeProvider _time = new();
    private readonly TempFolder _folder = new();
    private readonly Recorded<string> _requests = new("a request");
    private readonly Recorded<object> _told = new("an event");
    private SqliteFile _file;
    private Outbox _outbox;

    public OutboxTests() => (_file, _outbox) = Open();

    [Fact]
    public async Task It_waits_as_long_as_the_throttle_says_and_loses_no_line()
    {
        Task<SayOk> first = SendAsync("one"), second = SendAsync("two");
        using var ends = new CancellationTokenSource();
        Task delivering = DeliverAsync((say, n) => n == 1 ? Refuse("throttled", TimeSpan.FromSeconds(1)) : n == 2 ? Refuse("out-of-order") : Take(say), ends.Token);
        await _told.WaitAsync(e => e is Queued { RetryAfterMs: 1000 });
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(["one", "two after one"], _requests.All);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await Task.WhenAll(first, second);
        Assert.Equal(["one", "two after one", "one", "two after one"], _requests.All);
        await EndAsync(delivering, ends);
    }

    [Fact]
    public async Task A_line_whose_channel_broke_is_the_first_on_the_next_one()
    {
        Task<SayOk> first = SendAsync("one"), second = SendAsync("two");
        var lost = await Assert.ThrowsAsync<UserErrorException>(() => DeliverAsync((_, _) => Refuse("connection-lost"), default));
        Assert.Equal("connection-lost", lost.Code);
        using var ends = new CancellationTokenSource();
        Task delivering = DeliverAsync((say, _) => Take(say), ends.Token);
        await Task.WhenAll(first, second);
        Assert.Equal(["one", "two after one", "one", "two after one"], _requests.All);
        await EndAsync(delivering, ends);
    }

    [Fact]
    public async Task A_line_that_is_refused_stays_and_those_behind_it_go_on()
    {
        Task<SayOk> first = SendAsync("one"), second = SendAsync("two");
        using var ends = new CancellationTokenSource();
        Task delivering = DeliverAsync((say, n) => n switch { 1 => Refuse("disk-full"), 2 => Refuse("out-of-order"), _ => Take(say) }, ends.Token);
        Assert.Equal("disk-full", (await Assert.ThrowsAsync<UserErrorException>(() => first)).Code);
        await second;
        Assert.Equal(["one", "two after one", "two"], _requests.All);
        Queued stays = Assert.Single(_outbox.For(Room).Items);
        Assert.Equal(("one", "Refused."), (stays.Say!.Text, stays.Error));
        _outbox.Retry(stays.Key);
        await _told.WaitAsync(e => e is Dropped dropped && dropped.Key == stays.Key);
        Assert.Empty(_outbox.For(Room).Items);
        await EndAsync(delivering, ends);
    }

    [Fact]
    public async Task What_was_typed_survives_the_end_of_the_daemon()
    {
        _ = SendAsync("one");
        _ = _outbox.SendAsync(new Edit(3, "better", "edit"), Room, default);
        // Not closed: as a killed daemon leaves it.
        (SqliteFile before, (_file, _outbox)) = (_file, Open());
        Assert.Equal(["key one", "edit"], _outbox.For(Room).Items.Select(item => item.Key));
        using var ends = new CancellationTokenSource();
        Task delivering = DeliverAsync((say, _) => Take(say), ends.Token);
        await _told.WaitAsync(e => e is Dropped { Key: "edit" });
        Assert.Equal(["one", "better after one"], _requests.All);
        await EndAsync(delivering, ends);
        before.Dispose();
    }

    [Fact]
    public async Task More_are_under_way_than_one_and_never_more_than_the_window()
    {
        Task[] all = [.. Enumerable.Range(1, 100).Select(n => (Task)SendAsync($"{n}"))];
        var gate = new TaskCompletionSource();
        using var ends = new CancellationTokenSource();
        Task delivering = DeliverAsync(async (say, _) => { await gate.Task; return await Take(say); }, ends.Token);
        await _requests.WaitCountAsync(32);
        Assert.Equal(32, _requests.Count);
        gate.SetResult();
        await Task.WhenAll(all);
        Assert.Equal(Enumerable.Range(1, 100).Select(n => $"{n}"), _requests.All.Select(r => r.Split(' ')[0]));
        await EndAsync(delivering, ends);
    }

    private (SqliteFile, Outbox) Open()
    {
        SqliteFile file = ClientFile.Open(_folder.Path, new TestLog(), _time);
        return (file, new Outbox(new Letters(file), _told.Add, () => new ChatOptions(), _time));
    }

    private Task<SayOk> SendAsync(string text) => _outbox.SendAsync(new Say(text, Key: $"key {text}"), Room, default);

    private Task DeliverAsync(Func<object, int, Task<SayOk>> answer, CancellationToken cancellationToken) => new Delivery(_outbox, (post, _) =>
    {
        _requests.Add($"{(post as Say)?.Text ?? ((Edit)post).Text}{(((IPost)post).After is { } after ? $" after {after.Split(' ')[1]}" : "")}");
        return answer(post, _requests.Count);
    }, _time).RunAsync(() => Room, cancellationToken);

    private static async Task EndAsync(Task delivering, CancellationTokenSource ends)
    {
        await ends.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => delivering);
    }

    private Task<SayOk> Take(object post) => Task.FromResult(new SayOk(_requests.Count));

    private static Task<SayOk> Refuse(string code, TimeSpan? wait = null) =>
        Task.FromException<SayOk>(new UserErrorException(code, "Refused.") { RetryAfter = wait });

    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }
}
