namespace LanCollab.Plugins.Media.Timing;

/// <summary>
/// What a stream's timestamps mean on the local clock, learnt from when they come: of the last one or two windows the quickest counts, since
/// on the way lateness is only ever added (the clock filter of RFC 5905, 10, takes the sample of least delay for the same reason). Any thread.
/// </summary>
/// <param name="time">The local clock.</param>
/// <param name="rate">Ticks of a timestamp in a second.</param>
/// <param name="window">How long the quickest one counts at least; twice as long at most.</param>
internal sealed class ArrivalClock(TimeProvider time, int rate, TimeSpan window)
{
    // A leap beyond this is another clock and not a late packet.
    private const double Leap = 2;

    private readonly Lock _gate = new();
    private bool _any;
    private uint _last;
    private double _ticks, _notedAt, _since; // seconds of the local clock
    private double _quickest, _before;

    /// <summary>Nothing comes any more, or from elsewhere.</summary>
    public void Reset()
    {
        lock (_gate) _any = false;
    }

    /// <summary>This timestamp has come now.</summary>
    public void Note(uint timestamp)
    {
        double now = Now;
        lock (_gate)
        {
            double ticks = _ticks + (int)(timestamp - _last), transit = now - (ticks / rate);
            if (!_any || Math.Abs(transit - Way) > Leap) (ticks, transit) = Begin(timestamp, now);
            if (now - _since > window.TotalSeconds) (_before, _quickest, _since) = (_quickest, transit, now);
            _quickest = Math.Min(_quickest, transit);
            (_last, _ticks, _notedAt) = (timestamp, ticks, now);
        }
    }

    /// <summary>The timestamp of this moment, had it come as quickly as any; null when nothing has come for two seconds.</summary>
    public uint? Present
    {
        get
        {
            double now = Now;
            lock (_gate)
            {
                if (!_any || now - _notedAt > Leap) return null;
                return _last + (uint)(int)Math.Round(((now - Way) * rate) - _ticks);
            }
        }
    }

    /// <summary>When that timestamp comes at the earliest, or would have come, in seconds of the local clock; null when nothing has come yet.</summary>
    public double? When(uint timestamp)
    {
        lock (_gate) return _any ? ((_ticks + (int)(timestamp - _last)) / rate) + Way : null;
    }

    private double Way => Math.Min(_quickest, _before);

    private double Now => time.GetElapsedTime(0).TotalSeconds;

    private (double Ticks, double Transit) Begin(uint timestamp, double now)
    {
        (_any, _since) = (true, now);
        double transit = now - (timestamp / (double)rate);
        (_quickest, _before) = (transit, double.PositiveInfinity);
        return (timestamp, transit);
    }
}
