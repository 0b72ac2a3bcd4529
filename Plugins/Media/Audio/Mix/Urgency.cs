using System.Runtime.InteropServices;

namespace LanCollab.Plugins.Media.Audio.Mix;

/// <summary>
/// Lets a thread go before others: sound that is late is lost, everything else can wait for some milliseconds. The runtime's own priorities do nothing on Linux,
/// where each thread has a nice value (setpriority(2)); to lower it takes root, CAP_SYS_NICE or RLIMIT_NICE, as sound servers are given.
/// </summary>
internal static partial class Urgency
{
    /// <summary>The nice value.</summary>
    public const int Nice = -10;

    private const int Process = 0, ThisThread = 0;
    private const int Other = 0, ResetOnFork = 0x4000_0000; // sched(7)

    [ThreadStatic]
    private static bool _asked, _raised;

    /// <summary>True when the calling thread goes before others.</summary>
    public static bool IsRaised => _raised;

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int nice);

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetScheduler(int thread, int policy, in int priority);

    /// <summary>
    /// For the calling thread, and for none that it starts: the pool's are born on whatever thread there is work on. Where it is not allowed all stays as it is.
    /// </summary>
    public static void Raise()
    {
        // Called for each packet by those who have a thread lent.
        if (_asked) return;
        _asked = true;
        if (OperatingSystem.IsLinux()) _raised = SetScheduler(ThisThread, Other | ResetOnFork, 0) == 0 && SetPriority(Process, ThisThread, Nice) == 0;
        else
        {
            Thread.CurrentThread.Priority = ThreadPriority.Highest;
            _raised = true;
        }
    }
}
