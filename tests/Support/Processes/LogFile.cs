using System.Text.RegularExpressions;

namespace LanCollab.Tests.Support.Processes;

/// <summary>A process's log, while it is being written.</summary>
public static class LogFile
{
    /// <summary>All that stands in it so far.</summary>
    public static async Task<string> ReadAsync(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite));
        return await reader.ReadToEndAsync();
    }

    /// <summary>Looks into it until something is there; the log is written a little after the fact.</summary>
    public static async Task<Match> WaitAsync(string path, string pattern)
    {
        using var patience = new CancellationTokenSource(Recorded<string>.Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            if (Regex.Match(await ReadAsync(path), pattern) is { Success: true } found) return found;
            await look.WaitForNextTickAsync(patience.Token);
        }
    }
}
