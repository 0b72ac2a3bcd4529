using System.Composition.Hosting;
using System.Reflection;
using LanCollab.Contracts;

namespace LanCollab.Host.Composition;

/// <summary>A plugin of this run: running, or failed with a reason.</summary>
internal sealed class LoadedPlugin(string name, int order, Assembly? assembly, CompositionHost? container, bool essential = false)
{
    public string Name { get; } = name;

    public int Order { get; } = order;

    /// <summary>As <see cref="PluginAttribute.Essential"/>.</summary>
    public bool Essential { get; } = essential;

    /// <summary>One sentence, or null while all is well.</summary>
    public string? Failure { get; private set; }

    public void Fail(string reason) => Failure = reason;

    /// <summary>The plugin's exported half, or null when it has none.</summary>
    public T? Export<T>() where T : class => container is not null && container.TryGetExport(out T? part) ? part : null;

    /// <summary>All parts that it exports under a contract.</summary>
    public IEnumerable<T> Exports<T>() where T : class => container?.GetExports<T>() ?? [];

    /// <summary>A file of the plugin's page, from the DLL itself: a lone DLL brings its panel along.</summary>
    public Stream? OpenUi(string file) => assembly?.GetManifestResourceStream("ui/" + file);

    /// <summary>Disposes the plugin's shared parts.</summary>
    public void Dispose() => container?.Dispose();

    public static LoadedPlugin Broken(string place, string reason)
    {
        var plugin = new LoadedPlugin(place, int.MaxValue, null, null);
        plugin.Fail(reason);
        return plugin;
    }
}
