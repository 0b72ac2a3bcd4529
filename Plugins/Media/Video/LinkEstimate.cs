namespace LanCollab.Plugins.Media.Video;

/// <summary>
/// What a viewer's link takes, from its reports: a queue that grows (the round trip beyond its shortest one) or heavy loss says that it is too much; the bits
/// that came through then are what it takes. Without trouble the estimate grows until it meets trouble again; after an attempt that failed it waits
/// longer before the next one (as congestion control by delay does: RFC 8836, RFC 8298).
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class LinkEstimate(TimeProvider time)
{
    private const double HeavyLoss = 0.35, Loss = 0.10, Margin = 0.85, Growth = 1.15;
    // Weight of the newest report in the loss: some twenty packets alone say little.
    private const double Newest = 0.3;
    private const double Fewest = 60_000; // bits/s: below it nothing can be saved any more
    private static readonly TimeSpan LongQueue = TimeSpan.FromMilliseconds(80), SomeQueue = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(2), LongestWait = TimeSpan.FromSeconds(4), Probation = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Draining = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan SlowDecoder = TimeSpan.FromMilliseconds(250);
    // The shortest round trip is forgotten some time: routes change.
    private static readonly TimeSpan Forget = TimeSpan.FromSeconds(30);

    private ReceiverReport _last;
    private bool _any;
    private long _lastBytes, _lastAt, _shortestAt, _troubleAt, _grewAt;
    private TimeSpan _lastQueue, _shortest = TimeSpan.MaxValue, _wait = ShortestWait;

    /// <summary>Bits a second that the link takes; infinite as long as nothing was too much.</summary>
    public double Bits { get; private set; } = double.PositiveInfinity;

    /// <summary>Round trip of the last report, the network's share.</summary>
    public TimeSpan RoundTrip { get; private set; }

    /// <summary>How much of it is a queue.</summary>
    public TimeSpan Queue { get; private set; }

    /// <summary>Share of packets that had to be asked for again, 0 to 1, over the last second or so.</summary>
    public double LossShare { get; private set; }

    /// <summary>What the viewer's decoder takes for a frame.</summary>
    public TimeSpan Decode { get; private set; }

    /// <summary>Bits a second that came through between the last two reports.</summary>
    public double Delivered { get; private set; }

    /// <summary>Takes a report.</summary>
    /// <param name="report">As it came.</param>
    /// <param name="since">How long ago its newest packet was sent.</param>
    /// <param name="bytes">Bytes sent up to that packet, since the beginning.</param>
    public void Report(in ReceiverReport report, TimeSpan since, long bytes)
    {
        long now = time.GetTimestamp();
        Measure(report, since, now);
        if (_any && report.Newest != _last.Newest) Judge(report, bytes, now);
        (_last, _lastBytes, _lastAt, _any) = (report, bytes, now, true);
    }

    private void Measure(in ReceiverReport report, TimeSpan since, long now)
    {
        Decode = report.Decode;
        RoundTrip = since > report.Age ? since - report.Age : TimeSpan.Zero;
        if (RoundTrip <= _shortest || time.GetElapsedTime(_shortestAt, now) > Forget) (_shortest, _shortestAt) = (RoundTrip, now);
        Queue = RoundTrip - _shortest;
    }

    private void Judge(in ReceiverReport report, long bytes, long now)
    {
        double received = report.Received - _last.Received, missing = report.Missing - _last.Missing;
        double share = received + missing > 0 ? Math.Clamp(missing / (received + missing), 0, 1) : 0;
        LossShare += (share - LossShare) * Newest;
        Delivered = (bytes - _lastBytes) * 8 * (1 - share) / Math.Max(0.05, time.GetElapsedTime(_lastAt, now).TotalSeconds);
        bool tooMuch = Queue > LongQueue || LossShare > HeavyLoss || (LossShare > Loss && Queue > SomeQueue) || Decode > SlowDecoder;
        // What waits already comes through slowly whatever is sent now.
        bool drains = Queue < _lastQueue - Draining;
        _lastQueue = Queue;
        if (tooMuch && drains) _troubleAt = now;
        else if (tooMuch) Reduce(now);
        else Grow(now);
    }

    private void Reduce(long now)
    {
        bool attempt = _grewAt != 0 && time.GetElapsedTime(_grewAt, now) < Probation;
        if (attempt && time.GetElapsedTime(_troubleAt, now) > ShortestWait) _wait = _wait * 1.5 > LongestWait ? LongestWait : _wait * 1.5;
        Bits = Math.Max(Fewest, Math.Min(Bits, Delivered * Margin));
        _troubleAt = now;
        _grewAt = 0;
    }

    private void Grow(long now)
    {
        if (double.IsInfinity(Bits) || time.GetElapsedTime(_troubleAt, now) < _wait) return;
        Bits *= Growth;
        _grewAt = now;
        // Nothing has used half of it for long: there is no limit that matters.
        if (Bits > 50_000_000) (Bits, _wait) = (double.PositiveInfinity, ShortestWait);
    }
}
