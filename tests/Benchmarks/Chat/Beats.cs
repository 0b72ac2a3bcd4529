using System.Diagnostics;

namespace LanCollab.Benchmarks.Chat;

/// <summary>
/// The signs of life of many seats, one after the other at even distances, as of people who came at different times. Written by the thread that reads the receivers: timers and tasks of a hundred
/// people on one core would be measured instead of the server, and those who came together would all beat within the same lines.
/// </summary>
/// <param name="beat">What each sends.</param>
/// <param name="interval">After which each sends it again.</param>
internal sealed class Beats(byte[] beat, TimeSpan interval)
{
    /// <summary>Milliseconds after which it is asked again when there is nobody.</summary>
    private const int Idle = 100;

    private volatile Stream[] _seats = [];
    private long _due;
    private int _next;

    /// <summary>For one thread at a time; may be called while another one sends.</summary>
    public void Add(Stream seat) => _seats = [.. _seats, seat];

    /// <summary>Sends one that is due; gives the milliseconds until the next.</summary>
    public int Send()
    {
        Stream[] seats = _seats;
        if (seats.Length == 0) return Idle;
        long now = Stopwatch.GetTimestamp();
        if (now >= _due)
        {
            seats[_next++ % seats.Length].Write(beat);
            _due = now + (long)(interval.TotalSeconds / seats.Length * Stopwatch.Frequency);
        }
        return (int)Math.Ceiling(Stopwatch.GetElapsedTime(now, _due).TotalMilliseconds);
    }
}
