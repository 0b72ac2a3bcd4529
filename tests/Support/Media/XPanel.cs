using System.Runtime.InteropServices;

namespace LanCollab.Tests.Support.Media;

/// <summary>A window of one colour on an X11 display, without a frame and above all others.</summary>
public sealed partial class XPanel : IDisposable
{
    private const string Library = "libX11.so.6";
    private const nuint OverrideRedirect = 1 << 9;

    /// <summary><c>XSetWindowAttributes</c> has 112 bytes; <c>override_redirect</c> stands at 88: no window manager has a say.</summary>
    private const int AttributesSize = 112, OverrideRedirectAt = 88;

    private readonly nint _display;

    /// <summary>Opens one.</summary>
    public unsafe XPanel(string display, int x, int y, int width, int height, uint colour)
    {
        _display = XOpenDisplay(display);
        if (_display == 0) throw new IOException($"the display {display} cannot be opened");
        Window = XCreateSimpleWindow(_display, XDefaultRootWindow(_display), x, y, (uint)width, (uint)height, 0, 0, colour);
        byte* attributes = stackalloc byte[AttributesSize];
        new Span<byte>(attributes, AttributesSize).Clear();
        *(int*)(attributes + OverrideRedirectAt) = 1;
        _ = XChangeWindowAttributes(_display, Window, OverrideRedirect, attributes);
        _ = XMapRaised(_display, Window);
        _ = XSync(_display, 0);
    }

    /// <summary>Its number.</summary>
    public nuint Window { get; }

    /// <summary>Shows another colour, above all others; it is on the display when this returns.</summary>
    public void Paint(uint colour)
    {
        _ = XSetWindowBackground(_display, Window, colour);
        _ = XRaiseWindow(_display, Window);
        _ = XClearWindow(_display, Window);
        _ = XSync(_display, 0);
    }

    /// <summary>Moves the mouse of a display, as a person does (XTEST).</summary>
    public static void PointAt(string name, int x, int y)
    {
        nint display = XOpenDisplay(name);
        if (display == 0) throw new IOException($"the display {name} cannot be opened");
        _ = XTestFakeMotionEvent(display, -1, x, y, 0);
        _ = XSync(display, 0);
        _ = XCloseDisplay(display);
    }

    /// <inheritdoc />
    public void Dispose() => _ = XCloseDisplay(_display);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint XOpenDisplay(string name);

    [LibraryImport("libXtst.so.6")]
    private static partial int XTestFakeMotionEvent(nint display, int screen, int x, int y, nuint delay);

    [LibraryImport(Library)]
    private static partial int XCloseDisplay(nint display);

    [LibraryImport(Library)]
    private static partial nuint XDefaultRootWindow(nint display);

    [LibraryImport(Library)]
    private static partial int XSync(nint display, int discard);

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
