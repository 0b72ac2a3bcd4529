using LanCollab.Plugins.Session;
using LanCollab.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Session;

/// <summary>How a client dials again.</summary>
public class ReturnTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Attempts_follow_quickly_while_nobody_has_noticed_and_slower_after_that()
    {
        var patience = new Patience(() => new SessionOptions().RedialWithin, new NoWallClock(_time), new Random(1));
        patience.Begin(TimeSpan.FromSeconds(8));
        double[] quick = [.. Enumerable.Range(0, 200).Select(_ => patience.Next().TotalSeconds)];
        Assert.InRange(quick.Max(), 0.4, 0.5);
        Assert.InRange(quick.Min(), 0, 0.05);
        _time.Advance(TimeSpan.FromSeconds(8));
        double[] slow = [.. Enumerable.Range(0, 200).Select(_ => patience.Next().TotalSeconds)];
        Assert.InRange(slow[0], 0, 0.2);
        Assert.InRange(slow.Max(), 4, 5);
        // Full jitter: half of the waits are below half of the ceiling.
        Assert.InRange(slow.Skip(10).Count(s => s < 2.5), 60, 130);
        patience.Reset();
        Assert.InRange(patience.Next().TotalSeconds, 0, 0.2);
    }

    /// <summary>What a restart of the hub asks for: all fifty back within 10 s, of which dialling and entering take some; and not in step.</summary>
    [Theory]
    [InlineData(2), InlineData(15), InlineData(60), InlineData(3600)]
    public void However_long_the_hub_was_away_fifty_clients_dial_within_5_s_of_its_return_and_not_in_step(int seconds)
    {
        TimeSpan outage = TimeSpan.FromSeconds(seconds);
        double[] returns = [.. Enumerable.Range(0, 50).Select(client => SecondsToReturn(new SessionOptions().RedialWithin, outage, new Random(client)))];
        Assert.InRange(returns.Max(), 0, 5);
        // RELIABILITY 15: the busiest of these seconds has at most three times what each had if they were spread evenly.
        double span = Math.Max(1, returns.Max());
        Assert.InRange(returns.GroupBy(at => (int)at).Max(second => second.Count()), 1, (int)(3 * 50 / span));
    }

    /// <summary>Why the ceiling is not the 10 s of other back-offs.</summary>
    [Fact]
    public void With_a_ceiling_of_10_s_two_crowds_of_fifty_in_five_would_have_somebody_who_dials_after_9_s()
    {
        int late = Enumerable.Range(0, 100).Count(crowd =>
            Enumerable.Range(0, 50).Max(client => SecondsToReturn(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(10), new Random(crowd * 100 + client))) > 9);
        Assert.InRange(late, 25, 55);
    }

    /// <summary>From the hub's return to the first attempt after it, on a clock of the client's own.</summary>
    private static double SecondsToReturn(TimeSpan most, TimeSpan outage, Random random)
    {
        var time = new FakeTimeProvider();
        DateTimeOffset begun = time.GetUtcNow();
        var patience = new Patience(() => most, new NoWallClock(time), random);
        patience.Begin(TimeSpan.FromSeconds(8));
        while (time.GetUtcNow() - begun < outage) time.Advance(patience.Next());
        return (time.GetUtcNow() - begun - outage).TotalSeconds;
    }

    [Fact]
    public async Task An_attempt_without_an_outcome_gets_company_and_the_first_that_succeeds_counts()
    {
        List<TaskCompletionSource<IChannel>> dialled = [];
        Task<IChannel> dialling = Redial.DialAsync(token => Attempt(dialled, token), _time, TestContext.Current.CancellationToken);
        for (int expected = 1; expected <= 4; expected++)
        {
            Assert.Equal(expected, dialled.Count);
            _time.Advance(TimeSpan.FromMilliseconds(400));
            while (expected < 4 && dialled.Count == expected) await Task.Yield();
        }
        IChannel winner = NewChannel();
        dialled[2].SetResult(winner);
        Assert.Same(winner, await dialling);
        Assert.False(winner.Closed.IsCancellationRequested);
        Assert.All([dialled[0], dialled[1], dialled[3]], other => Assert.True(other.Task.IsCanceled));
    }

    [Fact]
    public async Task An_attempt_that_succeeds_too_late_is_closed()
    {
        List<TaskCompletionSource<IChannel>> dialled = [];
        // Attempts that do not hear that they are not wanted any more.
        Task<IChannel> dialling = Redial.DialAsync(_ => Attempt(dialled, CancellationToken.None), _time, TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromMilliseconds(400));
        while (dialled.Count < 2) await Task.Yield();
        dialled[1].SetResult(NewChannel());
        await dialling;
        IChannel late = NewChannel();
        dialled[0].SetResult(late);
        var closed = new TaskCompletionSource();
        late.Closed.Register(closed.SetResult);
        await closed.Task.WaitAsync(Recorded<int>.Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_refusal_counts_at_once()
    {
        Task<IChannel> dialling = Redial.DialAsync(_ => Task.FromException<IChannel>(new UserErrorException("unreachable", "No.")), _time, TestContext.Current.CancellationToken);
        Assert.Equal("unreachable", (await Assert.ThrowsAsync<UserErrorException>(() => dialling)).Code);
    }

    private static Task<IChannel> Attempt(List<TaskCompletionSource<IChannel>> dialled, CancellationToken token)
    {
        var attempt = new TaskCompletionSource<IChannel>();
        token.Register(() => attempt.TrySetCanceled(token));
        dialled.Add(attempt);
        return attempt.Task;
    }

    private static InMemoryChannel NewChannel() => InMemoryChannel.Pair().Client;
}
