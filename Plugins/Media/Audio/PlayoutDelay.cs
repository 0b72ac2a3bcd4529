namespace LanCollab.Plugins.Media.Audio;

/// <summary>
/// How long a stream's frames are to be held back: the spread of their transit times over the last seconds. Up at once when a packet comes
/// too late, down slowly. Times are milliseconds of any monotonic clock. Not for two threads at a time.
/// </summary>
/// <remarks>
/// Transit is arrival minus timestamp: its origin is unknown and does not matter, only how far it is above the least of the window. As that
/// window moves, a drift between two sound cards' clocks moves the origin along and never adds up.
/// </remarks>
internal sealed class PlayoutDelay
{
    private const int Window = 200; // packets: 4 s of speech
    private const int Review = 10; // packets between two looks at the whole window
    private const double Quantile = 0.98;
    private const double Floor = 4; // ms: what timers and schedulers of a quiet machine need
    private const double Forgotten = 2000; // ms of silence after which old transits say nothing any more
    private const double SamplesPerMillisecond = AudioFormat.SampleRate / 1000.0;

    private readonly double[] _transits = new double[Window];
    private readonly double[] _sorted = new double[Window];
    private readonly double _most;
    private int _count, _at, _sinceReview;
    private uint _timestamp; // of the packet that the others are measured against
    private double _arrival; // its ideal arrival
    private double _least, _last;

    /// <param name="first">The target until something is known, in ms.</param>
    /// <param name="most">The largest target, in ms.</param>
    public PlayoutDelay(double first, double most) => (Target, _most) = (Math.Min(first, most), most);

    /// <summary>How long to hold back what came as fast as any, in ms.</summary>
    public double Target { get; private set; }

    /// <summary>0: as quick as possible, some words may break; 1: as safe as possible, later.</summary>
    public double Safety { get; set; } = 0.25;

    /// <summary>True while packets get lost: the next one must be there in time to restore them.</summary>
    public bool Lossy { get; set; }

    /// <summary>Another sender, another clock.</summary>
    public void Restart() => _count = 0;

    /// <summary>Takes note of a packet that is no copy.</summary>
    public void Note(uint timestamp, double now)
    {
        if (_count == 0 || now - _last > Forgotten) Begin(timestamp, now);
        double transit = TransitOf(timestamp, now);
        _last = now;
        // Minutes late: that says nothing about the next one.
        if (transit - _least > 2 * _most) return;
        _transits[_at] = transit;
        _at = (_at + 1) % Window;
        _count = Math.Min(_count + 1, Window);
        _least = Math.Min(_least, transit);
        if (++_sinceReview >= Review) Adapt();
        Move(timestamp);
    }

    /// <summary>Too late for its turn: such a one is to be in time from now on.</summary>
    public void NoteLate(uint timestamp, double now) =>
        Target = Math.Clamp(Math.Max(Target, TransitOf(timestamp, now) - _least + Floor), 0, _most);

    /// <summary>How long a packet with this timestamp has been here by now if it came as fast as any; negative: it cannot be here yet.</summary>
    public double Slack(uint timestamp, double now) => _count == 0 ? 0 : TransitOf(timestamp, now) - _least;

    private double TransitOf(uint timestamp, double now) => now - _arrival - (int)(timestamp - _timestamp) / SamplesPerMillisecond;

    private void Begin(uint timestamp, double now)
    {
        (_timestamp, _arrival, _least) = (timestamp, now, 0);
        (_count, _at, _sinceReview) = (0, 0, 0);
    }

    // So that the difference of two timestamps never overflows.
    private void Move(uint timestamp)
    {
        _arrival += (int)(timestamp - _timestamp) / SamplesPerMillisecond;
        _timestamp = timestamp;
    }

    private void Adapt()
    {
        _sinceReview = 0;
        Span<double> sorted = _sorted.AsSpan(0, _count);
        _transits.AsSpan(0, _count).CopyTo(sorted);
        sorted.Sort();
        _least = sorted[0];
        double spread = sorted[(int)(Quantile * (_count - 1))] - _least;
        double loss = Lossy ? AudioFormat.FrameMilliseconds : 0;
        double wanted = Math.Min(Floor + 40 * Safety * Safety + spread * (0.8 + 0.8 * Safety) + loss, _most);
        Target = wanted >= Target ? wanted : Math.Max(wanted, Target - Math.Max(0.5, (Target - wanted) / 10));
    }
}
