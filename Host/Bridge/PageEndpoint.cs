using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Bridge;

/// <summary>The WebSocket <c>/bridge</c>: makes pages of connections.</summary>
internal sealed class PageEndpoint(BridgeRegistry registry, PluginFiles plugins, PageList pages, TimeProvider time, ILogger log)
{
    private readonly PageDispatcher _dispatcher = new(registry, log);
    private readonly string _instance = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));
    private int _lastNumber;

    /// <summary>Serves a page until it has gone.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
        var page = new Page(Interlocked.Increment(ref _lastNumber), socket, _dispatcher, time, log);
        BridgeLog.PageConnected(log, page.Number);
        page.Send(BridgeMessages.Hello(_instance, registry.Lanes, plugins.Describe()));
        // Listed before the plugins draw the present state: an event that happens meanwhile comes twice rather than never.
        pages.Add(page);
        try
        {
            foreach (PluginBridge plugin in registry.Plugins) plugin.PageConnected(page);
            await page.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            pages.Remove(page);
            foreach (PluginBridge plugin in registry.Plugins) plugin.PageDisconnected(page);
        }
    }
}
