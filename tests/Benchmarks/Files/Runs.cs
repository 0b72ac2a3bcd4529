namespace LanCollab.Benchmarks.Files;

/// <summary>What the contenders did in one direction, round by round.</summary>
internal sealed class Runs
{
    private readonly Dictionary<string, (List<double> Rates, List<double> Cpu)> _runs = [];

    /// <summary>One more run.</summary>
    /// <param name="who">The contender.</param>
    /// <param name="rate">MiB per second.</param>
    /// <param name="cpu">Milliseconds of processor time per MiB, of all its processes together.</param>
    public void Add(string who, double rate, double cpu)
    {
        if (!_runs.TryGetValue(who, out var runs)) _runs[who] = runs = ([], []);
        runs.Rates.Add(rate);
        runs.Cpu.Add(cpu);
    }

    /// <summary>Prints the medians, and this program's rate as a part of nginx's.</summary>
    public void Print(string name, Workload workload)
    {
        List<(string, double)> values = [("rounds", _runs.Values.Max(runs => runs.Rates.Count))];
        foreach (var (who, (rates, cpu)) in _runs.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            values.AddRange([($"{who}MiBPerSecond", rates.Median()), ($"{who}CpuMsPerMiB", cpu.Median())]);
        if (_runs.TryGetValue("lancollab", out var ours) && _runs.TryGetValue("nginx", out var nginx)) values.Add(("ratio", ours.Rates.Median() / nginx.Rates.Median()));
        Result.Print($"{name} {workload.Name}", [.. values]);
    }
}
