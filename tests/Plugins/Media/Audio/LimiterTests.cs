using CsCheck;
using LanCollab.Plugins.Media.Audio;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Media.Audio;

public sealed class LimiterTests
{
    [Fact]
    public void What_is_within_range_passes_unchanged()
    {
        float[] frame = Goertzel.Tone(440, 960, 0.7f);
        float[] before = [.. frame];
        new Limiter().Process(frame);
        Assert.Equal(before, frame);
    }

    [Fact]
    public void No_sample_gets_out_of_range() =>
        Gen.Float[-50, 50].Array[960].Array[1, 5].Sample(frames =>
        {
            var limiter = new Limiter();
            foreach (float[] frame in frames)
            {
                limiter.Process(frame);
                Assert.All(frame, x => Assert.InRange(x, -1f, 1f));
            }
        }, iter: 100);

    [Fact]
    public void The_gain_comes_back_within_two_seconds()
    {
        var limiter = new Limiter();
        limiter.Process(Goertzel.Tone(440, 960, 4));
        for (int i = 0; i < 250; i++) limiter.Process(Goertzel.Tone(440, 960, 0.1f));
        float[] frame = Goertzel.Tone(440, 960, 0.1f);
        float[] before = [.. frame];
        limiter.Process(frame);
        Assert.Equal(before.Max(), frame.Max(), 0.002f);
    }
}
