using System.Runtime.InteropServices;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>What of a display can be shared.</summary>
internal static unsafe class XSources
{
    private const int LeastSide = 32, MaxWindows = 60, AnyType = 0;

    /// <summary>The whole display, its monitors when there are several, and its windows.</summary>
    /// <param name="display">Empty: the environment's.</param>
    /// <exception cref="UserErrorException"><c>no-display</c>.</exception>
    public static IReadOnlyList<OfferedSource> List(string display)
    {
        using var open = new XDisplay(display);
        var sources = new List<OfferedSource> { Offer(new XTarget(display, null, 0), "screen", "The whole screen", Root(open)) };
        List<(string Name, Area At, bool Primary)> monitors = Monitors(open);
        if (monitors.Count > 1)
            foreach ((string name, Area at, bool primary) in monitors)
                sources.Add(Offer(new XTarget(display, name, 0), "monitor", primary ? $"Monitor {name} (main)" : $"Monitor {name}", at));
        if (!XExtensions.HasComposite(open.Handle)) return sources;
        foreach ((nuint window, string name, Area at) in Windows(open)) sources.Add(Offer(new XTarget(display, null, window), "window", name, at));
        return sources;
    }

    /// <summary>The monitors of a display (RandR 1.5); none when that cannot be told.</summary>
    public static List<(string Name, Area At, bool Primary)> Monitors(XDisplay display)
    {
        var found = new List<(string, Area, bool)>();
        if (!XExtensions.HasRandr(display.Handle)) return found;
        XExtensions.MonitorInfo* monitors = XExtensions.XRRGetMonitors(display.Handle, display.Root, 1, out int count);
        if (monitors is null) return found;
        for (int i = 0; i < count; i++)
        {
            XExtensions.MonitorInfo monitor = monitors[i];
            found.Add((Taken(X11.XGetAtomName(display.Handle, monitor.Name)) ?? $"{i + 1}", new Area(monitor.X, monitor.Y, monitor.Width, monitor.Height), monitor.Primary != 0));
        }
        XExtensions.XRRFreeMonitors(monitors);
        return found;
    }

    private static Area Root(XDisplay display)
    {
        _ = X11.XGetGeometry(display.Handle, display.Root, out _, out _, out _, out uint width, out uint height, out _, out _);
        return new Area(0, 0, (int)width, (int)height);
    }

    private static List<(nuint Window, string Name, Area At)> Windows(XDisplay display)
    {
        var found = new List<(nuint, string, Area)>();
        foreach (nuint window in Clients(display))
        {
            if (found.Count == MaxWindows) break;
            if (X11.XFetchName(display.Handle, window, out nint name) == 0 || Taken(name) is not { Length: > 0 } title) continue;
            int known = X11.XGetGeometry(display.Handle, window, out _, out int x, out int y, out uint width, out uint height, out _, out _);
            if (known != 0 && width >= LeastSide && height >= LeastSide) found.Add((window, title, new Area(x, y, (int)width, (int)height)));
        }
        return found;
    }

    /// <summary>What the window manager counts as windows (EWMH, _NET_CLIENT_LIST); without one, the root's own children.</summary>
    private static List<nuint> Clients(XDisplay display)
    {
        var found = new List<nuint>();
        nuint list = X11.XInternAtom(display.Handle, "_NET_CLIENT_LIST", 0);
        int failed = X11.XGetWindowProperty(
            display.Handle, display.Root, list, 0, 4096, 0, AnyType, out _, out int format, out nuint items, out _, out nint value);
        if (failed == 0 && value != 0)
        {
            if (format == 32) found.AddRange(new ReadOnlySpan<nuint>((void*)value, (int)items));
            _ = X11.XFree(value);
        }
        if (found.Count == 0 && X11.XQueryTree(display.Handle, display.Root, out _, out _, out nuint* children, out uint count) != 0 && children is not null)
        {
            found.AddRange(new ReadOnlySpan<nuint>(children, (int)count));
            _ = X11.XFree((nint)children);
        }
        return found;
    }

    private static string? Taken(nint text)
    {
        if (text == 0) return null;
        string? read = Marshal.PtrToStringUTF8(text);
        _ = X11.XFree(text);
        return read;
    }

    private static OfferedSource Offer(XTarget target, string kind, string label, Area at)
    {
        string text = target.ToString();
        return new OfferedSource(text.Length == 0 ? "device" : $"device:{text}", kind, label, at.Width, at.Height);
    }
}
