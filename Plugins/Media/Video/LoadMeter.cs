namespace LanCollab.Plugins.Media.Video;

/// <summary>Takes the samples of <see cref="LoadSteps"/>. For one thread at a time.</summary>
/// <param name="time">The clock.</param>
internal sealed class LoadMeter(TimeProvider time)
{
    /// <summary>
    /// So many times in a window the clock must have been late: code that is compiled at its first use, or a collection of garbage, is late once or twice, and a machine that is
    /// busy is late all the time.
    /// </summary>
    public const int LateBeats = 3;

    private readonly TimeSpan[] _latest = new TimeSpan[LateBeats]; // the largest of this window, falling
    private TimeSpan _cpu = Used(time);
    private long _at = time.GetTimestamp(), _sent, _unsent;

    /// <summary>The clock was so late this time.</summary>
    public void Late(TimeSpan late)
    {
        for (int i = 0; i < LateBeats; i++)
            if (late > _latest[i]) (late, _latest[i]) = (_latest[i], late);
    }

    /// <summary>What was since the last one; null as long as that is less than <see cref="LoadSteps.Window"/>.</summary>
    /// <param name="sent">Packets the system took, since the beginning.</param>
    /// <param name="unsent">Packets it did not.</param>
    public LoadSample? Read(long sent, long unsent)
    {
        TimeSpan window = time.GetElapsedTime(_at);
        if (window < LoadSteps.Window) return null;
        TimeSpan cpu = Used(time);
        double all = sent - _sent + (unsent - _unsent);
        var sample = new LoadSample((cpu - _cpu) / window / Environment.ProcessorCount, all > 0 ? (unsent - _unsent) / all : 0, _latest[^1]);
        (_cpu, _at, _sent, _unsent) = (cpu, time.GetTimestamp(), sent, unsent);
        Array.Clear(_latest);
        return sample;
    }

    // By another clock than the real one processor time says nothing.
    private static TimeSpan Used(TimeProvider time) => time == TimeProvider.System ? Environment.CpuUsage.TotalTime : TimeSpan.Zero;
}
