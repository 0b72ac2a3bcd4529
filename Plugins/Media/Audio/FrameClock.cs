using System.Runtime.InteropServices;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>
/// Beats every 20 ms or another length of frames, counted from its start on the monotonic clock: a late beat is made up for, so that it never drifts; after a longer
/// standstill (a suspended machine) at most <see cref="MaxCatchUp"/> beats are made up and the rest is left out.
/// </summary>
internal sealed class FrameClock : IDisposable
{
    /// <summary>Beats that are made up at once.</summary>
    public const int MaxCatchUp = 5;

    private readonly TimeProvider _time;
    private readonly TimeSpan _beat;
    private PeriodicTimer? _timer; // made when waited for: each of its beats wakes up a thread of the pool
    private long _start;
    private long _beats;

    /// <summary>Starts now: the first beat is due in 20 ms.</summary>
    /// <param name="time">What it goes by.</param>
    /// <param name="samples">Another length of a beat.</param>
    public FrameClock(TimeProvider time, int samples = AudioFormat.FrameSize)
    {
        (_time, _beat) = (time, TimeSpan.FromMilliseconds((double)samples / AudioFormat.SamplesPerMillisecond));
        _start = time.GetTimestamp();
    }

    /// <summary>Beats that were left out.</summary>
    public long Skipped { get; private set; }

    /// <summary>How late the first of the beats that were given last was.</summary>
    public TimeSpan Lateness { get; private set; }

    /// <summary>Moves all beats to come, by a small part of their distance.</summary>
    /// <param name="by">Later; negative: earlier.</param>
    public void Shift(TimeSpan by) => _start += (long)(by.TotalSeconds * _time.TimestampFrequency);

    /// <summary>Waits until at least one beat is due.</summary>
    /// <returns>How many are due; each is to be done once.</returns>
    public async ValueTask<int> WaitAsync(CancellationToken cancellationToken)
    {
        int due;
        while ((due = Due()) == 0)
        {
            TimeSpan rest = Rest;
            // The timer counts whole milliseconds; waking a little early only costs another round.
            _timer ??= new PeriodicTimer(_beat, _time);
            _timer.Period = rest > TimeSpan.FromMilliseconds(1) ? rest : TimeSpan.FromMilliseconds(1);
            await _timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
        }
        return due;
    }

    /// <summary>As <see cref="WaitAsync"/>, on the calling thread and to the tenth of a millisecond. For a thread of its own, on Linux.</summary>
    public int Wait()
    {
        int due;
        while ((due = Due()) == 0) Nanosleep.For(Rest);
        return due;
    }

    private TimeSpan Rest => (_beats + 1) * _beat - _time.GetElapsedTime(_start);

    private int Due()
    {
        TimeSpan elapsed = _time.GetElapsedTime(_start);
        long due = elapsed.Ticks / _beat.Ticks - _beats;
        if (due <= 0) return 0;
        Lateness = elapsed - (_beats + 1) * _beat;
        long done = Math.Min(due, MaxCatchUp);
        _beats += due;
        Skipped += due - done;
        return (int)done;
    }

    /// <inheritdoc />
    public void Dispose() => _timer?.Dispose();
}

/// <summary>Linux' clock_nanosleep: timers of the runtime count whole milliseconds and end on the thread pool, which may be busy.</summary>
internal static partial class Nanosleep
{
    private const int ClockMonotonic = 1;

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int Sleep(int clock, int flags, in TimeSpec request, nint remaining);

    /// <summary>Waits; may return early.</summary>
    public static void For(TimeSpan time)
    {
        var request = new TimeSpec { Seconds = (nint)(time.Ticks / TimeSpan.TicksPerSecond), Nanoseconds = (nint)(time.Ticks % TimeSpan.TicksPerSecond * 100) };
        if (time > TimeSpan.Zero) _ = Sleep(ClockMonotonic, 0, request, 0);
    }
}
