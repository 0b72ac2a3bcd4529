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

    private Settings(IConfigurationRoot root) => Root = root;

    public IConfigurationRoot Root { get; }

    /// <exception cref="ConfigurationErrorException">A file that is missing or is no JSON, or a section nobody knows.</exception>
    public static Settings Load(CommandLine command)
    {
        string role = char.ToUpperInvariant(command.Role[0]) + command.Role[1..];
        string main = Path.GetFullPath(Path.Combine(command.ConfigDirectory, "appsettings.json"));
        if (!File.Exists(main)) throw new ConfigurationErrorException($"{main} is missing; name its folder with --config.");
        var builder = new ConfigurationBuilder()
            .AddJsonFile(main, optional: false)
            .AddJsonFile(Path.Combine(Path.GetDirectoryName(main)!, $"appsettings.{role}.json"), optional: true)
            .AddEnvironmentVariables(EnvironmentPrefix)
            .AddInMemoryCollection(command.Settings);
        try
        {
            var settings = new Settings(builder.Build());
            settings.RefuseUnknownSections();
            return settings;
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            throw new ConfigurationErrorException($"{e.Message} {e.InnerException?.Message}".Trim());
        }
    }

    /// <summary>Where a key's value comes from, for a complaint.</summary>
    public string SourceOf(string key)
    {
        foreach (IConfigurationProvider provider in Root.Providers.Reverse())
            if (provider.TryGet(key, out _) || provider.GetChildKeys([], key).Any()) return Describe(provider);
        return "configuration";
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
