using System.Runtime.InteropServices;

namespace LanCollab.Host.Roles;

/// <summary>
/// The end of the program, asked for once and bounded: what hangs in spite of all its own limits (a plugin's native call, a foreground thread) is left behind.
/// </summary>
/// <param name="stop">Is cancelled when the end begins.</param>
/// <param name="bound">All of the end, from the signal on.</param>
/// <param name="time">For the bound.</param>
/// <param name="giveUp">Called when the bound is over.</param>
internal sealed class Shutdown(CancellationTokenSource stop, TimeSpan bound, TimeProvider time, Action giveUp)
{
    /// <summary>Of a server or a client.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);

    /// <summary>Of a demo, which waits for its children.</summary>
    public static readonly TimeSpan DemoBound = TimeSpan.FromSeconds(8);

    // Static, so that it is there after the last line of the program, when a plugin's foreground thread still holds the process.
    private static ITimer? s_bound;

    private int _begun;

    public void Begin(PosixSignalContext signal)
    {
        signal.Cancel = true;
        Begin();
    }

    public void Begin()
    {
        if (Interlocked.Exchange(ref _begun, 1) == 1) return;
        s_bound = time.CreateTimer(_ => giveUp(), null, bound, Timeout.InfiniteTimeSpan);
        stop.Cancel();
    }

    /// <summary>Ends the process with a sentence.</summary>
    public static void LeaveBehind()
    {
        Console.Error.WriteLine("Not everything ended in time; the rest is left behind.");
        NLog.LogManager.Flush(TimeSpan.FromMilliseconds(300));
        Environment.Exit((int)ExitCode.Failed);
    }
}

/// <summary>The time that is left of several steps that share one bound.</summary>
internal sealed class Deadline(TimeSpan total, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>How long a step may take that would like to have so much; never less than a moment, so that each is at least begun.</summary>
    public TimeSpan Left(TimeSpan wanted)
    {
        TimeSpan left = total - time.GetElapsedTime(_start);
        return left < Moment ? Moment : left < wanted ? left : wanted;
    }

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);
}
