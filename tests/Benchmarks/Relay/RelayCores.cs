using System.Globalization;

namespace LanCollab.Benchmarks.Relay;

/// <summary>What is measured has a core to itself; all load is on another one.</summary>
internal static class RelayCores
{
    public const int Measured = 0, Load = 1;

    private const double TicksPerSecond = 100; // USER_HZ, fixed in the kernel's interface

    /// <summary>Starts a program on that core; nothing where there is only one.</summary>
    public static IReadOnlyList<string> Launcher(int core) => Environment.ProcessorCount > 1 ? ["taskset", "-c", $"{core}"] : [];

    /// <summary>As <see cref="Launcher"/>, ahead of all others on that core, which only root may: a sender that waits for the viewers' thread sends in bursts afterwards.</summary>
    public static IReadOnlyList<string> FirstLauncher(int core) => Environment.IsPrivilegedProcess && Environment.ProcessorCount > 1 ? ["chrt", "-f", "1", .. Launcher(core)] : Launcher(core);

    /// <summary>Seconds of a process in user and kernel mode: fields 14 and 15, counted from the end of the name, which may hold spaces.</summary>
    public static (double User, double Kernel) CpuOf(int process)
    {
        string[] fields = File.ReadAllText($"/proc/{process}/stat").Split(')')[^1].Split(' ');
        return (double.Parse(fields[12], CultureInfo.InvariantCulture) / TicksPerSecond, double.Parse(fields[13], CultureInfo.InvariantCulture) / TicksPerSecond);
    }
}
