using LanCollab.Tests.Support.Faults;

namespace LanCollab.Tests.Plugins.Media.Video;

/// <summary>One direction of a bad network in simulated time: the dice of the fault proxies, and a narrow place with a queue as theirs.</summary>
internal sealed class SimulatedLink(FaultOptions options, Direction direction, Action<byte[]> arrived)
{
    private readonly FaultDice _dice = new(options, direction);
    private readonly PriorityQueue<byte[], (TimeSpan Due, long Number)> _under = new();
    private long _number;
    private TimeSpan _free;

    /// <summary>0: as fast as it goes.</summary>
    public long BytesPerSecond { get; set; } = options.BytesPerSecond;

    /// <summary>Sends.</summary>
    public void Send(ReadOnlySpan<byte> packet, TimeSpan now)
    {
        Fate fate = _dice.Of(_number++);
        TimeSpan narrow = Squeeze(packet.Length + DatagramLimits.Overhead, now);
        if (narrow < TimeSpan.Zero) return;
        for (int copy = 0; copy < fate.Copies; copy++) _under.Enqueue(packet.ToArray(), (now + narrow + fate.Delay, _number));
    }

    /// <summary>Delivers what is due.</summary>
    public void Deliver(TimeSpan now)
    {
        while (_under.TryPeek(out byte[]? packet, out (TimeSpan Due, long) at) && at.Due <= now)
        {
            _under.Dequeue();
            arrived(packet);
        }
    }

    // Negative: there is no room for it.
    private TimeSpan Squeeze(int size, TimeSpan now)
    {
        if (BytesPerSecond == 0) return TimeSpan.Zero;
        TimeSpan before = _free > now ? _free - now : TimeSpan.Zero;
        if (before.TotalSeconds * BytesPerSecond + size > options.QueueBytes) return TimeSpan.FromTicks(-1);
        _free = now + before + TimeSpan.FromSeconds((double)size / BytesPerSecond);
        return _free - now;
    }
}
