using LanCollab.Plugins.Media.Video;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Media.Video;

public class KeyFrameRequestsTests
{
    private readonly FakeTimeProvider _time = new();
    private int _asked;

    private KeyFrameRequests New() => new(_time, () => _asked++);

    [Fact]
    public void First_request_goes_at_once_and_many_soon_after_become_one()
    {
        using KeyFrameRequests requests = New();
        for (int i = 0; i < 50; i++) requests.Ask();
        Assert.Equal(1, _asked);
        _time.Advance(KeyFrameRequests.Interval - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, _asked);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, _asked);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(2, _asked);
    }

    [Fact]
    public void Requests_without_end_are_two_a_second()
    {
        using KeyFrameRequests requests = New();
        for (int ms = 0; ms < 10_000; ms += 10)
        {
            requests.Ask();
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }
        Assert.InRange(_asked, 19, 21);
    }

    [Fact]
    public void Nothing_is_asked_of_a_camera_that_is_off()
    {
        KeyFrameRequests requests = New();
        requests.Ask();
        requests.Ask();
        requests.Dispose();
        _time.Advance(TimeSpan.FromSeconds(1));
        requests.Ask();
        Assert.Equal(1, _asked);
    }
}
