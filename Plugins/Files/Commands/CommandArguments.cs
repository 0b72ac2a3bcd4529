using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>A command's words: options with a value, switches, the rest.</summary>
internal sealed class CommandArguments
{
    private readonly Dictionary<string, string> _values = [];
    private readonly HashSet<string> _switches = [];

    /// <param name="arguments">As they were typed; after <c>--</c> everything is one of the rest.</param>
    /// <param name="options">Names of options with a value.</param>
    /// <param name="switches">Names of options without.</param>
    /// <exception cref="UserErrorException"><c>bad-arguments</c>.</exception>
    public CommandArguments(IReadOnlyList<string> arguments, IReadOnlyCollection<string> options, IReadOnlyCollection<string> switches)
    {
        var rest = new Queue<string>(arguments);
        while (rest.TryDequeue(out string? argument))
        {
            string[] parts = argument.StartsWith("--", StringComparison.Ordinal) ? argument[2..].Split('=', 2) : [];
            if (parts.Length == 0) Rest.Add(argument);
            else if (parts is [""]) Rest.AddRange(rest.Drain());
            else if (parts.Length == 1 && switches.Contains(parts[0])) _switches.Add(parts[0]);
            else if (options.Contains(parts[0])) _values[parts[0]] = parts.Length == 2 ? parts[1] : rest.TryDequeue(out string? next) ? next : throw Bad($"--{parts[0]} needs a value.");
            else throw Bad($"--{parts[0]} is not known.");
        }
    }

    /// <summary>What is no option.</summary>
    public List<string> Rest { get; } = [];

    /// <summary>An option's value; null: not given.</summary>
    public string? Value(string option) => _values.GetValueOrDefault(option);

    /// <summary>True when a switch was given.</summary>
    public bool Has(string option) => _switches.Contains(option);

    /// <summary>A refusal that comes with the command's usage.</summary>
    public static UserErrorException Bad(string sentence) => new("bad-arguments", sentence);
}

/// <summary>Taking everything out of a queue.</summary>
internal static class QueueExtensions
{
    /// <summary>All that is left, in order.</summary>
    public static IEnumerable<T> Drain<T>(this Queue<T> queue)
    {
        while (queue.TryDequeue(out T? item)) yield return item;
    }
}
