using System.Diagnostics;
using LanCollab.Tests.Support.Scripted;

namespace LanCollab.Benchmarks.Loads;

/// <summary>
/// The chat checker at length: <c>checker --lines 200000 --clients 50 --kills 5 --disturbances 30 --seed 1</c>. Fails when anything was lost, doubled, swapped or left out.
/// </summary>
internal static class CheckerCommand
{
    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var settings = new Settings(arguments);
        var options = new TrialOptions(
            settings.Number("clients", 50), settings.Number("lines", 200_000), settings.Number("kills", 5),
            settings.Number("disturbances", 30), settings.Number("seed", Random.Shared.Next(1, 1_000_000)))
        {
            Patience = TimeSpan.FromMinutes(settings.Number("minutes", 60)),
        };
        long start = Stopwatch.GetTimestamp();
        TrialResult result = await ChatTrial.RunAsync(options, Console.WriteLine);
        Print(options, result, Stopwatch.GetElapsedTime(start));
        foreach (string refusal in result.Refusals.Distinct()) Console.WriteLine($"refused: {refusal}");
        if (!result.Verdict.IsGood) throw new InvalidOperationException($"{result.Verdict}");
    }

    private static void Print(TrialOptions options, TrialResult result, TimeSpan took) => Result.Print("checker",
        ("seed", options.Seed), ("clients", options.People), ("lines", result.Verdict.Lines), ("kills", options.Kills), ("disturbances", options.Disturbances),
        ("brokenConnections", result.Strikes), ("channels", result.Channels), ("entered", result.Entered), ("resumed", result.Resumed),
        ("lost", result.Verdict.Lost), ("duplicate", result.Verdict.Duplicate), ("outOfOrder", result.Verdict.OutOfOrder), ("gaps", result.Verdict.Gaps),
        ("different", result.Verdict.Different), ("phantom", result.Verdict.Phantom), ("seconds", took.TotalSeconds));
}
