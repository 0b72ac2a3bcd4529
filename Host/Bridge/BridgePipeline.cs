using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebSockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LanCollab.Host.Bridge;

/// <summary>Every request of the page, from the gate to whoever serves it.</summary>
internal sealed class BridgePipeline : IHttpApplication<HttpContext>
{
    private readonly Gate _gate;
    private readonly BridgeKey _key;
    private readonly ShellFiles _shell;
    private readonly PluginFiles _plugins;
    private readonly HttpRoutes _routes;
    private readonly PageEndpoint _pages;
    private readonly ILogger _log;
    private readonly WebSocketMiddleware _webSockets;

    public BridgePipeline(
        Gate gate, BridgeKey key, ShellFiles shell, PluginFiles plugins, HttpRoutes routes, PageEndpoint pages, ILoggerFactory loggers, ILogger log)
    {
        (_gate, _key, _shell, _plugins, _routes, _pages, _log) = (gate, key, shell, plugins, routes, pages, log);
        var options = new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(15), KeepAliveTimeout = TimeSpan.FromSeconds(30) };
        _webSockets = new WebSocketMiddleware(ServeAsync, Options.Create(options), loggers);
    }

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception) => ((DefaultHttpContext)context).Uninitialize();

    public Task ProcessRequestAsync(HttpContext context)
    {
        SecurityHeaders.Apply(context.Response);
        return _gate.Check(context.Request) is { } refusal ? RefuseAsync(context, refusal) : _webSockets.Invoke(context);
    }

    private async Task ServeAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "/";
        bool get = HttpMethods.IsGet(context.Request.Method);
        if (path == "/bridge") await BridgeAsync(context).ConfigureAwait(false);
        else if (path == "/auth") await AuthAsync(context).ConfigureAwait(false);
        else if (get && _shell.Has(path)) await _shell.SendAsync(context, path).ConfigureAwait(false);
        else if (get && path == "/plugins.json") await context.Response.WriteAsJsonAsync(_plugins.Describe(), PageJson.Default.IReadOnlyListPagePluginEntry, cancellationToken: context.RequestAborted).ConfigureAwait(false);
        else if (get && await _plugins.TrySendAsync(context, path).ConfigureAwait(false)) return;
        else if (!await _routes.TryServeAsync(context, path).ConfigureAwait(false)) await RefuseAsync(context, new(404, "There is nothing here.")).ConfigureAwait(false);
    }

    private Task BridgeAsync(HttpContext context) => context.WebSockets.IsWebSocketRequest
        ? _pages.ServeAsync(context)
        : RefuseAsync(context, new(StatusCodes.Status426UpgradeRequired, "This is a WebSocket."));

    /// <summary>Takes the key from the page, once, and gives it the cookie, which scripts in the page cannot read.</summary>
    private async Task AuthAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            await RefuseAsync(context, new(StatusCodes.Status405MethodNotAllowed, "The key is posted.")).ConfigureAwait(false);
            return;
        }
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        if (!_key.Matches(await reader.ReadToEndAsync(context.RequestAborted).ConfigureAwait(false)))
        {
            await RefuseAsync(context, new(StatusCodes.Status401Unauthorized, "This is not the key.")).ConfigureAwait(false);
            return;
        }
        context.Response.Cookies.Append(_gate.Cookie, _key.Text, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/" });
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        BridgeLog.RequestRefused(_log, context.Request.Method, context.Request.Path.Value ?? "", refusal.Status, refusal.Reason);
        context.Response.StatusCode = refusal.Status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(refusal.Reason, context.RequestAborted);
    }
}
