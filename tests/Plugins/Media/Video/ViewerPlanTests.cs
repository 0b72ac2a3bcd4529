using LanCollab.Plugins.Media;
using LanCollab.Plugins.Media.Video;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Media.Video;

public class ViewerPlanTests
{
    private static readonly VideoLayer[] All = [VideoLayer.Hd, VideoLayer.Large, VideoLayer.Small];

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 1)]
    [InlineData(225, 1)]
    [InlineData(226, 0)]
    [InlineData(450, 0)]
    [InlineData(451, 2)]
    [InlineData(4000, 2)]
    public void Layer_is_the_smallest_that_looks_well(int height, int layer) => Assert.Equal((VideoLayer)layer, Layers.For(height, All));

    [Fact]
    public void Only_those_who_spoke_last_are_sent_and_who_is_not_displayed_takes_no_place()
    {
        LayerPlan[] plans = ViewerPlan.Make([Source(VideoLayer.None), Source(VideoLayer.Large), Source(VideoLayer.Small), Source(VideoLayer.Small)], 2, double.PositiveInfinity, 0);
        Assert.Equal([VideoLayer.None, VideoLayer.Large, VideoLayer.Small, VideoLayer.None], plans.Select(p => p.Layer));
        Assert.Equal(VideoReason.LastN, plans[3].Reason);
    }

    [Fact]
    public void Narrow_link_takes_layers_first_then_frames_and_the_speaker_keeps_most()
    {
        PlanSource[] sources = [.. Enumerable.Range(0, 4).Select(_ => Source(VideoLayer.Large))];
        Assert.Equal(["Large 1", "Small 1", "Small 1", "Small 1"], Texts(ViewerPlan.Make(sources, 25, 1_400_000, 0)));
        Assert.Equal(["Small 1", "Small 1", "Small 2", "Small 2"], Texts(ViewerPlan.Make(sources, 25, 640_000, 0)));
        Assert.All(ViewerPlan.Make(sources, 25, 1, 0), p => Assert.Equal((VideoLayer.Small, LayerPlan.KeyFramesOnly, VideoReason.Link), (p.Layer, p.Every, p.Reason)));
    }

    [Fact]
    public void Jpeg_on_a_narrow_link_loses_frames()
    {
        LayerPlan plan = Assert.Single(ViewerPlan.Make([Source(VideoLayer.Large, VideoCodec.Jpeg)], 25, 500_000, 0));
        Assert.Equal((VideoLayer.Small, 4), (plan.Layer, plan.Every));
    }

    [Fact]
    public void Link_that_holds_not_even_every_fourth_small_jpeg_gets_smaller_ones_if_the_hub_can_make_them()
    {
        PlanSource[] sources = [Source(VideoLayer.Large, VideoCodec.Jpeg)];
        Assert.Equal((VideoLayer.Small, Rescaler.Every, true), Shape(ViewerPlan.Make(sources, 25, 300_000, 0)));
        Assert.Equal((VideoLayer.Small, 4 * Rescaler.Every, true), Shape(ViewerPlan.Make(sources, 25, 60_000, 0)));
        Assert.Equal((VideoLayer.Small, 8, false), Shape(ViewerPlan.Make(sources, 25, 300_000, 0, rescales: false)));
        Assert.Equal((VideoLayer.Small, 16, false), Shape(ViewerPlan.Make(sources, 25, 1, 0, rescales: false)));
    }

    [Fact]
    public void Last_step_of_high_load_makes_jpeg_smaller_still_but_for_who_speaks()
    {
        PlanSource[] sources = [Source(VideoLayer.Hd, VideoCodec.Jpeg), Source(VideoLayer.Hd, VideoCodec.Jpeg), Source(VideoLayer.Hd), Source(VideoLayer.None, VideoCodec.Jpeg)];
        Assert.Equal([false, true, false, false], ViewerPlan.Make(sources, 25, double.PositiveInfinity, LoadSteps.Last).Select(p => p.Rescaled));
        Assert.DoesNotContain(ViewerPlan.Make(sources, 25, double.PositiveInfinity, LoadSteps.Last - 1), p => p.Rescaled);
        Assert.DoesNotContain(ViewerPlan.Make(sources, 25, double.PositiveInfinity, LoadSteps.Last, rescales: false), p => p.Rescaled);
    }

    [Theory]
    [InlineData(0, "Hd 1", "Hd 1")]
    [InlineData(2, "Large 1", "Large 1")]
    [InlineData(3, "Large 1", "Small 1")]
    [InlineData(4, "Small 1", "Small 1")]
    public void High_load_takes_more_with_each_step(int step, params string[] expected)
    {
        LayerPlan[] plans = ViewerPlan.Make([Source(VideoLayer.Hd), Source(VideoLayer.Hd)], 25, double.PositiveInfinity, step);
        Assert.Equal(expected, Texts(plans));
        if (step > 0) Assert.All(plans, p => Assert.Equal(VideoReason.Load, p.Reason));
    }

    [Fact]
    public void Load_goes_down_by_steps_and_comes_back_one_by_one_after_three_good_seconds()
    {
        var load = new LoadSteps(new MediaOptions());
        var bad = new LoadSample(0.95, 0, TimeSpan.Zero);
        Assert.False(load.Take(bad));
        Assert.True(load.Take(bad));
        for (int i = 0; i < 20; i++) load.Take(bad);
        Assert.Equal((LoadSteps.Last, LoadCause.Cpu), (load.Step, load.Cause));
        var between = new LoadSample(0.7, 0, TimeSpan.Zero);
        for (int i = 0; i < 20; i++) Assert.False(load.Take(between));
        for (int step = LoadSteps.Last; step > 0; step--)
        {
            for (int i = 0; i < 5; i++) Assert.False(load.Take(default));
            Assert.True(load.Take(default));
            Assert.Equal(step - 1, load.Step);
        }
        Assert.Equal(LoadCause.None, load.Cause);
    }

    [Fact]
    public void Each_cause_of_load_is_told_apart()
    {
        foreach ((LoadSample sample, LoadCause cause) in new[]
        {
            (new LoadSample(0.9, 0, TimeSpan.Zero), LoadCause.Cpu), (new LoadSample(0, 0.02, TimeSpan.Zero), LoadCause.SendQueue),
            (new LoadSample(0, 0, TimeSpan.FromMilliseconds(60)), LoadCause.Delay),
        })
        {
            var load = new LoadSteps(new MediaOptions());
            load.Take(sample);
            Assert.True(load.Take(sample));
            Assert.Equal(cause, load.Cause);
        }
    }

    [Fact]
    public void Speaker_comes_first_after_two_announcements_and_a_cough_does_not()
    {
        var speech = new SpeechOrder();
        foreach (string? loudest in new[] { "ada", "ada", "ben", "ada", null, "ben", "ben", "cleo" }) speech.Note("room", loudest);
        Assert.Equal(["ben", "ada"], speech.Of("room"));
        Assert.Empty(speech.Of("elsewhere"));
    }

    [Fact]
    public void Clock_that_is_late_once_or_twice_is_no_load_and_while_a_hub_settles_nothing_is()
    {
        var time = new FakeTimeProvider();
        var meter = new LoadMeter(time);
        TimeSpan Late(params int[] beats)
        {
            foreach (int ms in beats) meter.Late(TimeSpan.FromMilliseconds(ms));
            time.Advance(LoadSteps.Window);
            return meter.Read(0, 0)!.Value.Late;
        }
        Assert.Equal(2, Late(1, 900, 2, 400, 1).TotalMilliseconds);
        Assert.Equal(60, Late(60, 70, 1, 80, 1).TotalMilliseconds);
        Assert.Equal(0, Late(50, 50).TotalMilliseconds);

        var load = new LoadSteps(new MediaOptions());
        var bad = new LoadSample(0.95, 0, TimeSpan.FromSeconds(1));
        for (int i = 0; i < 10; i++) Assert.False(load.Take(bad, settling: true));
        Assert.False(load.Take(bad));
        Assert.True(load.Take(bad));
    }

    private static (VideoLayer, int, bool) Shape(LayerPlan[] plans) => (plans[0].Layer, plans[0].Every, plans[0].Rescaled);

    private static string[] Texts(LayerPlan[] plans) => [.. plans.Select(p => $"{p.Layer} {p.Every}")];

    private static PlanSource Source(VideoLayer wish, VideoCodec codec = VideoCodec.Vp8)
    {
        var time = new FakeTimeProvider();
        var info = new VideoStarted("a", "Ada", 1, codec, 1280, 720, All);
        return new PlanSource(new VideoStream(new Peer("a", "Ada", "room"), info, _ => new KeyFrameRequests(time, () => { }), time), wish);
    }
}
