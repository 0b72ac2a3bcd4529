using System.Diagnostics;
using LanCollab.Tests.Support.Media;

namespace LanCollab.Benchmarks.Screen;

/// <summary>A small window in a corner that changes its colour now and then: how long until a viewer shows that?</summary>
internal sealed class Marker(string display) : IDisposable
{
    /// <summary>Where viewers look.</summary>
    public const int X = 1904, Y = 1064;

    private const int Side = 24;

    private readonly XPanel _panel = new(display, X - Side / 2, Y - Side / 2, Side, Side, 0);
    private readonly List<double> _delays = [];
    private readonly Lock _gate = new();
    private (uint Colour, long Shown) _waiting;
    private uint _count;

    /// <summary>Changes the colour; one that is still waited for counts as late.</summary>
    public void Flip()
    {
        lock (_gate)
        {
            if (_waiting.Shown != 0) _delays.Add(Stopwatch.GetElapsedTime(_waiting.Shown).TotalMilliseconds);
            uint colour = 0x204060 + (++_count * 0x050301 & 0x7F7F7F);
            _panel.Paint(colour);
            _waiting = (colour, Stopwatch.GetTimestamp());
        }
    }

    /// <summary>A viewer shows this colour in the marker's place.</summary>
    public void Seen(uint colour)
    {
        lock (_gate)
        {
            if (_waiting.Shown == 0 || colour != _waiting.Colour) return;
            _delays.Add(Stopwatch.GetElapsedTime(_waiting.Shown).TotalMilliseconds);
            _waiting = default;
        }
    }

    /// <summary>What has been measured so far was for practice.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _waiting = default;
            _delays.Clear();
        }
    }

    /// <summary>Milliseconds below which so many of a hundred lie.</summary>
    public double Percentile(int percent)
    {
        double[] sorted;
        lock (_gate) sorted = [.. _delays.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, sorted.Length * percent / 100)];
    }

    public void Dispose() => _panel.Dispose();
}
