using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Contracts;

public class TokenBucketTests
{
    [Fact]
    public void It_gives_the_burst_and_then_the_rate()
    {
        var time = new FakeTimeProvider();
        var bucket = new TokenBucket(perSecond: 10, burst: 3, time);
        for (int i = 0; i < 3; i++) Assert.Null(bucket.Take());
        Assert.Equal(TimeSpan.FromMilliseconds(100), bucket.Take());
        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.NotNull(bucket.Take());
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(bucket.Take());
        time.Advance(TimeSpan.FromHours(1));
        for (int i = 0; i < 3; i++) Assert.Null(bucket.Take());
        Assert.NotNull(bucket.Take());
    }
}
