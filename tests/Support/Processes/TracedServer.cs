using System.Diagnostics;
using System.Globalization;

namespace LanCollab.Tests.Support.Processes;

/// <summary>A server below <c>strace</c>, which makes some of its system calls fail. A strace that is killed leaves its program alone: disposing ends that one first.</summary>
/// <param name="strace">The process id of strace.</param>
public sealed class TracedServer(int strace) : IAsyncDisposable
{
    /// <summary>True where strace is installed.</summary>
    public static bool CanTrace => new[] { "/usr/bin/strace", "/bin/strace" }.Any(File.Exists);

    /// <summary>What starts a program so that calls fail.</summary>
    /// <param name="log">Where the failed calls are listed.</param>
    /// <param name="paths">The files whose calls are meant.</param>
    /// <param name="inject">See strace(1): <c>fsync,fdatasync:error=EIO</c>.</param>
    public static IReadOnlyList<string> Launcher(string log, IEnumerable<string> paths, string inject) =>
    [
        "strace", "-f", "--seccomp-bpf", "-qq", "-o", log, .. paths.SelectMany(path => new[] { "-P", path }), "-e", $"trace={inject.Split(':')[0]}", "-e", $"inject={inject}",
    ];

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (string child in (await File.ReadAllTextAsync($"/proc/{strace}/task/{strace}/children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            using Process program = Process.GetProcessById(int.Parse(child, CultureInfo.InvariantCulture));
            program.Kill();
        }
    }
}
