using LanCollab.Plugins.Media.Video;

namespace LanCollab.Tests.Plugins.Media.Video;

/// <summary>In which runs the hub passes on what comes.</summary>
public sealed class LayerFlowTests
{
    private const int Fragments = 10;

    [Fact]
    public void What_lies_behind_the_end_of_memory_goes_out_in_one_run()
    {
        var flow = new LayerFlow(capacity: 16);
        Assert.Equal([10, 6, 4, 10, 2, 8], Runs(flow, Frame(0), Frame(1), Frame(2), Frame(3)));
    }

    [Fact]
    public void What_comes_late_does_not_wait_for_more()
    {
        var flow = new LayerFlow(capacity: 64);
        int[] swapped = [0, 1, 2, 4, 3, 5, 6, 7, 8, 9];
        Assert.Equal([3, 1, 1, 1, 1, 1, 1, 1], Runs(flow, [.. swapped.Select(f => Packet(0, f))]));
    }

    [Fact]
    public void A_long_frame_goes_out_in_bursts_as_it_is_sent()
    {
        var flow = new LayerFlow(capacity: 64);
        Assert.Equal([10, 10, 5], Runs(flow, [.. Enumerable.Range(0, 25).Select(f => Packet(0, f, fragments: 25))]));
    }

    private static List<int> Runs(LayerFlow flow, params VideoHeader[][] frames)
    {
        var runs = new List<int>();
        foreach (VideoHeader header in frames.SelectMany(f => f))
        {
            if (flow.BreaksRun(header)) End();
            if (flow.Add(header, [1], now: 0)) End();
        }
        return runs;

        void End()
        {
            runs.Add(flow.Waiting);
            flow.Sent();
        }
    }

    private static VideoHeader[] Frame(uint number) => [.. Enumerable.Range(0, Fragments).Select(f => Packet(number, f))];

    private static VideoHeader Packet(uint frame, int fragment, int fragments = Fragments) =>
        new(VideoCodec.Jpeg, VideoLayer.Large, Key: true, Stream: 1, frame, 0, (ushort)fragment, (ushort)fragments, 640, 360);
}
