namespace LanCollab.Benchmarks.Files;

/// <summary>What the contenders did in one direction, round by round.</summary>
internal sealed class Runs
{
    /// <summary>This program, as it is, with OpenSSL's own records, and with .NET's TLS.</summary>
    public const string Ours = "lancollab", OursWithOpenSslRecords = "lancollabOpenSslRecords", OursOverSslStream = "lancollabSslStream";

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

    /// <summary>
    /// Prints the medians, and this program's rate as a part of nginx's; in lines of their own those of bare loops (over SslStream, and over OpenSSL directly), the rate of the one with hashes as a part of nginx's, and this
    /// program's as a part of that.
    /// </summary>
    /// <param name="part">What was done.</param>
    /// <param name="workload">With what.</param>
    public void Print(string part, Workload workload)
    {
        Print($"files {part} {workload.Name}", [Ours, OursWithOpenSslRecords, OursOverSslStream, "nginx"], ("ratio", Ours, "nginx"), ("openSslRecordsRatio", OursWithOpenSslRecords, "nginx"), ("sslStreamRatio", OursOverSslStream, "nginx"));
        string bare = BareKind.SslStream.Name, hashed = BareKind.SslStreamHashed.Name;
        Print($"files-bare {part} {workload.Name}", [bare, hashed], ("hashedToNginx", hashed, "nginx"), ("lancollabToHashed", Ours, hashed));
        string direct = BareKind.OpenSsl.Name, directHashed = BareKind.OpenSslHashed.Name, piped = BareKind.OpenSslPiped.Name;
        Print($"files-openssl {part} {workload.Name}", [direct, directHashed, piped], ("hashedToNginx", directHashed, "nginx"), ("lancollabToHashed", Ours, directHashed), ("pipedToNginx", piped, "nginx"), ("lancollabToPiped", Ours, piped));
    }

    private void Print(string name, string[] contenders, params ReadOnlySpan<(string Name, string Who, string Beside)> ratios)
    {
        string[] here = [.. contenders.Where(_runs.ContainsKey)];
        if (here.Length == 0) return;
        List<(string, double)> values = [("rounds", _runs[here[0]].Rates.Count)];
        foreach (string who in here) values.AddRange([($"{who}MiBPerSecond", _runs[who].Rates.Median()), ($"{who}CpuMsPerMiB", _runs[who].Cpu.Median())]);
        foreach ((string ratio, string who, string beside) in ratios)
            if (_runs.TryGetValue(who, out var its) && _runs.TryGetValue(beside, out var others)) values.Add((ratio, its.Rates.Median() / others.Rates.Median()));
        Result.Print(name, [.. values]);
    }
}
