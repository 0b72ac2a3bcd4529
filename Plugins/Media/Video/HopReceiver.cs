using LanCollab.Plugins.Media.Audio;

namespace LanCollab.Plugins.Media.Video;

/// <summary>The receiving end of a hop: asks for packets that did not come, and reports. For one thread at a time.</summary>
internal sealed class HopReceiver(TimeProvider time)
{
    // A frame's packets come at once, with pauses of a millisecond.
    private static readonly TimeSpan TailIsLost = TimeSpan.FromMilliseconds(10);

    private readonly byte[] _feedback = new byte[VideoFeedback.MaxNackBytes];
    private readonly uint[] _numbers = new uint[VideoFeedback.MaxItems];
    private uint _reported;

    /// <summary>What did not come.</summary>
    public GapDetector Gaps { get; } = new(time);

    /// <summary>What the slowest decoder behind this end takes for a frame.</summary>
    public TimeSpan Decode { get; set; }

    /// <summary>Takes a packet's number; false when it is not to be believed.</summary>
    public bool Note(uint packet) => Gaps.Note(packet);

    /// <summary>The newest frame lacks so many packets behind the newest one that came: when nothing comes any more they were lost, for the end of a burst leaves no gap behind it.</summary>
    public void NoteTail(int missing)
    {
        (uint newest, long at) = Gaps.Newest;
        if (missing > 0 && at != 0 && time.GetElapsedTime(at) > TailIsLost) Gaps.Expect(newest + (uint)missing);
    }

    /// <summary>Asks for what is due, and reports when it is time and something has come.</summary>
    public void Review(bool report, TimeSpan roundTrip, DatagramSender send)
    {
        if (Gaps.Due(roundTrip, _numbers) is > 0 and var count) send(_feedback.AsSpan(0, VideoFeedback.WriteNack(_feedback, _numbers.AsSpan(0, count))));
        if (!report || Gaps.Received == _reported) return;
        _reported = Gaps.Received;
        (uint newest, long at) = Gaps.Newest;
        var figures = new ReceiverReport(Decode, newest, time.GetElapsedTime(at), Gaps.Received, Gaps.Missing);
        send(_feedback.AsSpan(0, VideoFeedback.WriteReport(_feedback, figures)));
    }
}
