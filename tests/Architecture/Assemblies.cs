using System.Reflection;

namespace LanCollab.Tests.Architecture;

/// <summary>The program's assemblies, found by what stands in the tree: no list of plugins stands here either.</summary>
internal static class Assemblies
{
    public static Assembly Contracts => typeof(PluginAttribute).Assembly;

    public static Assembly Host => Assembly.Load("LanCollab");

    /// <summary>Names of the folders below Plugins/ that hold a project.</summary>
    public static IReadOnlyList<string> PluginNames { get; } =
    [
        .. Directory.GetDirectories(Support.Processes.Repository.In("Plugins"))
            .Select(folder => Path.GetFileName(folder))
            .Where(name => File.Exists(Support.Processes.Repository.In($"Plugins/{name}/{name}.csproj")))
            .Order(),
    ];

    public static IEnumerable<Assembly> Plugins => PluginNames.Select(Plugin);

    public static Assembly Plugin(string name) => Assembly.Load($"LanCollab.Plugins.{name}");

    /// <summary>For theories.</summary>
    public static TheoryData<string> PluginData => [.. PluginNames];
}
