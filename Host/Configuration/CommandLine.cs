using LanCollab.Contracts;

namespace LanCollab.Host.Configuration;

/// <summary>
/// The program's arguments: <c>--role server|client|demo</c>, <c>--config folder</c>, and any setting as <c>--Section:Key=value</c>.
/// <c>--lifeline stdin</c> is for processes that another one starts: they end when their standard input ends, so when that one has died.
/// <c>--role run -- command arguments</c> runs a plugin's command; of its arguments those in <see cref="Shorts"/> and settings are the shell's.
/// </summary>
internal sealed record CommandLine(string Role, string ConfigDirectory, IReadOnlyDictionary<string, string?> Settings, bool Lifeline = false)
{
    public const string Usage =
        "usage: LanCollab --role server|client|demo|run [--config folder] [--Section:Key=value ...] [-- command argument ...]";

    private static readonly string[] Roles = ["server", "client", "demo", "run"];

    private static readonly Dictionary<string, string> Shorts = new(StringComparer.Ordinal)
    {
        ["server"] = "Client:Server", ["room"] = "Client:Room", ["name"] = "Client:Name", ["password-file"] = "Client:PasswordFile",
    };

    /// <summary>A plugin's command and its arguments; empty in other roles.</summary>
    public IReadOnlyList<string> Command { get; private init; } = [];

    /// <exception cref="ConfigurationErrorException">An argument that is none.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        string? role = null;
        string config = Path.Combine(AppContext.BaseDirectory, "config");
        bool lifeline = false;
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        int own = arguments.TakeWhile(argument => argument != "--").Count();
        for (int i = 0; i < own; i++)
        {
            (string key, string? value) = Split(arguments[i]);
            value ??= i + 1 < own ? arguments[++i] : throw Bad($"{arguments[i]} needs a value");
            if (key == "role") role = value;
            else if (key == "config") config = value;
            else if (key == "lifeline") lifeline = value == "stdin" ? true : throw Bad("--lifeline takes nothing but stdin");
            else if (key.Contains(':')) settings[key] = value;
            else throw Bad($"--{key} is not known");
        }
        if (role is null || !Roles.Contains(role)) throw Bad(role is null ? "--role is missing" : $"--role {role} is not one of {string.Join(", ", Roles)}");
        List<string> command = Rest(arguments.Skip(own + 1), settings);
        if (role == "run" != command.Count > 0) throw Bad(role == "run" ? "--role run needs a command after --" : $"\"{command[0]}\" has nothing to do with --role {role}");
        return new CommandLine(role, config, settings, lifeline) { Command = command };
    }

    private static List<string> Rest(IEnumerable<string> arguments, Dictionary<string, string?> settings)
    {
        var command = new List<string>();
        for (var rest = new Queue<string>(arguments); rest.TryDequeue(out string? argument);)
        {
            (string key, string? value) = argument.StartsWith("--", StringComparison.Ordinal) ? Split(argument) : ("", null);
            if (Shorts.GetValueOrDefault(key) is { } setting) settings[setting] = value ?? (rest.TryDequeue(out string? next) ? next : throw Bad($"{argument} needs a value"));
            else if (key.Contains(':') && value is not null) settings[key] = value;
            else command.Add(argument);
        }
        return command;
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
