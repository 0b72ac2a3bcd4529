using LanCollab.Plugins.Media.Audio.Mix;

namespace LanCollab.Tests.Plugins.Media.Audio;

public sealed class CollectionPaceTests
{
    [Fact]
    public void Is_due_at_half_of_what_the_runtime_allows()
    {
        var pace = new CollectionPace(1000);
        Assert.False(pace.IsDue(0, 499));
        Assert.True(pace.IsDue(0, 500));
        pace.Collected(1, 520);
        Assert.False(pace.IsDue(1, 1019));
        Assert.True(pace.IsDue(1, 1020));
    }

    [Fact]
    public void Learns_that_the_runtime_allows_less()
    {
        var pace = new CollectionPace(1000);
        Assert.False(pace.IsDue(2, 400)); // twice within 400 bytes
        Assert.False(pace.IsDue(2, 499));
        Assert.True(pace.IsDue(2, 500));
    }

    [Fact]
    public void Does_not_take_a_late_look_for_a_larger_budget()
    {
        var pace = new CollectionPace(1000);
        Assert.False(pace.IsDue(1, 5000));
        Assert.True(pace.IsDue(1, 5500));
    }
}
