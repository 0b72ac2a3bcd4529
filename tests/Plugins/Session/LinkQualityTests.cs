using LanCollab.Plugins.Session;

namespace LanCollab.Tests.Plugins.Session;

public class LinkQualityTests
{
    [Fact]
    public void Mean_and_longest_are_of_the_last_32()
    {
        var beats = new LinkQuality();
        Assert.Equal((0, 0, 0), (beats.Count, beats.Mean, beats.Max));
        beats.Add(9000);
        for (int i = 0; i < 31; i++) beats.Add(2000);
        Assert.Equal(9000, beats.Max);
        beats.Add(3000);
        Assert.Equal((33, 3000), (beats.Count, beats.Max));
        Assert.Equal((31 * 2000 + 3000) / 32.0, beats.Mean, 6);
    }
}
