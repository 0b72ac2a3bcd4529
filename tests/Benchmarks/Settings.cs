using System.Globalization;

namespace LanCollab.Benchmarks;

/// <summary>Settings of one command: <c>--lines 200000 --seed 7</c>.</summary>
internal sealed class Settings
{
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="ArgumentException">A setting without a name or without a value.</exception>
    public Settings(IReadOnlyList<string> arguments)
    {
        if (arguments.Count % 2 != 0) throw new ArgumentException($"\"{arguments[^1]}\" has no value; settings are --name value.");
        for (int i = 0; i < arguments.Count; i += 2)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal)) throw new ArgumentException($"\"{arguments[i]}\" is no setting; settings are --name value.");
            _values[arguments[i][2..]] = arguments[i + 1];
        }
    }

    /// <summary>A whole number, or what it is by default.</summary>
    public int Number(string name, int otherwise) => _values.TryGetValue(name, out string? value)
        ? int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number)
            ? number : throw new ArgumentException($"--{name} {value} is no whole number.")
        : otherwise;

    /// <summary>A word, or what it is by default.</summary>
    public string Word(string name, string otherwise) => _values.GetValueOrDefault(name, otherwise);
}
