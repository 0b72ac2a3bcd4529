using System.Runtime.InteropServices;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>The few functions of Xlib that take a picture of a display (libX11; Xlib - C Language X Interface, 8.7).</summary>
internal static partial class X11
{
    public const int ZPixmap = 2;
    public const int LsbFirst = 0;

    /// <summary>For <see cref="XEventsQueued"/>: only those that have been read from the connection.</summary>
    public const int QueuedAlready = 0;

    private const string Library = "libX11.so.6";
    private const string Package = "libx11-6";

    private static readonly Lock Gate = new();
    private static bool _prepared;
    private static int _errors;

    /// <summary>For <see cref="XSelectInput"/>: tell when a window moves, changes its size, appears, vanishes or closes.</summary>
    public static nint StructureNotify => 1 << 17;

    /// <summary>Every bit of a pixel.</summary>
    public static nuint AllPlanes => nuint.MaxValue;

    /// <summary>Requests of this process that a display has refused so far; see <see cref="XSync"/>.</summary>
    public static int Errors => Volatile.Read(ref _errors);

    /// <summary>Loads the library and takes over its error handling, once.</summary>
    /// <exception cref="MissingLibraryException">It is not installed.</exception>
    public static unsafe void Prepare()
    {
        lock (Gate)
        {
            if (_prepared) return;
            nint handle = SystemLibrary.Require(Library, Package);
            XInitThreads();
            // Without this a failed request ends the whole process.
            XSetErrorHandler(&CountError);
            HasIoErrorExit = NativeLibrary.TryGetExport(handle, "XSetIOErrorExitHandler", out _);
            // The default one ends the process before the display's own exit handler is asked.
            if (HasIoErrorExit) XSetIOErrorHandler(&IgnoreLoss);
            _prepared = true;
        }
    }

    /// <summary>True when a lost display can be survived (libX11 1.7 and later).</summary>
    public static bool HasIoErrorExit { get; private set; }

    /// <summary>A display whose server dies must not take the daemon along.</summary>
    public static unsafe void SurviveLoss(nint display, nint flag)
    {
        if (HasIoErrorExit) XSetIOErrorExitHandler(display, &NoteLoss, flag);
    }

    [UnmanagedCallersOnly]
    private static int CountError(nint display, nint error) => Interlocked.Increment(ref _errors);

    [UnmanagedCallersOnly]
    private static int IgnoreLoss(nint display) => 0;

    [UnmanagedCallersOnly]
    private static void NoteLoss(nint display, nint flag) => Marshal.WriteInt32(flag, 1);

    [LibraryImport(Library)]
    private static partial int XInitThreads();

    [LibraryImport(Library)]
    private static unsafe partial nint XSetErrorHandler(delegate* unmanaged<nint, nint, int> handler);

    [LibraryImport(Library)]
    private static unsafe partial nint XSetIOErrorHandler(delegate* unmanaged<nint, int> handler);

    [LibraryImport(Library)]
    private static unsafe partial void XSetIOErrorExitHandler(nint display, delegate* unmanaged<nint, nint, void> handler, nint data);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint XOpenDisplay(string? name);

    [LibraryImport(Library)]
    public static partial int XCloseDisplay(nint display);

    [LibraryImport(Library)]
    public static partial nuint XDefaultRootWindow(nint display);

    [LibraryImport(Library)]
    public static partial nint XDefaultVisual(nint display, int screen);

    [LibraryImport(Library)]
    public static partial int XDefaultScreen(nint display);

    [LibraryImport(Library)]
    public static partial int XConnectionNumber(nint display);

    [LibraryImport(Library)]
    public static partial int XSync(nint display, int discard);

    [LibraryImport(Library)]
    public static partial int XFlush(nint display);

    [LibraryImport(Library)]
    public static partial int XPending(nint display);

    [LibraryImport(Library)]
    public static partial int XEventsQueued(nint display, int mode);

    [LibraryImport(Library)]
    public static unsafe partial int XNextEvent(nint display, byte* happened);

    [LibraryImport(Library)]
    public static partial int XSelectInput(nint display, nuint window, nint wanted);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int XQueryExtension(nint display, string name, out int code, out int firstEvent, out int firstError);

    [LibraryImport(Library)]
    public static partial int XGetGeometry(
        nint display, nuint drawable, out nuint root, out int x, out int y, out uint width, out uint height, out uint border, out uint depth);

    [LibraryImport(Library)]
    public static partial int XTranslateCoordinates(nint display, nuint from, nuint to, int x, int y, out int toX, out int toY, out nuint child);

    [LibraryImport(Library)]
    public static partial int XQueryPointer(
        nint display, nuint window, out nuint root, out nuint child, out int rootX, out int rootY, out int x, out int y, out uint mask);

    [LibraryImport(Library)]
    public static partial nint XGetImage(nint display, nuint drawable, int x, int y, uint width, uint height, nuint planes, int format);

    [LibraryImport(Library)]
    public static partial int XDestroyImage(nint image);

    [LibraryImport(Library)]
    public static partial int XFree(nint memory);

    [LibraryImport(Library)]
    public static partial int XFreePixmap(nint display, nuint pixmap);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nuint XInternAtom(nint display, string name, int onlyIfExists);

    [LibraryImport(Library)]
    public static partial nint XGetAtomName(nint display, nuint atom);

    [LibraryImport(Library)]
    public static partial int XFetchName(nint display, nuint window, out nint name);

    [LibraryImport(Library)]
    public static unsafe partial int XQueryTree(nint display, nuint window, out nuint root, out nuint parent, out nuint* children, out uint count);

    [LibraryImport(Library)]
    public static partial int XGetWindowProperty(
        nint display, nuint window, nuint property, nint offset, nint length, int delete, nuint wanted,
        out nuint type, out int format, out nuint items, out nuint left, out nint value);

    /// <summary>The start of <c>XImage</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Image
    {
        public int Width, Height, XOffset, Format;
        public nint Data;
        public int ByteOrder, BitmapUnit, BitmapBitOrder, BitmapPad, Depth, BytesPerLine, BitsPerPixel;
        public nuint RedMask, GreenMask, BlueMask;
        public nint ObData;
    }
}
