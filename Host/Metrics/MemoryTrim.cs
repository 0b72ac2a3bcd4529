using System.Runtime;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Metrics;

/// <summary>
/// Gives memory back after a crowd has left. An idle process collects nothing by itself, and keeps what a meeting of hundreds took until the next one; once
/// half of the channels are closed for good, one thorough collection is cheap, since little is alive, and nobody much is there to notice.
/// </summary>
/// <param name="channels">Open channels at this moment.</param>
/// <param name="time">For looking.</param>
/// <param name="collect">Collects.</param>
/// <param name="log">Told of each collection.</param>
internal sealed partial class MemoryTrim(Func<long> channels, TimeProvider time, Action collect, ILogger log)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>A few that come and go are no crowd.</summary>
    public const int Crowd = 100;

    private long _most;
    private long _last;

    /// <summary>Looks until the token ends.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Ticker.RunAsync(Interval, time, Look, cancellationToken);

    /// <summary>Collects when half of a crowd has left and no more are leaving.</summary>
    public void Look()
    {
        long now = channels(), before = _last;
        _last = now;
        if (now > _most) _most = now;
        if (_most < Crowd || now > _most / 2 || now != before) return;
        HostLog.MemoryTrimmed(log, _most, now);
        _most = now;
        collect();
    }

    /// <summary>The managed heap, then what native libraries (TLS) have freed and the C library still holds.</summary>
    public static void Collect()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        // TLS contexts are freed by their finalizers only.
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = TrimNative(0);
        }
        catch (EntryPointNotFoundException)
        {
            // A C library without it (musl) keeps less anyway.
        }
    }

    /// <summary>
    /// The C library's heap in no more parts than there are processors (those that exist already stay), to be called before threads begin more of them. By default there may be eight for each
    /// processor: every crowd leaves its few long-lived pieces in other parts, between which nothing can be given back.
    /// </summary>
    public static void LimitArenas()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = SetNative(ArenaMax, Environment.ProcessorCount);
        }
        catch (EntryPointNotFoundException)
        {
            // A C library without it (musl) has one part.
        }
    }

    private const int ArenaMax = -8; // M_ARENA_MAX of mallopt(3)

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetNative(int what, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimNative(nuint pad);
}
