using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using LanCollab.Host.Configuration;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Roles;

/// <summary>Processes of this same program, ended together with it.</summary>
internal sealed partial class ChildProcesses(CommandLine command, ILogger log, TimeProvider time) : IAsyncDisposable
{
    private const int Sigterm = 15;
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(6); // They take 5 at most.
    private readonly List<ChildProcess> _children = [];

    /// <summary>Starts a role with this program's own settings and these on top.</summary>
    public ChildProcess Start(string role, Dictionary<string, string> settings)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        // Started through "dotnet LanCollab.dll" the program is the first argument.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(ChildProcesses).Assembly.Location);
        foreach (string argument in (string[])["--role", role, "--config", command.ConfigDirectory, "--lifeline", "stdin"]) start.ArgumentList.Add(argument);
        // Later ones win: what this role must have stands after what was typed.
        foreach ((string key, string? value) in command.Settings) start.ArgumentList.Add($"--{key}={value}");
        foreach ((string key, string value) in settings) start.ArgumentList.Add($"--{key}={value}");
        var child = new ChildProcess(Process.Start(start)!, role);
        HostLog.ChildStarted(log, role, child.Process.Id);
        _children.Add(child);
        return child;
    }

    /// <summary>Waits until one of them has ended.</summary>
    public Task FirstExitAsync(CancellationToken stopping) => Task.WhenAny(_children.Select(c => c.Process.WaitForExitAsync(stopping))).Unwrap();

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(StopTime, time);
        foreach (ChildProcess child in Enumerable.Reverse(_children))
            if (!child.Process.HasExited) Terminate(child.Process);
        foreach (ChildProcess child in _children)
        {
            await child.Process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!child.Process.HasExited) child.Process.Kill();
            child.Process.Dispose();
        }
    }

    private static void Terminate(Process process)
    {
        if (OperatingSystem.IsWindows()) process.Kill();
        else _ = Kill(process.Id, Sigterm);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}

/// <summary>One child and what it prints.</summary>
internal sealed class ChildProcess
{
    private readonly Channel<string> _lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropOldest });

    public ChildProcess(Process process, string role)
    {
        Process = process;
        Role = role;
        process.OutputDataReceived += (_, e) =>
        {
            if (e.Data is null) _lines.Writer.TryComplete();
            else _lines.Writer.TryWrite(e.Data);
        };
        process.BeginOutputReadLine();
    }

    public Process Process { get; }

    public string Role { get; }

    /// <summary>The next printed line that fits.</summary>
    /// <exception cref="IOException">The child has ended before.</exception>
    public async Task<string> LineAsync(Predicate<string> fits, CancellationToken cancellationToken)
    {
        await foreach (string line in _lines.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            if (fits(line)) return line;
        await Process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        throw new ChildEndedException(Role, Process.ExitCode);
    }
}
