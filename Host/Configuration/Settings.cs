using LanCollab.Contracts;
using Microsoft.Extensions.Configuration;

namespace LanCollab.Host.Configuration;

/// <summary>
/// All settings of a run, later sources winning: <c>appsettings.json</c>, <c>appsettings.&lt;Role&gt;.json</c>, environment
/// <c>LANCOLLAB_Section__Key</c>, command line.
/// </summary>
internal sealed class Settings
{
    public const string EnvironmentPrefix = "LANCOLLAB_";

    private static readonly string[] Sections = ["Server", "Client", "Plugins", "Demo", "Discovery"];

    private readonly CommandLine _command;
    private readonly string[] _files;

    private Settings(IConfigurationRoot root, CommandLine command, string[] files) => (Root, _command, _files) = (root, command, files);

    public IConfigurationRoot Root { get; }

    /// <exception cref="ConfigurationErrorException">A file that is missing or is no JSON, or a section nobody knows.</exception>
    public static Settings Load(CommandLine command)
    {
        string[] files = Files(command);
        if (!File.Exists(files[0])) throw new ConfigurationErrorException($"{files[0]} is missing; name its folder with --config.");
        var builder = new ConfigurationBuilder()
            .AddJsonFile(files[0], optional: false)
            .AddJsonFile(files[1], optional: true)
            .AddEnvironmentVariables(EnvironmentPrefix)
            .AddInMemoryCollection(command.Settings);
        try
        {
            var settings = new Settings(builder.Build(), command, files);
            settings.RefuseUnknownSections();
            return settings;
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            throw new ConfigurationErrorException($"{e.Message} {e.InnerException?.Message}".Trim());
        }
    }

    /// <summary>The settings as the files are now.</summary>
    /// <exception cref="ConfigurationErrorException">As for <see cref="Load"/>.</exception>
    public Settings Reload() => Load(_command);

    /// <summary>Changes when one of the files does.</summary>
    public string Stamp() => string.Join('|', _files.Select(path => new FileInfo(path)).Select(f => f.Exists ? $"{f.LastWriteTimeUtc.Ticks}-{f.Length}" : "none"));

    /// <summary>Every key with a value.</summary>
    public IReadOnlyDictionary<string, string?> Flatten() =>
        Root.AsEnumerable().Where(e => e.Value is not null).ToDictionary(e => e.Key, e => e.Value, StringComparer.OrdinalIgnoreCase);

    /// <summary>Where a key's value comes from, for a complaint.</summary>
    public string SourceOf(string key)
    {
        foreach (IConfigurationProvider provider in Root.Providers.Reverse())
            if (provider.TryGet(key, out _) || provider.GetChildKeys([], key).Any()) return Describe(provider);
        return "configuration";
    }

    private static string[] Files(CommandLine command)
    {
        string folder = Path.GetFullPath(command.ConfigDirectory);
        string role = char.ToUpperInvariant(command.Role[0]) + command.Role[1..];
        return [Path.Combine(folder, "appsettings.json"), Path.Combine(folder, $"appsettings.{role}.json")];
    }

    private static string Describe(IConfigurationProvider provider) => provider switch
    {
        FileConfigurationProvider file => file.Source.FileProvider?.GetFileInfo(file.Source.Path ?? "").PhysicalPath ?? file.Source.Path ?? "file",
        Microsoft.Extensions.Configuration.EnvironmentVariables.EnvironmentVariablesConfigurationProvider => $"environment ({EnvironmentPrefix}…)",
        _ => "command line",
    };

    private void RefuseUnknownSections()
    {
        foreach (IConfigurationSection section in Root.GetChildren())
            if (!Sections.Contains(section.Key, StringComparer.OrdinalIgnoreCase))
                throw new ConfigurationErrorException($"{SourceOf(section.Path)}: {section.Path} is not a known section; known are {string.Join(", ", Sections)}.");
    }
}
