using LanCollab.Contracts;

namespace LanCollab.Plugins.Media.Video;

/// <summary>Takes the samples of <see cref="LoadSteps"/>. For one thread at a time.</summary>
/// <param name="time">The clock.</param>
internal sealed class LoadMeter(TimeProvider time)
{
    private TimeSpan _cpu = Environment.CpuUsage.TotalTime, _late;
    private long _at = time.GetTimestamp(), _sent, _unsent;

    /// <summary>The clock was so late this time.</summary>
    public void Late(TimeSpan late)
    {
        if (late > _late) _late = late;
    }

    /// <summary>What was since the last one; null as long as that is less than <see cref="LoadSteps.Window"/>.</summary>
    /// <param name="sent">Packets the system took, since the beginning.</param>
    /// <param name="unsent">Packets it did not.</param>
    public LoadSample? Read(long sent, long unsent)
    {
        TimeSpan window = time.GetElapsedTime(_at);
        if (window < LoadSteps.Window) return null;
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        double all = sent - _sent + (unsent - _unsent);
        var sample = new LoadSample((cpu - _cpu) / window / Environment.ProcessorCount, all > 0 ? (unsent - _unsent) / all : 0, _late);
        (_cpu, _at, _sent, _unsent, _late) = (cpu, time.GetTimestamp(), sent, unsent, TimeSpan.Zero);
        return sample;
    }
}
