using LanCollab.Host.Bridge;
using LanCollab.Host.Metrics;
using LanCollab.Host.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Admin;

/// <summary>
/// What the operator sees: <c>/healthz</c> and <c>/metrics</c>, on loopback only and without a key, since a scraper has none; so there is nothing secret in
/// them, and pages of other sites are refused as on the bridge.
/// </summary>
/// <param name="metrics">For <c>/metrics</c>.</param>
/// <param name="plugins">For <c>/healthz</c>.</param>
/// <param name="loggers">For the log.</param>
/// <param name="time">The clock.</param>
internal sealed class AdminServer(MetricSet metrics, Func<IReadOnlyList<PluginState>> plugins, ILoggerFactory loggers, TimeProvider time) : IAsyncDisposable, IHttpApplication<HttpContext>
{
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(0.3);

    private readonly long _start = time.GetTimestamp();
    private LoopbackSockets? _sockets;
    private LoopbackNames? _names;
    private KestrelServer? _kestrel;

    /// <summary>Opens the port.</summary>
    /// <param name="port">0 = any free one.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <returns>The port.</returns>
    /// <exception cref="PortInUseException">Somebody else has it.</exception>
    public async Task<int> StartAsync(int port, CancellationToken cancellationToken)
    {
        LoopbackSockets sockets = _sockets = LoopbackSockets.TryClaim(port)
            ?? throw new PortInUseException("admin", "tcp", $"127.0.0.1:{port}", "Server:AdminPort");
        _names = new LoopbackNames(sockets.Port);
        _kestrel = LoopbackKestrel.Create(sockets, loggers);
        await _kestrel.StartAsync(this, cancellationToken).ConfigureAwait(false);
        return sockets.Port;
    }

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception) => ((DefaultHttpContext)context).Uninitialize();

    public Task ProcessRequestAsync(HttpContext context)
    {
        SecurityHeaders.Apply(context.Response);
        if (Refusal(context.Request) is not { } refusal) return ServeAsync(context);
        context.Response.StatusCode = refusal.Status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(refusal.Reason, context.RequestAborted);
    }

    public async ValueTask DisposeAsync()
    {
        if (_kestrel is not null)
        {
            using var patience = new CancellationTokenSource(StopTime, time);
            await _kestrel.StopAsync(patience.Token).ConfigureAwait(false);
            _kestrel.Dispose();
        }
        _sockets?.Dispose();
    }

    private Refusal? Refusal(HttpRequest request)
    {
        if (!_names!.IsHost(request.Headers.Host)) return new(421, "This host name is not served here.");
        if (request.Headers.Origin.Count > 0 && !_names.IsOrigin(request.Headers.Origin)) return new(403, "Requests from this origin are not served.");
        if (!LoopbackNames.IsSameSite(request.Headers["Sec-Fetch-Site"])) return new(403, "Requests from another site are not served.");
        if (request.Path.Value is not ("/healthz" or "/metrics")) return new(404, "There is nothing here but /healthz and /metrics.");
        return HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? null : new(405, "This is for reading.");
    }

    private Task ServeAsync(HttpContext context) => context.Request.Path.Value == "/metrics" ? MetricsAsync(context) : HealthAsync(context);

    private Task MetricsAsync(HttpContext context)
    {
        context.Response.ContentType = PrometheusText.ContentType;
        return context.Response.WriteAsync(metrics.Scrape(), context.RequestAborted);
    }

    private Task HealthAsync(HttpContext context)
    {
        Health health = Health.Of(plugins(), time.GetElapsedTime(_start));
        context.Response.StatusCode = health.Status == Health.Ok ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsJsonAsync(health, HealthJson.Default.Health, cancellationToken: context.RequestAborted);
    }
}
