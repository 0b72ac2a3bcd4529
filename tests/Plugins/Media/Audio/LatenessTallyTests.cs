using LanCollab.Plugins.Media.Audio.Mix;

namespace LanCollab.Tests.Plugins.Media.Audio;

public sealed class LatenessTallyTests
{
    private readonly LatenessTally _tally = new();

    [Theory]
    [InlineData(0.5, 0.05)]
    [InlineData(0.998, 0.05)]
    [InlineData(0.999, 3.05)]
    [InlineData(1, 3.05)]
    public void A_quantile_is_the_end_of_the_step_in_which_it_lies(double share, double milliseconds)
    {
        for (int i = 0; i < 998; i++) Note(0.01);
        for (int i = 0; i < 2; i++) Note(3);
        Assert.Equal(milliseconds, _tally.Quantile(share), 6);
    }

    [Fact]
    public void Nothing_noted_is_nothing_late()
    {
        Note(4);
        _tally.Clear();
        Assert.Equal(0, _tally.Quantile(0.999));
    }

    [Fact]
    public void What_is_off_the_scale_is_its_end()
    {
        Note(-1);
        Note(9000);
        Assert.Equal((0.05, 50), (_tally.Quantile(0.5), _tally.Quantile(1)));
    }

    private void Note(double milliseconds) => _tally.Note(TimeSpan.FromMilliseconds(milliseconds));
}
