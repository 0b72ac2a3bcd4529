using System.Diagnostics;
using System.Runtime.InteropServices;
using LanCollab.Plugins.Screen;

namespace LanCollab.Benchmarks.Screen;

/// <summary>A small window in a corner that changes its colour now and then: how long until a viewer shows that?</summary>
internal sealed partial class Marker : IDisposable
{
    /// <summary>Where viewers look.</summary>
    public const int X = 1904, Y = 1064;

    private const int Side = 24;
    private const string Library = "libX11.so.6";
    private const nuint OverrideRedirect = 1 << 9;

    private readonly XDisplay _display;
    private readonly nuint _window;
    private readonly List<double> _delays = [];
    private readonly Lock _gate = new();
    private (uint Colour, long Shown) _waiting;
    private uint _count;

    public unsafe Marker(string display)
    {
        _display = new XDisplay(display);
        _window = XCreateSimpleWindow(_display.Handle, _display.Root, X - Side / 2, Y - Side / 2, Side, Side, 0, 0, 0);
        // XSetWindowAttributes, 112 bytes; override_redirect stands at 88: no window manager, always on top.
        byte* attributes = stackalloc byte[112];
        new Span<byte>(attributes, 112).Clear();
        *(int*)(attributes + 88) = 1;
        _ = XChangeWindowAttributes(_display.Handle, _window, OverrideRedirect, attributes);
        _ = XMapRaised(_display.Handle, _window);
        _ = X11.XSync(_display.Handle, 0);
    }

    /// <summary>Changes the colour; one that is still waited for counts as lost.</summary>
    public void Flip()
    {
        lock (_gate)
        {
            if (_waiting.Shown != 0) _delays.Add(Stopwatch.GetElapsedTime(_waiting.Shown).TotalMilliseconds);
            uint colour = 0x204060 + (++_count * 0x050301 & 0x7F7F7F);
            _ = XSetWindowBackground(_display.Handle, _window, colour);
            _ = XRaiseWindow(_display.Handle, _window);
            _ = XClearWindow(_display.Handle, _window);
            _ = X11.XSync(_display.Handle, 0);
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

    /// <summary>Milliseconds below which so many of a hundred lie.</summary>
    public double Percentile(int percent)
    {
        double[] sorted;
        lock (_gate) sorted = [.. _delays.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, sorted.Length * percent / 100)];
    }

    public void Dispose() => _display.Dispose();

    [LibraryImport(Library)]
    private static partial nuint XCreateSimpleWindow(nint display, nuint parent, int x, int y, uint width, uint height, uint border, nuint borderColour, nuint colour);

    [LibraryImport(Library)]
    private static unsafe partial int XChangeWindowAttributes(nint display, nuint window, nuint mask, byte* attributes);

    [LibraryImport(Library)]
    private static partial int XMapRaised(nint display, nuint window);

    [LibraryImport(Library)]
    private static partial int XRaiseWindow(nint display, nuint window);

    [LibraryImport(Library)]
    private static partial int XSetWindowBackground(nint display, nuint window, nuint colour);

    [LibraryImport(Library)]
    private static partial int XClearWindow(nint display, nuint window);
}
