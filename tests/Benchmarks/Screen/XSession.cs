using System.Diagnostics;
using System.Globalization;
using LanCollab.Tests.Support;

namespace LanCollab.Benchmarks.Screen;

/// <summary>A display of its own, of 1920x1080, with real programs on it: Xvfb, or a server that is given. Its number is one that nobody has.</summary>
internal sealed class XSession : IAsyncDisposable
{
    /// <summary>Chromium on a busy machine of two cores takes half of it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly List<Program> _programs = [];
    private readonly TempFolder _folder = new();

    private XSession() { }

    /// <summary><c>:77</c>.</summary>
    public string Display { get; private set; } = "";

    /// <summary>The display's server.</summary>
    public Process Server => _programs[0].Process;

    /// <summary>Starts a display.</summary>
    /// <param name="command">The server's program and arguments; none: Xvfb.</param>
    public static async Task<XSession> StartAsync(params string[] command)
    {
        if (command.Length == 0) command = ["Xvfb", "-screen", "0", "1920x1080x24", "-nolisten", "tcp", "-noreset"];
        var session = new XSession();
        Program server = session.Run(command[0], [.. command[1..], "-displayfd", "1"]);
        // A number that is told is one that the server has got: no file of a display that died long ago is taken for it.
        string number = await session.WithinAsync(server, server.Lines.WaitAsync(line => int.TryParse(line, CultureInfo.InvariantCulture, out _), Patience), "a display's number");
        session.Display = $":{number}";
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
    public Process Start(string program, params IEnumerable<string> arguments) => Run(program, arguments).Process;

    /// <summary>Starts a program and waits for a window of a class; gives the window's number.</summary>
    /// <exception cref="IOException">There is none after a while, or the program has ended; with what it said.</exception>
    public async Task<string> ShowAsync(string className, string program, params IEnumerable<string> arguments)
    {
        using var windows = new XWindows(Display);
        Program started = Run(program, arguments);
        nuint window = await WithinAsync(started, windows.WaitAsync(className), $"a window of {className}");
        return window.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A page in Chromium that fills the display.</summary>
    public Task BrowseAsync(string page) => ShowAsync("chromium", "chromium", "--no-sandbox", "--no-first-run", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--disable-quic", "--password-store=basic", $"--user-data-dir={PathOf("profile")}", "--window-size=1920,1080", "--window-position=0,0", "--kiosk", $"file://{page}");

    /// <summary>Runs a program to its end; gives its output.</summary>
    /// <exception cref="IOException">It failed; with what it said.</exception>
    public string Read(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DISPLAY"] = Display;
        using Process process = Process.Start(start)!;
        Task<string> said = process.StandardError.ReadToEndAsync();
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? text.Trim() : throw new IOException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {said.GetAwaiter().GetResult().Trim()}");
    }

    public ValueTask DisposeAsync()
    {
        foreach (Program program in Enumerable.Reverse(_programs)) program.End();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private Program Run(string name, IEnumerable<string> arguments)
    {
        var program = new Program(name, arguments, Display);
        _programs.Add(program);
        return program;
    }

    /// <summary>Waits for something that a program is to bring about.</summary>
    private async Task<T> WithinAsync<T>(Program program, Task<T> wanted, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        Task ended = program.Process.WaitForExitAsync(patience.Token);
        await Task.WhenAny(wanted, ended).ConfigureAwait(false);
        if (wanted.IsCompletedSuccessfully) return await wanted;
        string all = string.Join('\n', _programs.Select(p => p.Story));
        throw new IOException($"{what} did not appear; {(program.Process.HasExited ? $"{program.Name} has ended" : "time is up")}.\n{all}");
    }

    /// <summary>A program on the display, and what it says.</summary>
    private sealed class Program
    {
        private const int LastLines = 8;

        public Program(string name, IEnumerable<string> arguments, string display)
        {
            Name = name;
            Lines = new Recorded<string>($"a line of {name}");
            var start = new ProcessStartInfo(name, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            if (display.Length > 0) start.Environment["DISPLAY"] = display;
            Process = Process.Start(start)!;
            Process.OutputDataReceived += (_, line) => Keep(line.Data);
            Process.ErrorDataReceived += (_, line) => Keep(line.Data);
            Process.BeginOutputReadLine();
            Process.BeginErrorReadLine();
        }

        public string Name { get; }

        public Process Process { get; }

        public Recorded<string> Lines { get; }

        /// <summary>How it is, and what it said last.</summary>
        public string Story => $"--- {Name}: {(Process.HasExited ? $"ended with {Process.ExitCode}" : "running")} ---\n{string.Join('\n', Lines.All.TakeLast(LastLines))}";

        public void End()
        {
            if (!Process.HasExited) Process.Kill(entireProcessTree: true);
            Process.WaitForExit(TimeSpan.FromSeconds(5));
            Process.Dispose();
        }

        private void Keep(string? line)
        {
            if (line is not null) Lines.Add(line);
        }
    }
}
