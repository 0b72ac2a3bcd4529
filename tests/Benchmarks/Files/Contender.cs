namespace LanCollab.Benchmarks.Files;

/// <summary>Somebody who stores files on a server over TLS and fetches them again, all on this machine.</summary>
internal interface IContender : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Sends all of it at the same time; returns when the server has it.</summary>
    Task PutAsync(Workload workload);

    /// <summary>Fetches all of it at the same time to a disk.</summary>
    Task GetAsync(Workload workload);

    /// <summary>Removes what was sent and fetched.</summary>
    Task ClearAsync(Workload workload);

    /// <summary>Removes what was fetched.</summary>
    void ClearReceived();

    /// <summary>CPU time of all its processes so far.</summary>
    TimeSpan Cpu { get; }
}

/// <summary>What the kernel knows of a process.</summary>
internal static class ProcessFacts
{
    private const double TicksPerSecond = 100; // sysconf(_SC_CLK_TCK) of every Linux here

    /// <summary>User and system time.</summary>
    public static TimeSpan Cpu(int process) => Times(process, 11);

    /// <summary>The same of all programs that were started here and have ended.</summary>
    public static TimeSpan EndedChildrenCpu() => Times(Environment.ProcessId, 13);

    private static TimeSpan Times(int process, int first)
    {
        string stat = File.ReadAllText($"/proc/{process}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds(fields[first..(first + 2)].Sum(long.Parse) / TicksPerSecond);
    }

    /// <summary>The most memory it has had, in MiB. Pages of mapped files count, too.</summary>
    public static double PeakMiB(int process) => Field(process, "VmHWM:") / 1024.0;

    /// <summary>What is resident at the moment without pages of mapped files, in MiB.</summary>
    public static double OwnMiB(int process) => (Field(process, "VmRSS:") - Field(process, "RssFile:")) / 1024.0;

    private static long Field(int process, string name) =>
        long.Parse(File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith(name, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1]);
}
