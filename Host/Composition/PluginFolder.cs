using LanCollab.Contracts;
using LanCollab.Host.Configuration;

namespace LanCollab.Host.Composition;

/// <summary>
/// The plugins' folder. Plugins run with all rights of the program, so who may write there is who may run as the program: what everybody on the machine may
/// write is not loaded. (Group rights are left to the operator: on Debian each person has a group of their own.)
/// </summary>
internal static class PluginFolder
{
    private const string AllowKey = "Plugins:AllowWritableFolder";

    /// <summary>The folder from <c>Plugins:Directory</c>; relative to the program.</summary>
    public static string Path(Settings settings) => System.IO.Path.GetFullPath(settings.Root["Plugins:Directory"] ?? "plugins", AppContext.BaseDirectory);

    /// <summary>Refuses a folder where everybody may put a plugin.</summary>
    /// <exception cref="ConfigurationErrorException">See the class.</exception>
    public static void Check(Settings settings, string folder)
    {
        if (Allows(settings) || !IsWritableByAll(folder)) return;
        throw new ConfigurationErrorException($"{settings.SourceOf("Plugins:Directory")}: Plugins:Directory = \"{folder}\" cannot be used, since everybody on this machine may put plugins there, "
            + $"which run with all rights of the program; allowed: a folder that only its owner writes (chmod o-w), or any with {AllowKey} = true.");
    }

    /// <summary>What in a plugin's place everybody may write, or null.</summary>
    /// <param name="settings">May allow it.</param>
    /// <param name="place">A lone DLL or a folder.</param>
    public static string? WritableByAll(Settings settings, string place)
    {
        if (Allows(settings)) return null;
        IEnumerable<string> all = Directory.Exists(place) ? [place, .. Directory.EnumerateFileSystemEntries(place, "*", SearchOption.AllDirectories)] : [place];
        return all.FirstOrDefault(IsWritableByAll);
    }

    /// <summary>Of a link: what it leads to.</summary>
    private static bool IsWritableByAll(string path) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & UnixFileMode.OtherWrite) != 0;

    private static bool Allows(Settings settings) => settings.Root[AllowKey] is { } text && (bool.TryParse(text, out bool allows)
        ? allows
        : throw new ConfigurationErrorException($"{settings.SourceOf(AllowKey)}: {AllowKey} = \"{text}\" cannot be used; allowed: true or false."));
}
