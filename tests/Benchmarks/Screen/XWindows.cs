using System.Runtime.InteropServices;
using LanCollab.Plugins.Screen;

namespace LanCollab.Benchmarks.Screen;

/// <summary>Waits until a display shows a window of a class; the display tells of windows that appear.</summary>
internal sealed partial class XWindows : IDisposable
{
    private const int EventSize = 192, Viewable = 2, MapStateAt = 92, AttributesSize = 136;
    private const nint SubstructureNotify = 1 << 19;

    private readonly XDisplay _display;
    private readonly XWatch _watch;

    /// <summary>Connects.</summary>
    public XWindows(string display)
    {
        _display = new XDisplay(display);
        _watch = new XWatch(_display.Descriptor);
        _ = X11.XSelectInput(_display.Handle, _display.Root, SubstructureNotify);
        _ = X11.XFlush(_display.Handle);
    }

    /// <summary>The first one, however long it takes.</summary>
    public async Task<nuint> WaitAsync(string className)
    {
        while (true)
        {
            Drain();
            if (Find(className) is { } window) return window;
            // Its class may be told a moment after it appears, which is no event of the root's.
            await _watch.WaitAsync(TimeSpan.FromMilliseconds(500), CancellationToken.None);
        }
    }

    public void Dispose()
    {
        _watch.Dispose();
        _display.Dispose();
    }

    private unsafe void Drain()
    {
        byte* happened = stackalloc byte[EventSize];
        while (X11.XPending(_display.Handle) > 0) _ = X11.XNextEvent(_display.Handle, happened);
    }

    private unsafe nuint? Find(string className)
    {
        if (X11.XQueryTree(_display.Handle, _display.Root, out _, out _, out nuint* children, out uint count) == 0 || children is null) return null;
        nuint? found = null;
        for (uint i = 0; i < count; i++)
            if (IsViewable(children[i]) && ClassOf(children[i]).Contains(className, StringComparison.OrdinalIgnoreCase)) found ??= children[i];
        _ = X11.XFree((nint)children);
        return found;
    }

    private unsafe bool IsViewable(nuint window)
    {
        byte* attributes = stackalloc byte[AttributesSize];
        return XGetWindowAttributes(_display.Handle, window, attributes) != 0 && *(int*)(attributes + MapStateAt) == Viewable;
    }

    private string ClassOf(nuint window)
    {
        if (XGetClassHint(_display.Handle, window, out ClassHint hint) == 0) return "";
        string text = $"{Marshal.PtrToStringUTF8(hint.Name)} {Marshal.PtrToStringUTF8(hint.Class)}";
        if (hint.Name != 0) _ = X11.XFree(hint.Name);
        if (hint.Class != 0) _ = X11.XFree(hint.Class);
        return text;
    }

    [LibraryImport("libX11.so.6")]
    private static unsafe partial int XGetWindowAttributes(nint display, nuint window, byte* attributes);

    [LibraryImport("libX11.so.6")]
    private static partial int XGetClassHint(nint display, nuint window, out ClassHint hint);

    /// <summary><c>XClassHint</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ClassHint
    {
        public nint Name, Class;
    }
}
