using LanCollab.Host.Roles;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Host.Roles;

public class ShutdownTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void The_end_is_asked_for_at_once_and_forced_after_its_bound_only()
    {
        using var stop = new CancellationTokenSource();
        int forced = 0;
        var shutdown = new Shutdown(stop, TimeSpan.FromSeconds(5), _time, () => forced++);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(stop.IsCancellationRequested);
        shutdown.Begin();
        Assert.True(stop.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(3));
        shutdown.Begin();
        Assert.Equal(0, forced);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, forced);
    }

    [Fact]
    public void Steps_share_a_bound_and_each_has_a_moment_at_least()
    {
        var deadline = new Deadline(TimeSpan.FromSeconds(4), _time);
        Assert.Equal(TimeSpan.FromSeconds(2), deadline.Left(TimeSpan.FromSeconds(2)));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.FromSeconds(1), deadline.Left(TimeSpan.FromSeconds(2)));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.InRange(deadline.Left(TimeSpan.FromSeconds(2)), TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(50));
    }
}
