namespace LanCollab.Plugins.Media.Video;

/// <summary>One layer of a camera as it passes through the hub: its newest packets, and the run of them that goes out next. For one thread at a time.</summary>
internal sealed class LayerFlow(int capacity)
{
    /// <summary>A run goes out when it is that long, even when the frame goes on: senders pause after as many.</summary>
    public const int LongestRun = VideoSender.Burst;

    // Weight of the newest 200 ms in the bit rate.
    private const double Newest = 0.4;

    private VideoHeader _first, _newest;
    private long _bytes;

    /// <summary>The newest packets.</summary>
    public PacketHistory History { get; } = new(capacity);

    /// <summary>Header of the first packet that waits to go out.</summary>
    public VideoHeader First => _first;

    /// <summary>Packets that wait to go out.</summary>
    public int Waiting { get; private set; }

    /// <summary>Serial of the first of them.</summary>
    public uint FirstSerial => History.Next - (uint)Waiting;

    /// <summary>When the first of them came.</summary>
    public long Since { get; private set; }

    /// <summary>Bits a second, of late; 0 before anything came.</summary>
    public double Bits { get; private set; }

    /// <summary>True when this packet cannot lie in a row behind those that wait: they go out before it.</summary>
    public bool BreaksRun(in VideoHeader header) =>
        Waiting > 0 && (!Follows(header) || History.IsAtEnd);

    /// <summary>Takes a packet.</summary>
    /// <returns>True when the run is to go out now.</returns>
    public bool Add(in VideoHeader header, ReadOnlySpan<byte> packet, long now)
    {
        bool begins = header.Fragment % LongestRun == 0 || (History.IsAtEnd && Follows(header)); // the end of memory has cut the run before
        if (Waiting == 0) (_first, Since) = (header, now);
        _newest = header;
        History.Append(packet);
        Waiting++;
        _bytes += packet.Length;
        // What comes out of order comes late: it does not wait for more.
        bool whole = header.Fragment == header.Fragments - 1;
        bool late = Waiting == 1 && !begins;
        return whole || late || Waiting == LongestRun;
    }

    /// <summary>The run has gone out.</summary>
    public void Sent() => Waiting = 0;

    /// <summary>Measures the bit rate, every so often.</summary>
    public void Measure(TimeSpan window)
    {
        double now = _bytes * 8 / window.TotalSeconds;
        _bytes = 0;
        if (now > 0) Bits = Bits == 0 ? now : (Bits * (1 - Newest)) + (now * Newest);
    }

    private bool Follows(in VideoHeader header) => header.Frame == _newest.Frame && header.Fragment == _newest.Fragment + 1;
}
