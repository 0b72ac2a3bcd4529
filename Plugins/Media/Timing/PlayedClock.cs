using LanCollab.Plugins.Media.Audio;

namespace LanCollab.Plugins.Media.Timing;

/// <summary>Which sample of the room's mix goes to this machine's speaker when. Any thread.</summary>
/// <param name="time">The local clock.</param>
internal sealed class PlayedClock(TimeProvider time)
{
    // Single beats are late or made up for; the median of half a second is neither.
    private const int Beats = 25;
    // After that long without sound nobody waits for it.
    private const double Stale = 30;

    private readonly Lock _gate = new();
    private readonly double[] _offsets = new double[Beats];
    private int _count, _at;
    private uint _last;
    private double _samples, _notedAt;

    /// <summary>This sample goes to the speaker now.</summary>
    public void Note(uint timestamp)
    {
        double now = Now;
        lock (_gate)
        {
            int step = (int)(timestamp - _last);
            // Another room has another clock.
            if (_count > 0 && Math.Abs(step) > Stale * AudioFormat.SampleRate) _count = 0;
            _samples = _count == 0 ? timestamp : _samples + step;
            (_last, _notedAt) = (timestamp, now);
            _offsets[_at] = now - (_samples / AudioFormat.SampleRate);
            _at = (_at + 1) % Beats;
            _count = Math.Min(_count + 1, Beats);
        }
    }

    /// <summary>When that sample goes to the speaker, or would have gone, in seconds of the local clock; null when nothing was played lately.</summary>
    public double? When(uint timestamp)
    {
        double now = Now;
        lock (_gate)
        {
            if (_count == 0 || now - _notedAt > Stale) return null;
            Span<double> sorted = stackalloc double[_count];
            for (int i = 0; i < _count; i++) sorted[i] = _offsets[(_at - 1 - i + Beats) % Beats];
            sorted.Sort();
            return ((_samples + (int)(timestamp - _last)) / AudioFormat.SampleRate) + sorted[_count / 2];
        }
    }

    private double Now => time.GetElapsedTime(0).TotalSeconds;
}
