using System.Runtime.InteropServices;

namespace LanCollab.Plugins.Screen;

/// <summary>
/// Extensions of X11, each of which may be missing, as library or on the display: MIT-SHM (pictures in shared memory), DAMAGE (what has changed),
/// XFIXES (the pointer's shape), RANDR (monitors), Composite (windows that others cover).
/// </summary>
internal static partial class XExtensions
{
    private const string Ext = "libXext.so.6", Damage = "libXdamage.so.1", Fixes = "libXfixes.so.3", Randr = "libXrandr.so.2", Composite = "libXcomposite.so.1";
    private const string C = "libc";

    public static bool HasShm(nint display) => Try(() => XShmQueryExtension(display) != 0);

    public static bool HasFixes(nint display) => Try(() => XFixesQueryExtension(display, out _, out _) != 0);

    public static bool HasRandr(nint display) => Try(() => XRRQueryExtension(display, out _, out _) != 0);

    public static bool HasComposite(nint display) => Try(() => XCompositeQueryExtension(display, out _, out _) != 0);

    /// <summary>The number of its first event, or null.</summary>
    public static int? DamageEvents(nint display)
    {
        int first = 0;
        return Try(() => XDamageQueryExtension(display, out first, out _) != 0) ? first : null;
    }

    private static bool Try(Func<bool> query)
    {
        try
        {
            return query();
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport(Ext)]
    private static partial int XShmQueryExtension(nint display);

    [LibraryImport(Ext)]
    public static partial nint XShmCreateImage(nint display, nint visual, uint depth, int format, nint data, nint segment, uint width, uint height);

    [LibraryImport(Ext)]
    public static partial int XShmAttach(nint display, nint segment);

    [LibraryImport(Ext)]
    public static partial int XShmDetach(nint display, nint segment);

    [LibraryImport(Ext)]
    public static partial int XShmGetImage(nint display, nuint drawable, nint image, int x, int y, nuint planes);

    [LibraryImport(Damage)]
    private static partial int XDamageQueryExtension(nint display, out int firstEvent, out int firstError);

    [LibraryImport(Damage)]
    public static partial nuint XDamageCreate(nint display, nuint drawable, int level);

    [LibraryImport(Damage)]
    public static partial void XDamageSubtract(nint display, nuint damage, nuint repair, nuint parts);

    [LibraryImport(Fixes)]
    private static partial int XFixesQueryExtension(nint display, out int firstEvent, out int firstError);

    [LibraryImport(Fixes)]
    public static unsafe partial CursorImage* XFixesGetCursorImage(nint display);

    [LibraryImport(Randr)]
    private static partial int XRRQueryExtension(nint display, out int firstEvent, out int firstError);

    [LibraryImport(Randr)]
    public static unsafe partial MonitorInfo* XRRGetMonitors(nint display, nuint window, int active, out int count);

    [LibraryImport(Randr)]
    public static unsafe partial void XRRFreeMonitors(MonitorInfo* monitors);

    [LibraryImport(Composite)]
    private static partial int XCompositeQueryExtension(nint display, out int firstEvent, out int firstError);

    [LibraryImport(Composite)]
    public static partial void XCompositeRedirectWindow(nint display, nuint window, int update);

    [LibraryImport(Composite)]
    public static partial nuint XCompositeNameWindowPixmap(nint display, nuint window);

    [LibraryImport(C, EntryPoint = "shmget")]
    public static partial int SharedGet(int key, nuint size, int flags);

    [LibraryImport(C, EntryPoint = "shmat")]
    public static partial nint SharedAttach(int id, nint address, int flags);

    [LibraryImport(C, EntryPoint = "shmdt")]
    public static partial int SharedDetach(nint address);

    [LibraryImport(C, EntryPoint = "shmctl")]
    public static partial int SharedControl(int id, int command, nint buffer);

    [LibraryImport(C, EntryPoint = "poll")]
    public static partial int Poll(ref PollEntry entry, nuint count, int milliseconds);

    /// <summary><c>XShmSegmentInfo</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Segment
    {
        public nuint Name;
        public int Id;
        public nint Address;
        public int ReadOnly;
    }

    /// <summary><c>XFixesCursorImage</c>; pixels are unsigned longs, premultiplied ARGB.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct CursorImage
    {
        public short X, Y;
        public ushort Width, Height, HotX, HotY;
        public nuint Serial;
        public nuint* Pixels;
        public nuint Atom;
        public nint Name;
    }

    /// <summary><c>XRRMonitorInfo</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MonitorInfo
    {
        public nuint Name;
        public int Primary, Automatic, Outputs, X, Y, Width, Height, MillimetresWide, MillimetresHigh;
        public nint OutputIds;
    }

    /// <summary><c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Wanted, Happened;
    }
}
