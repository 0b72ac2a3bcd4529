namespace LanCollab.Plugins.Media.Audio;

/// <summary>
/// How long a stream's frames are to be held back: the spread of their transit times over the last seconds. Up at once when a packet comes
/// too late, down slowly while somebody talks and quickly in silence. Times are milliseconds of any monotonic clock. Not for two threads at a time.
/// </summary>
/// <remarks>
/// Transit is arrival minus timestamp: its origin is unknown and does not matter, only how far it is above the least of the window. As that
/// window moves, a drift between two sound cards' clocks moves the origin along and never adds up. A source that stands still for a moment and goes on where it was
/// moves the origin by a jump: once all packets of half a second are late by as much, that is no jitter, and what came before says nothing any more.
/// </remarks>
internal sealed class PlayoutDelay
{
    private const int Window = 256; // packets
    private const double Memory = 4000; // ms: what is older does not count
    private const int Review = 10; // packets between two looks at the whole window
    private const int Recent = 25; // packets by which a jump is told from jitter
    private const double Jump = 30; // ms
    private const int ExpectedFor = 500; // packets within which a sender does what it was asked for, in talk without a pause
    private const double LeastExpected = 2; // ms: less than that is not told from jitter
    private const double Quantile = 0.98;
    private const double Floor = 4; // ms: what timers and schedulers of a quiet machine need
    private const double Forgotten = 2000; // ms of silence after which old transits say nothing any more
    private const double Silence = 200; // ms without a packet
    private const double Descent = 1000; // ms of silence in which the target comes down to about a third of its excess
    private const double SamplesPerMillisecond = AudioFormat.SampleRate / 1000.0;

    private readonly double[] _transits = new double[Window];
    private readonly double[] _arrivals = new double[Window];
    private readonly double[] _sorted = new double[Window];
    private readonly double _first;
    private double _most;
    private int _count, _at, _sinceReview;
    private int _strange; // packets in a row that were left out of account
    private uint _timestamp; // of the packet that the others are measured against
    private double _arrival; // its ideal arrival
    private double _least, _last;
    private double _wanted;
    private int _expecting; // packets
    private double _expected; // ms
    private double _targetBefore;

    /// <param name="first">The target until something is known, in ms.</param>
    /// <param name="most">The largest target, in ms.</param>
    public PlayoutDelay(double first, double most)
    {
        (_first, _most) = (Math.Min(first, most), most);
        Target = _wanted = _first;
    }

    /// <summary>How long to hold back what came as fast as any, in ms.</summary>
    public double Target { get; private set; }

    /// <summary>What the target goes to as soon as it may.</summary>
    public double Wanted => _wanted;

    /// <summary>The largest target, in ms.</summary>
    public double Most
    {
        get => _most;
        set => (_most, Target, _wanted) = (value, Math.Min(Target, value), Math.Min(_wanted, value));
    }

    /// <summary>0: as quick as possible, some words may break; 1: as safe as possible, later.</summary>
    public double Safety { get; set; } = 0.25;

    /// <summary>True while packets get lost: the next one must be there in time to restore them.</summary>
    public bool Lossy { get; set; }

    /// <summary>The sender has been asked to send its frames so many ms later: that they come later is then no jitter.</summary>
    public void ExpectLater(double milliseconds) => (_expecting, _expected, _targetBefore) = (ExpectedFor, milliseconds, Target);

    /// <summary>Another sender, another clock.</summary>
    public void Restart() => _count = 0;

    /// <summary>Takes note of a packet that is no copy.</summary>
    public void Note(uint timestamp, double now)
    {
        double silence = _count == 0 ? 0 : now - _last;
        if (_count == 0 || silence > Forgotten) Begin(timestamp, now);
        if (silence > Silence) Target = Math.Max(Math.Min(Target, _wanted), _wanted + (Target - _wanted) * Math.Exp(-silence / Descent));
        double transit = TransitOf(timestamp, now);
        _last = now;
        // Minutes late: that says nothing about the next one, unless all are.
        if (transit - _least > 2 * _most && ++_strange < Recent) return;
        if (_strange >= Recent)
        {
            Begin(timestamp, now);
            (transit, Target) = (0, _wanted);
        }
        _strange = 0;
        (_transits[_at], _arrivals[_at]) = (transit, now);
        _at = (_at + 1) % Window;
        _count = Math.Min(_count + 1, Window);
        if (_expecting > 0) _expecting--;
        _least = Math.Min(_least, transit);
        if (++_sinceReview >= Review) Adapt(now);
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
        _wanted = Math.Min(_wanted, _first);
    }

    // So that the difference of two timestamps never overflows.
    private void Move(uint timestamp)
    {
        _arrival += (int)(timestamp - _timestamp) / SamplesPerMillisecond;
        _timestamp = timestamp;
    }

    private void Adapt(double now)
    {
        _sinceReview = 0;
        bool jumped = Jumped();
        if (jumped) _count = Recent;
        Span<double> sorted = Sorted(now - Memory);
        _least = sorted[0];
        double spread = sorted[(int)(Quantile * (sorted.Length - 1))] - _least;
        double loss = Lossy ? AudioFormat.FrameMilliseconds : 0;
        _wanted = Math.Min(Floor + 40 * Safety * Safety + spread * (0.8 + 0.8 * Safety) + loss, _most);
        if (jumped && _expecting > 0) Target = Math.Max(_wanted, Math.Min(Target, _targetBefore));
        else Target = jumped || _wanted >= Target ? _wanted : Math.Max(_wanted, Target - Math.Max(0.5, (Target - _wanted) / 10));
    }

    private bool Jumped()
    {
        if (_count <= Recent) return false;
        double least = double.MaxValue;
        for (int i = 1; i <= Recent; i++) least = Math.Min(least, _transits[(_at - i + Window) % Window]);
        return least - _least > (_expecting > 0 ? Math.Max(LeastExpected, _expected / 2) : Jump);
    }

    // The newest one is always among them.
    private Span<double> Sorted(double since)
    {
        int kept = 0;
        while (kept < _count && _arrivals[(_at - kept - 1 + Window) % Window] >= since)
        {
            _sorted[kept] = _transits[(_at - kept - 1 + Window) % Window];
            kept++;
        }
        _count = kept;
        Span<double> sorted = _sorted.AsSpan(0, kept);
        sorted.Sort();
        return sorted;
    }
}
