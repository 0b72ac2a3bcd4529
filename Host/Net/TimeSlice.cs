using System.Runtime.InteropServices;

namespace LanCollab.Host.Net;

/// <summary>
/// Asks the scheduler to let the calling thread on soon when it wakes, for short stretches: since Linux 6.12 a thread may say how long it wants to run at a time, and one that wants little does not
/// wait until another's stretch, 3 ms by default, is over. Older kernels take it and do nothing. It gets no more of the processor than before.
/// </summary>
internal static unsafe partial class TimeSlice
{
    private const nint SetAttributes = 314, GetAttributes = 315; // sched_setattr, sched_getattr on x64

    /// <summary>Nanoseconds; the kernel takes 0.1 to 100 ms.</summary>
    private const ulong Short = 200_000;

    /// <summary>Linux' <c>struct sched_attr</c>, first version. https://man7.org/linux/man-pages/man2/sched_setattr.2.html</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Attributes
    {
        public uint Size, Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;
        public ulong Runtime, Deadline, Period;
    }

    /// <summary>Of Linux on x64; a scheduler that does not want to hear of it leaves all as it was.</summary>
    public static void AskForShort()
    {
        var now = new Attributes();
        if (Call(GetAttributes, 0, &now, (uint)sizeof(Attributes), 0) != 0) return;
        (now.Size, now.Runtime) = ((uint)sizeof(Attributes), Short);
        _ = Call(SetAttributes, 0, &now, 0, 0);
    }

    /// <summary>Nanoseconds that the calling thread asks for at a time; 0 where the kernel does not tell.</summary>
    public static ulong Asked
    {
        get
        {
            var now = new Attributes();
            return Call(GetAttributes, 0, &now, (uint)sizeof(Attributes), 0) == 0 ? now.Runtime : 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Call(nint number, int thread, Attributes* attributes, uint sizeOrFlags, uint flags);
}
