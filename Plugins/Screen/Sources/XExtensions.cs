using System.Runtime.InteropServices;

namespace LanCollab.Plugins.Screen;

/// <summary>
/// Extensions of X11, each of which may be missing, as library or on the display: MIT-SHM (pictures in shared memory), DAMAGE (what has changed),
/// XFIXES (the pointer's shape), RANDR (monitors), Composite (windows that others cover), XInput 2 (that the pointer moves). And what the C library has to
/// wait for a display.
/// </summary>
internal static partial class XExtensions
{
    private const string Ext = "libXext.so.6", Damage = "libXdamage.so.1", Fixes = "libXfixes.so.3", Randr = "libXrandr.so.2", Composite = "libXcomposite.so.1", Input = "libXi.so.6";
    private const string C = "libc";

    public static bool HasShm(nint display) => Try(() => XShmQueryExtension(display) != 0);

    /// <summary>For <see cref="XFixesSelectCursorInput"/>: tell when the pointer has another shape.</summary>
    public const nuint CursorShape = 1;

    private const int AllMasterDevices = 1, RawMotion = 17, InputMajor = 2, InputMinor = 2;

    public static bool HasRandr(nint display) => Try(() => XRRQueryExtension(display, out _, out _) != 0);

    public static bool HasComposite(nint display) => Try(() => XCompositeQueryExtension(display, out _, out _) != 0);

    /// <summary>The number of its first event, or null.</summary>
    public static int? DamageEvents(nint display)
    {
        int first = 0;
        return Try(() => XDamageQueryExtension(display, out first, out _) != 0) ? first : null;
    }

    /// <summary>The number of the event that tells of the pointer's shape, or null.</summary>
    public static int? FixesEvents(nint display)
    {
        int first = 0;
        return Try(() => XFixesQueryExtension(display, out first, out _) != 0) ? first + 1 : null;
    }

    /// <summary>The extension code of XInput's events (version 2.2, which tells also what is grabbed), or null.</summary>
    public static int? InputCode(nint display)
    {
        int code = 0, major = InputMajor, minor = InputMinor;
        return Try(() => X11.XQueryExtension(display, "XInputExtension", out code, out _, out _) != 0 && XIQueryVersion(display, ref major, ref minor) == 0) ? code : null;
    }

    /// <summary>Has each motion of any pointer told, or none (XI2, "XISelectEvents").</summary>
    public static unsafe void SelectMotion(nint display, nuint root, bool listen)
    {
        byte* bits = stackalloc byte[RawMotion / 8 + 1];
        bits[RawMotion / 8] = (byte)(listen ? 1 << RawMotion % 8 : 0);
        var mask = new InputMask { Device = AllMasterDevices, Length = RawMotion / 8 + 1, Bits = (nint)bits };
        _ = XISelectEvents(display, root, in mask, 1);
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

    [LibraryImport(Fixes)]
    public static partial void XFixesSelectCursorInput(nint display, nuint window, nuint wanted);

    [LibraryImport(Input)]
    private static partial int XIQueryVersion(nint display, ref int major, ref int minor);

    [LibraryImport(Input)]
    private static partial int XISelectEvents(nint display, nuint window, in InputMask masks, int count);

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

    [LibraryImport(C, EntryPoint = "ppoll")]
    public static partial int Poll(ref PollEntry first, nuint count, in TimeLimit limit, nint signals);

    [LibraryImport(C, EntryPoint = "eventfd")]
    public static partial int EventDescriptor(uint first, int flags);

    [LibraryImport(C, EntryPoint = "read")]
    public static partial nint Read(int descriptor, out ulong count, nuint length);

    [LibraryImport(C, EntryPoint = "write")]
    public static partial nint Write(int descriptor, in ulong count, nuint length);

    [LibraryImport(C, EntryPoint = "close")]
    public static partial int Close(int descriptor);

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

    /// <summary><c>XIEventMask</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct InputMask
    {
        public int Device, Length;
        public nint Bits;
    }

    /// <summary><c>struct timespec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TimeLimit
    {
        public nint Seconds, Nanoseconds;

        /// <summary>The same as a length of time that is not negative.</summary>
        public static TimeLimit Of(TimeSpan time) => new()
        {
            Seconds = (nint)(time.Ticks / TimeSpan.TicksPerSecond),
            Nanoseconds = (nint)(time.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick),
        };
    }

    /// <summary><c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Wanted, Happened;
    }
}
