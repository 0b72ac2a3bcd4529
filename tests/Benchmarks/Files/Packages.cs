using System.Diagnostics;

namespace LanCollab.Benchmarks.Files;

/// <summary>Programs of the distribution that are measured beside ours.</summary>
internal static class Packages
{
    /// <summary>Where a program is, also in the folders of the administrator.</summary>
    public static string Find(string program) => Places(program).FirstOrDefault(File.Exists) ?? program;

    /// <summary>Installs a package when its program is missing.</summary>
    public static async Task RequireAsync(string program, string package)
    {
        if (Places(program).Any(File.Exists)) return;
        using var install = Process.Start(new ProcessStartInfo("apt-get", ["install", "-y", "-q", "--no-install-recommends", package])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["DEBIAN_FRONTEND"] = "noninteractive" },
        })!;
        await Task.WhenAll(install.StandardOutput.ReadToEndAsync(), install.StandardError.ReadToEndAsync(), install.WaitForExitAsync());
        if (install.ExitCode != 0) throw new InvalidOperationException($"{package} could not be installed; run apt-get install {package}");
    }

    private static IEnumerable<string> Places(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/sbin", "/sbin"]).Select(folder => Path.Combine(folder, program));
}
