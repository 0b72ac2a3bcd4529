using LanCollab.Plugins.Chat;
using LanCollab.Plugins.Chat.Client;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Chat;

public class OutboxTests
{
    private static readonly Home Room = new("room", "store");
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _requests = [];

    [Fact]
    public async Task It_waits_as_long_as_the_throttle_says_and_loses_no_line()
    {
        var outbox = new Outbox(new ChatOptions(), _time);
        Task<SayOk> first = outbox.SendAsync(new Say("one"), Room, default), second = outbox.SendAsync(new Say("two"), Room, default);
        using var ends = new CancellationTokenSource();
        // All that it waits for is there, so it comes as far as its timer before it returns.
        Task delivering = outbox.DeliverAsync(() => Room, (say, _) => Answer(say, throttled: _requests.Count == 0), ends.Token);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(["one"], _requests);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((2, 3), ((await first).Seq, (await second).Seq));
        Assert.Equal(["one", "one", "two"], _requests);
        await ends.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => delivering);
    }

    [Fact]
    public async Task A_line_whose_channel_broke_is_the_first_on_the_next_one()
    {
        var outbox = new Outbox(new ChatOptions(), _time);
        Task<SayOk> first = outbox.SendAsync(new Say("one"), Room, default), second = outbox.SendAsync(new Say("two"), Room, default);
        var lost = await Assert.ThrowsAsync<UserErrorException>(() => outbox.DeliverAsync(() => Room, Lose, default));
        Assert.Equal("connection-lost", lost.Code);
        using var ends = new CancellationTokenSource();
        _ = outbox.DeliverAsync(() => Room, (say, _) => Answer(say, throttled: false), ends.Token);
        await Task.WhenAll(first, second);
        Assert.Equal(["one", "one", "two"], _requests);
        await ends.CancelAsync();
    }

    private Task<SayOk> Answer(Say say, bool throttled)
    {
        _requests.Add(say.Text);
        return throttled
            ? Task.FromException<SayOk>(new UserErrorException("throttled", "Wait.") { RetryAfter = TimeSpan.FromSeconds(1) })
            : Task.FromResult(new SayOk(_requests.Count));
    }

    private Task<SayOk> Lose(Say say, CancellationToken cancellationToken)
    {
        _requests.Add(say.Text);
        return Task.FromException<SayOk>(new UserErrorException("connection-lost", "Gone."));
    }
}
