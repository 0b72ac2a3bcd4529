using System.Diagnostics;
using LanCollab.Tests.Support;

namespace LanCollab.Benchmarks.Screen;

/// <summary>A display of its own with real programs on it: Xvfb, or a server that is given.</summary>
internal sealed class XSession : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<Process> _processes = [];
    private readonly TempFolder _folder = new();

    private XSession(string display) => Display = display;

    /// <summary><c>:77</c>.</summary>
    public string Display { get; }

    /// <summary>The display's server.</summary>
    public Process Server => _processes[0];

    /// <summary>Starts a display of 1920x1080.</summary>
    /// <param name="number">Of the display.</param>
    /// <param name="command">The server's program and arguments, after which the display comes; null: Xvfb.</param>
    public static async Task<XSession> StartAsync(int number, string[]? command = null)
    {
        var session = new XSession($":{number}");
        command ??= ["Xvfb", "-screen", "0", "1920x1080x24", "-nolisten", "tcp", "-noreset"];
        session.Start(command[0], [session.Display, .. command[1..]]);
        await UntilAsync(() => File.Exists($"/tmp/.X11-unix/X{number}"), $"the display {session.Display}");
        return session;
    }

    /// <summary>Writes a file that a program is to show.</summary>
    public string Write(string name, string text)
    {
        string path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A file that a program is to show.</summary>
    public string PathOf(string name) => Path.Combine(_folder.Path, name);

    /// <summary>Starts a program on the display; it ends with the session.</summary>
    public Process Start(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DISPLAY"] = Display;
        Process process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _processes.Add(process);
        return process;
    }

    /// <summary>A page in Chromium that fills the display.</summary>
    public async Task BrowseAsync(string page)
    {
        Start("chromium", "--no-sandbox", "--no-first-run", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-quic", "--password-store=basic", $"--user-data-dir={PathOf("profile")}", "--window-size=1920,1080", "--window-position=0,0", "--kiosk", $"file://{page}");
        await WindowAsync("chromium");
    }

    /// <summary>Waits for a window of a class; gives its number.</summary>
    public async Task<string> WindowAsync(string className)
    {
        string found = "";
        await UntilAsync(() => (found = Read("xdotool", "search", "--onlyvisible", "--class", className).Split('\n')[0]).Length > 0, $"a window of {className}");
        return found;
    }

    /// <summary>Runs a program to its end; gives its output.</summary>
    public string Read(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DISPLAY"] = Display;
        using Process process = Process.Start(start)!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text.Trim();
    }

    public ValueTask DisposeAsync()
    {
        foreach (Process process in Enumerable.Reverse(_processes))
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            process.WaitForExit(TimeSpan.FromSeconds(5));
            process.Dispose();
        }
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task UntilAsync(Func<bool> ready, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!ready())
            try
            {
                await look.WaitForNextTickAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new IOException($"{what} did not appear");
            }
    }
}
