using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace LanCollab.Host.Metrics;

/// <summary>What every Prometheus client tells of its process, under the usual names, and the collector's work.</summary>
internal static class ProcessMetrics
{
    public static void AddTo(MetricSet metrics, TimeProvider time)
    {
        AddProcess(metrics.Create("process", "process"));
        AddCollector(metrics.Create("dotnet", "dotnet"));
        long start = time.GetTimestamp();
        Meter shell = metrics.Create("program", MetricSet.Prefix);
        shell.CreateObservableGauge("uptime", () => time.GetElapsedTime(start).TotalSeconds, "s", "Time since the start.");
        shell.CreateObservableGauge("build_info", () => new Measurement<int>(1, [new("version", Roles.ProgramVersion.Text), new("runtime", Environment.Version.ToString())]),
            null, "The program's version; the value is always 1.");
    }

    private static void AddProcess(Meter meter)
    {
        meter.CreateObservableCounter("cpu", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "User and system CPU time.");
        meter.CreateObservableGauge("resident_memory", () => Environment.WorkingSet, "By", "Resident memory.");
        meter.CreateObservableGauge("start_time", StartTime, "s", "Start of the process since the Unix epoch.");
        meter.CreateObservableGauge("threads", () => Process.GetCurrentProcess().Threads.Count, null, "Threads of the system.");
        if (OperatingSystem.IsLinux())
            meter.CreateObservableGauge("open_fds", () => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count(), null, "Open file descriptors.");
    }

    private static void AddCollector(Meter meter)
    {
        meter.CreateObservableCounter("gc_collections", Collections, null, "Garbage collections by generation.");
        meter.CreateObservableCounter("gc_pause", () => GC.GetTotalPauseDuration().TotalSeconds, "s", "Time the collector stopped everything.");
        meter.CreateObservableCounter("gc_allocated", () => GC.GetTotalAllocatedBytes(), "By", "Bytes allocated since the start.");
        meter.CreateObservableGauge("gc_heap_size", () => GC.GetTotalMemory(forceFullCollection: false), "By", "The managed heap.");
        meter.CreateObservableGauge("gc_committed", () => GC.GetGCMemoryInfo().TotalCommittedBytes, "By", "Memory the collector has of the system.");
    }

    private static double StartTime()
    {
        using var self = Process.GetCurrentProcess();
        return (self.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds;
    }

    private static IEnumerable<Measurement<long>> Collections()
    {
        for (int generation = 0; generation <= GC.MaxGeneration; generation++)
            yield return new Measurement<long>(GC.CollectionCount(generation), new KeyValuePair<string, object?>("generation", generation));
    }
}
