using LanCollab.Plugins.Media.Video;
using LanCollab.Tests.Support.Faults;

namespace LanCollab.Tests.Plugins.Media.Video;

/// <summary>Pictures over bad links, with the fault proxies' dice in simulated time.</summary>
public class BadLinkTests(ITestOutputHelper output)
{
    private const int Seed = 20;
    private static readonly TimeSpan HalfRoundTrip = TimeSpan.FromMilliseconds(10);

    [Theory]
    [InlineData(0.00, 1, 1.00)]
    [InlineData(0.05, 1, 0.95)]
    [InlineData(0.05, 0, 0.95)]
    [InlineData(0.20, 1, 0.60)]
    [InlineData(0.20, 0, 0.60)]
    public void Lost_packets_come_again_in_time_and_no_frame_is_broken(double loss, int codec, double atLeast)
    {
        var call = new SimulatedCall(new FaultOptions { Seed = Seed, Loss = loss, Latency = HalfRoundTrip }, (VideoCodec)codec);
        call.Run(TimeSpan.FromSeconds(20));
        int inTime = call.Shown.Count(s => s.Layer == VideoLayer.Large && s.Delay <= SimulatedCall.InTime);
        output.WriteLine($"seed {Seed}, loss {loss}, {(VideoCodec)codec}: {inTime} of {call.Taken} in time, {call.Resent} packets again, {call.Broken} broken");
        Assert.Equal(0, call.Broken);
        // The last ones are under way still.
        Assert.InRange(inTime, atLeast * (call.Taken - 8), call.Taken);
    }

    [Fact]
    public void Narrow_link_settles_on_the_small_layer_never_freezes_and_comes_back()
    {
        var call = new SimulatedCall(new FaultOptions { Seed = Seed, Latency = HalfRoundTrip }, VideoCodec.Vp8);
        call.Run(Seconds(5));
        Assert.Equal(VideoLayer.Large, call.Layer);
        call.Limit = 500_000 / 8;
        call.Run(Seconds(3));
        int small = 0;
        for (int i = 0; i < 120; i++)
        {
            call.Run(Seconds(0.1));
            if (call.Layer == VideoLayer.Small) small++;
        }
        call.Limit = 0;
        double back = 0;
        for (; call.Layer != VideoLayer.Large && back < 30; back += 0.1) call.Run(Seconds(0.1));
        call.Run(Seconds(10));
        TimeSpan longest = call.Shown.Zip(call.Shown.Skip(1)).Max(pair => pair.Second.At - pair.First.At);
        output.WriteLine($"seed {Seed}: small {small / 1.2:0} % of the narrow time, back after {back:0.0} s, longest freeze {longest.TotalMilliseconds} ms");
        Assert.Equal(0, call.Broken);
        Assert.InRange(small, 90, 120);
        Assert.InRange(longest.TotalSeconds, 0, 1);
        Assert.InRange(back, 0, 10);
        Assert.Equal(VideoLayer.Large, call.Layer);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
