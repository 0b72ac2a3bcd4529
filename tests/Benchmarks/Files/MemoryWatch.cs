namespace LanCollab.Benchmarks.Files;

/// <summary>
/// The most memory of some processes while it lives: what is resident without the pages of mapped files (programs, libraries), which the kernel shares and
/// gives back when it needs them. Looked at twenty times a second.
/// </summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly (string Name, int Process)[] _processes;
    private readonly double[] _peaks;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;

    public MemoryWatch(params (string Name, int Process)[] processes)
    {
        (_processes, _peaks) = (processes, new double[processes.Length]);
        _watching = WatchAsync();
    }

    /// <summary>The most so far, in MiB, in the order of the processes.</summary>
    public IReadOnlyList<double> Peaks => _peaks;

    /// <summary>Prints the peaks so far.</summary>
    public void Print(string name) => Result.Print(name,
        [.. _processes.Select((process, i) => ($"{process.Name}PeakMiB", _peaks[i])),
        .. _processes.Select(process => ($"{process.Name}WithFilesMiB", ProcessFacts.PeakMiB(process.Process)))]);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            do
            {
                for (int i = 0; i < _processes.Length; i++) _peaks[i] = Math.Max(_peaks[i], ProcessFacts.OwnMiB(_processes[i].Process));
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // Enough was seen.
        }
    }
}
