using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace LanCollab.Host.Bridge;

/// <summary>The plugins' pages: <c>/plugins.json</c> and <c>/plugins/&lt;name&gt;/&lt;file&gt;</c>.</summary>
internal sealed class PluginFiles
{
    private const string Prefix = "/plugins/";
    private readonly ConcurrentDictionary<string, PagePlugin> _plugins = new(StringComparer.Ordinal);

    /// <summary>Adds a plugin, or replaces the one of that name.</summary>
    public void Set(PagePlugin plugin) => _plugins[plugin.Name] = plugin;

    /// <summary>All plugins in the order of their panels.</summary>
    public IReadOnlyList<PagePluginEntry> Describe() =>
        [.. _plugins.Values.OrderBy(p => p.Order).ThenBy(p => p.Name, StringComparer.Ordinal).Select(p => p.Describe())];

    /// <summary>Sends a file; false when there is none.</summary>
    public async Task<bool> TrySendAsync(HttpContext context, string path)
    {
        if (!path.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        string[] parts = path[Prefix.Length..].Split('/', 2);
        if (parts.Length < 2 || ContentTypes.Of(parts[1]) is not { } type || !_plugins.TryGetValue(parts[0], out PagePlugin? plugin)) return false;
        Stream? file = plugin.OpenUi(parts[1]);
        if (file is null) return false;
        await using (file.ConfigureAwait(false))
        {
            context.Response.ContentType = type;
            if (file.CanSeek) context.Response.ContentLength = file.Length;
            await file.CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
        }
        return true;
    }
}
