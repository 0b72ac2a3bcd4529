using System.Globalization;

namespace LanCollab.Benchmarks;

/// <summary>Lines <c>result &lt;name&gt; key=value …</c>; each key ends in its unit.</summary>
internal static class Result
{
    /// <summary>Prints one line.</summary>
    public static void Print(string name, params ReadOnlySpan<(string Key, double Value)> figures)
    {
        string line = $"result {name}";
        foreach ((string key, double value) in figures) line += string.Create(CultureInfo.InvariantCulture, $" {key}={Rounded(value)}");
        Console.WriteLine(line);
    }

    /// <summary>The middle of several runs: one that was disturbed does not count.</summary>
    public static double Median(this IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    // Three digits that mean something; whole numbers as they are.
    private static string Rounded(double value)
    {
        int digits = Math.Abs(value) < 100 && value != 0 ? 2 - (int)Math.Floor(Math.Log10(Math.Abs(value))) : 0;
        return Math.Round(value, Math.Clamp(digits, 0, 6)).ToString(CultureInfo.InvariantCulture);
    }
}
