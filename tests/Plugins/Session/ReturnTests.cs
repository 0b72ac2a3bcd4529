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
        var patience = new Patience(new NoWallClock(_time), new Random(1));
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
