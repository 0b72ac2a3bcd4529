using System.Diagnostics;
using System.Globalization;

namespace LanCollab.Benchmarks.Relay;

/// <summary>A process of this program with a command of its own, on one core, that answers each line with a line.</summary>
internal sealed class LoadProcess : IAsyncDisposable
{
    private readonly Process _process;

    private LoadProcess(Process process) => _process = process;

    /// <summary>Its number in the system.</summary>
    public int Id => _process.Id;

    /// <summary>The words behind <c>ready</c>.</summary>
    public string[] Ready { get; private set; } = [];

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="launcher">Puts it on a core.</param>
    /// <param name="arguments">Its command.</param>
    public static async Task<LoadProcess> StartAsync(IReadOnlyList<string> launcher, params IEnumerable<string> arguments)
    {
        string[] command = [.. launcher, "dotnet", typeof(LoadProcess).Assembly.Location, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var load = new LoadProcess(Process.Start(start)!);
        load.Ready = await load.ReadAsync("ready");
        return load;
    }

    /// <summary>Says a line; gives the numbers of the answer.</summary>
    public async Task<double[]> AskAsync(string line, string answer)
    {
        await _process.StandardInput.WriteLineAsync(line);
        return [.. (await ReadAsync(answer)).Select(w => double.Parse(w, CultureInfo.InvariantCulture))];
    }

    private async Task<string[]> ReadAsync(string word)
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            if (line.StartsWith(word, StringComparison.Ordinal)) return line.Split(' ')[1..];
        throw new IOException($"a load process ended before it said \"{word}\"");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
