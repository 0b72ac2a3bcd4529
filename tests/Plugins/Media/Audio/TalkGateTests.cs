using LanCollab.Plugins.Media.Audio;

namespace LanCollab.Tests.Plugins.Media.Audio;

public sealed class TalkGateTests
{
    private const byte Speech = 30, Murmur = 60, Silence = 100;
    private readonly TalkGate _gate = new();

    private int PassedOf(byte level, int frames) => Enumerable.Range(0, frames).Count(_ => _gate.Passes(level));

    [Fact]
    public void Silence_is_not_sent_half_a_second_after_the_last_sound()
    {
        Assert.False(_gate.Passes(Silence));
        Assert.True(_gate.Passes(Murmur));
        Assert.Equal(25, PassedOf(Silence, 100));
    }

    [Fact]
    public void Voice_activation_takes_what_is_above_the_threshold_and_holds()
    {
        _gate.Set("voice", threshold: 45, hold: 200);
        Assert.Equal(0, PassedOf(Murmur, 10));
        Assert.True(_gate.Passes(Speech));
        Assert.Equal(10, PassedOf(Murmur, 50));
    }

    [Theory]
    [InlineData("push", true)]
    [InlineData("push-mute", false)]
    public void A_key_opens_or_closes_the_microphone(string mode, bool openWhenDown)
    {
        _gate.Set(mode, null, null);
        foreach (bool down in new[] { false, true, false })
        {
            _gate.IsKeyDown = down;
            Assert.Equal(down == openWhenDown, _gate.Passes(Speech));
        }
    }

    [Theory]
    [InlineData("loud", null, null)]
    [InlineData(null, 10, null)]
    [InlineData(null, null, 5000)]
    public void What_is_wrong_is_refused_and_changes_nothing(string? mode, int? threshold, int? hold)
    {
        Assert.Throws<UserErrorException>(() => _gate.Set(mode, threshold, hold));
        Assert.Equal(("open", 50, 300), (_gate.Mode, _gate.Threshold, _gate.Hold));
    }
}
