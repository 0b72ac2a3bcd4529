using System.Net;
using LanCollab.Plugins.Session;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Session;

public class PasswordThrottleTests
{
    private static readonly IPAddress Ada = IPAddress.Parse("10.0.0.1"), Bob = IPAddress.Parse("10.0.0.2");

    private readonly FakeTimeProvider _time = new();
    private readonly PasswordThrottle _throttle;

    public PasswordThrottleTests() => _throttle = new PasswordThrottle(3, TimeSpan.FromSeconds(5), new NoWallClock(_time));

    [Fact]
    public void After_the_burst_one_more_is_allowed_per_interval()
    {
        Guess(Ada, 3);
        UserErrorException refusal = Assert.Throws<UserErrorException>(() => _throttle.Check(Ada));
        Assert.Equal(("throttled", TimeSpan.FromSeconds(5)), (refusal.Code, refusal.RetryAfter));
        Assert.Contains("5 s", refusal.Message);
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Throws<UserErrorException>(() => _throttle.Check(Ada));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Guess(Ada, 1);
        Assert.Throws<UserErrorException>(() => _throttle.Check(Ada));
    }

    [Fact]
    public void Nobody_else_is_slowed_down()
    {
        Guess(Ada, 3);
        _throttle.Check(Bob);
    }

    [Fact]
    public void An_address_is_the_same_one_in_its_mapped_form()
    {
        Guess(Ada, 3);
        Assert.Throws<UserErrorException>(() => _throttle.Check(Ada.MapToIPv6()));
    }

    [Fact]
    public void Ten_thousand_guessing_addresses_share_a_bucket_in_the_end()
    {
        for (int i = 0; i < 10_000; i++) _throttle.Wrong(new IPAddress(i + 1L));
        Assert.Throws<UserErrorException>(() => _throttle.Check(new IPAddress(20_000L)));
        _time.Advance(TimeSpan.FromDays(1));
        _throttle.Wrong(Ada);
        Guess(Bob, 3);
    }

    private void Guess(IPAddress address, int times)
    {
        for (int i = 0; i < times; i++)
        {
            _throttle.Check(address);
            _throttle.Wrong(address);
        }
    }
}
