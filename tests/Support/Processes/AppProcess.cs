using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LanCollab.Tests.Support.Processes;

/// <summary>A real process of the program. What it prints is kept; a test that fails shows it.</summary>
public sealed partial class AppProcess : IAsyncDisposable
{
    private const int Sigterm = 15, Sigkill = 9, Sigstop = 19, Sigcont = 18;

    /// <summary>A start on a busy two-core machine, plugins and native libraries included.</summary>
    private static readonly TimeSpan StartPatience = Recorded<string>.Patience;

    private readonly Process _process;
    private readonly string _title;
    private bool _disposed;

    private AppProcess(string title, ProcessStartInfo start)
    {
        _title = title;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        Lines = new Recorded<string>($"a line of {title}");
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Starts the program.</summary>
    /// <param name="title">For messages.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="launcher">A program that starts it in its own place, such as <c>taskset -c 0</c>; for measurements.</param>
    public static AppProcess Start(string title, IEnumerable<string> arguments, params IReadOnlyList<string> launcher)
    {
        string[] command = [.. launcher, "dotnet", Repository.Program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        // A test must not depend on the settings of the machine it runs on.
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("LANCOLLAB_", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        return new AppProcess(title, start);
    }

    /// <summary>What it printed, standard output and error together.</summary>
    public Recorded<string> Lines { get; }

    /// <summary>All that it printed, for messages.</summary>
    public string Output => $"--- {_title} ---\n{string.Join('\n', Lines.All)}\n";

    /// <summary>True after its end.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The process's id.</summary>
    public int Id => _process.Id;

    /// <summary>Waits for a printed line that contains a text.</summary>
    public async Task<string> WaitLineAsync(string text)
    {
        using var dead = new CancellationTokenSource();
        Task<string> line = Lines.WaitAsync(l => l.Contains(text, StringComparison.Ordinal), StartPatience);
        if (await Task.WhenAny(line, _process.WaitForExitAsync(dead.Token)) == line || Lines.All.Any(l => l.Contains(text, StringComparison.Ordinal)))
        {
            await dead.CancelAsync();
            return await line;
        }
        throw new InvalidOperationException($"It ended with exit code {_process.ExitCode} before it printed \"{text}\".\n{Output}");
    }

    /// <summary>Waits for its end and gives the exit code.</summary>
    public async Task<int> WaitExitAsync()
    {
        using var patience = new CancellationTokenSource(StartPatience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>SIGTERM, as a person or systemd stops it; gives the exit code.</summary>
    public Task<int> StopAsync()
    {
        Signal(Sigterm);
        return WaitExitAsync();
    }

    /// <summary>SIGKILL: no chance to tidy up.</summary>
    public Task<int> KillAsync()
    {
        Signal(Sigkill);
        return WaitExitAsync();
    }

    /// <summary>SIGSTOP: it hangs, its connections stay open.</summary>
    public void Suspend() => Signal(Sigstop);

    /// <summary>SIGCONT.</summary>
    public void Continue() => Signal(Sigcont);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null) Lines.Add(line);
    }

    private void Signal(int signal)
    {
        if (!_process.HasExited) kill(_process.Id, signal);
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
