using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LanCollab.Benchmarks.Files;

/// <summary>Programs of the distribution that are measured beside ours.</summary>
internal static class Packages
{
    /// <summary>Where a program is, also in the folders of the administrator.</summary>
    public static string Find(string program) => Places(program).FirstOrDefault(File.Exists) ?? program;

    /// <summary>Installs a package when its program is missing.</summary>
    public static async Task RequireAsync(string program, string package)
    {
        if (!Places(program).Any(File.Exists) && !await InstallAsync(package)) throw new InvalidOperationException($"{package} could not be installed; run apt-get install {package}");
    }

    /// <summary>Installs the package of a library that is missing, where there is one: what is measured is this program as its command installs it.</summary>
    public static async Task TryAsync(string package, string library)
    {
        if (NativeLibrary.TryLoad(library, out _) || !File.Exists("/proc/cpuinfo") || !File.ReadAllText("/proc/cpuinfo").Contains(" vaes", StringComparison.Ordinal)) return;
        if (!await InstallAsync(package)) Console.WriteLine($"{package} could not be installed: records are OpenSSL's.");
    }

    private static async Task<bool> InstallAsync(string package)
    {
        using var install = Process.Start(new ProcessStartInfo("apt-get", ["install", "-y", "-q", "--no-install-recommends", package])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["DEBIAN_FRONTEND"] = "noninteractive" },
        })!;
        await Task.WhenAll(install.StandardOutput.ReadToEndAsync(), install.StandardError.ReadToEndAsync(), install.WaitForExitAsync());
        return install.ExitCode == 0;
    }

    private static IEnumerable<string> Places(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/sbin", "/sbin"]).Select(folder => Path.Combine(folder, program));
}
