using LanCollab.Plugins.Media.Video;

namespace LanCollab.Tests.Plugins.Media.Video;

public class LayerGovernorTests
{
    [Fact]
    public void Window_with_more_than_a_tenth_missing_reduces()
    {
        var governor = new LayerGovernor();
        Assert.False(governor.Next(shown: 27, missing: 3));
        Assert.False(governor.IsReduced);
        Assert.True(governor.Next(shown: 26, missing: 4));
        Assert.True(governor.IsReduced);
    }

    [Fact]
    public void Ten_clean_seconds_bring_the_large_size_back()
    {
        var governor = new LayerGovernor();
        governor.Next(10, 20);
        for (int window = 1; window < 5; window++) Assert.False(governor.Next(30, 0));
        Assert.True(governor.Next(30, 0));
        Assert.False(governor.IsReduced);
    }

    [Fact]
    public void One_missing_frame_starts_the_ten_seconds_over()
    {
        var governor = new LayerGovernor();
        governor.Next(10, 20);
        for (int window = 0; window < 4; window++) governor.Next(30, 0);
        governor.Next(29, 1);
        for (int window = 0; window < 4; window++) Assert.False(governor.Next(30, 0));
        Assert.True(governor.Next(30, 0));
    }

    [Fact]
    public void Too_few_frames_decide_nothing() => Assert.False(new LayerGovernor().Next(shown: 1, missing: 3));

    [Fact]
    public void Silence_is_not_clean()
    {
        var governor = new LayerGovernor();
        governor.Next(10, 20);
        for (int window = 0; window < 20; window++) Assert.False(governor.Next(0, 0));
    }
}
