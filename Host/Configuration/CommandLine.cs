using LanCollab.Contracts;

namespace LanCollab.Host.Configuration;

/// <summary>
/// The program's arguments: <c>--role server|client|demo</c>, <c>--config folder</c>, and any setting as <c>--Section:Key=value</c>.
/// <c>--lifeline stdin</c> is for processes that another one starts: they end when their standard input ends, so when that one has died.
/// </summary>
internal sealed record CommandLine(string Role, string ConfigDirectory, IReadOnlyDictionary<string, string?> Settings, bool Lifeline = false)
{
    public const string Usage =
        "usage: LanCollab --role server|client|demo [--config folder] [--Section:Key=value ...]";

    private static readonly string[] Roles = ["server", "client", "demo"];

    /// <exception cref="ConfigurationErrorException">An argument that is none.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        string? role = null;
        string config = Path.Combine(AppContext.BaseDirectory, "config");
        bool lifeline = false;
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < arguments.Count; i++)
        {
            (string key, string? value) = Split(arguments[i]);
            value ??= i + 1 < arguments.Count ? arguments[++i] : throw Bad($"{arguments[i]} needs a value");
            if (key == "role") role = value;
            else if (key == "config") config = value;
            else if (key == "lifeline") lifeline = value == "stdin" ? true : throw Bad("--lifeline takes nothing but stdin");
            else if (key.Contains(':')) settings[key] = value;
            else throw Bad($"--{key} is not known");
        }
        if (role is null || !Roles.Contains(role)) throw Bad(role is null ? "--role is missing" : $"--role {role} is not one of {string.Join(", ", Roles)}");
        return new CommandLine(role, config, settings, lifeline);
    }

    /// <summary>Whether a setting is one that nobody else should read.</summary>
    public static bool IsSecret(string key) => key.EndsWith("Password", StringComparison.OrdinalIgnoreCase);

    private static (string Key, string? Value) Split(string argument)
    {
        if (!argument.StartsWith("--", StringComparison.Ordinal)) throw Bad($"\"{argument}\" is not an option");
        string[] parts = argument[2..].Split('=', 2);
        return (parts[0], parts.Length == 2 ? parts[1] : null);
    }

    private static ConfigurationErrorException Bad(string what) => new($"command line: {what}; {Usage}");
}
