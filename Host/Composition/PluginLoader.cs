using System.Composition.Hosting;
using System.Reflection;
using System.Text.RegularExpressions;
using LanCollab.Contracts;
using LanCollab.Host.Configuration;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Composition;

/// <summary>
/// Loads every plugin of a folder, each in its own load context and its own container, each in its own try: System.Composition has no part
/// rejection, so in a common container one missing import would take all plugins along.
/// </summary>
internal sealed partial class PluginLoader(Settings settings, ILoggerFactory logs, TimeProvider time, IReadOnlyDictionary<Type, object> roleServices)
{
    private readonly ContractBroker _broker = new();
    private readonly ILogger _log = logs.CreateLogger<PluginLoader>();

    /// <summary>Names of plugins that are there and left out by <c>Plugins:&lt;Name&gt;:Enabled</c>.</summary>
    public List<string> Disabled { get; } = [];

    /// <summary>The folder from <c>Plugins:Directory</c>; relative to the program.</summary>
    public string Directory { get; } = PluginFolder.Path(settings);

    public IReadOnlyList<LoadedPlugin> Load()
    {
        if (!System.IO.Directory.Exists(Directory))
        {
            HostLog.NoPluginFolder(_log, Directory);
            return [];
        }
        PluginFolder.Check(settings, Directory);
        var plugins = new List<LoadedPlugin>();
        foreach (PluginCandidate candidate in PluginFinder.Find(Directory))
            if (LoadOne(candidate, plugins) is { } plugin) plugins.Add(plugin);
        return [.. plugins.OrderBy(p => p.Order).ThenBy(p => p.Name, StringComparer.Ordinal)];
    }

    /// <summary>Marks a plugin as failed and takes back what it exported for others.</summary>
    public void Fail(LoadedPlugin plugin, Exception cause)
    {
        string reason = Innermost(cause).Message;
        plugin.Fail(reason);
        _broker.Remove(plugin.Name);
        HostLog.PluginFailed(_log, plugin.Name, reason, cause);
    }

    private LoadedPlugin? LoadOne(PluginCandidate candidate, List<LoadedPlugin> others)
    {
        try
        {
            if (candidate.AssemblyPath is not { } path) return Broken(candidate.Place, candidate.Problem!);
            return PluginFolder.WritableByAll(settings, Path.Combine(Directory, candidate.Place)) is { } open
                ? Broken(candidate.Place, $"everybody on this machine may write {open}; take that right away (chmod o-w)")
                : Compose(path, others);
        }
        // Whatever a plugin does while it is loaded is its own trouble: reported, skipped.
        catch (Exception e)
        {
            return Broken(candidate.Place, Innermost(e).Message);
        }
    }

    private LoadedPlugin? Compose(string path, List<LoadedPlugin> others)
    {
        Assembly assembly = new PluginLoadContext(path).LoadFromAssemblyPath(path);
        PluginAttribute manifest = assembly.GetCustomAttribute<PluginAttribute>()!;
        Check(manifest, others);
        if (settings.Root[$"Plugins:{manifest.Name}:Enabled"] is { } enabled && !ParseEnabled(manifest.Name, enabled))
        {
            HostLog.PluginDisabled(_log, manifest.Name);
            Disabled.Add(manifest.Name);
            return null;
        }
        IReadOnlyList<Type> exports = ContractBroker.ContractsExportedBy(assembly);
        CompositionHost container = new ContainerConfiguration()
            .WithAssembly(assembly)
            .WithProvider(new ShellExports(Services(manifest.Name), _broker, exports))
            .CreateContainer();
        foreach (Type contract in exports) _broker.Add(contract, manifest.Name, container);
        HostLog.PluginLoaded(_log, manifest.Name, Path.GetFileName(path));
        return new LoadedPlugin(manifest.Name, manifest.Order, assembly, container, manifest.Essential);
    }

    private static void Check(PluginAttribute manifest, List<LoadedPlugin> others)
    {
        if (!NamePattern().IsMatch(manifest.Name)) throw new InvalidOperationException($"its name \"{manifest.Name}\" is not made of lower-case letters");
        if (manifest.Contract != PluginAttribute.CurrentContract)
            throw new InvalidOperationException($"it was built for contract version {manifest.Contract}, this program has {PluginAttribute.CurrentContract}");
        if (others.Exists(o => o.Name == manifest.Name)) throw new InvalidOperationException($"a plugin named {manifest.Name} is loaded already");
    }

    private bool ParseEnabled(string name, string value) => bool.TryParse(value, out bool enabled)
        ? enabled
        : throw new ConfigurationErrorException($"{settings.SourceOf($"Plugins:{name}:Enabled")}: Plugins:{name}:Enabled = \"{value}\" cannot be used; allowed: true or false.");

    private Dictionary<Type, object> Services(string plugin) => new(roleServices)
    {
        [typeof(ILogger)] = logs.CreateLogger("LanCollab." + plugin),
        [typeof(ILoggerFactory)] = logs,
        [typeof(TimeProvider)] = time,
    };

    private LoadedPlugin Broken(string place, string reason)
    {
        HostLog.PluginFailed(_log, place, reason, null);
        return LoadedPlugin.Broken(place, reason);
    }

    /// <summary>Composition wraps a constructor's exception several times; people need the innermost sentence.</summary>
    private static Exception Innermost(Exception e)
    {
        while (e.InnerException is { } inner) e = inner;
        return e;
    }

    [GeneratedRegex("^[a-z]{1,32}$")]
    private static partial Regex NamePattern();
}
