using LanCollab.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Bridge;

/// <summary>Serves the HTTP paths that plugins have mapped. A handler's errors are mapped here.</summary>
internal sealed class HttpRoutes(BridgeRegistry registry, ILogger log)
{
    /// <summary>Serves the request; false when no plugin has its path.</summary>
    public async Task<bool> TryServeAsync(HttpContext context, string path)
    {
        BridgeRoute[] routes = [.. registry.Routes(path)];
        if (routes.Length == 0) return false;
        BridgeRoute? route = routes.FirstOrDefault(r => r.Method.Equals(context.Request.Method, StringComparison.OrdinalIgnoreCase));
        if (route is null)
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = string.Join(", ", routes.Select(r => r.Method).Distinct());
            return true;
        }
        LiftLimits(context);
        await ServeAsync(context, route).ConfigureAwait(false);
        return true;
    }

    /// <summary>Bodies may be of any length and pause for as long as they like: what is too much is the plugin's to say.</summary>
    private static void LiftLimits(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } reading) reading.MinDataRate = null;
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } writing) writing.MinDataRate = null;
    }

    private async Task ServeAsync(HttpContext context, BridgeRoute route)
    {
        string name = $"{route.Method} {route.Prefix}";
        try
        {
            await route.Handle(new HttpExchange(context, route), context.RequestAborted).ConfigureAwait(false);
        }
        catch (UserErrorException e)
        {
            BridgeLog.Refused(log, name, e.Code, e.Message);
            await FailAsync(context, StatusCodes.Status400BadRequest, e).ConfigureAwait(false);
        }
        catch (Exception e) when (e is BadHttpRequestException || context.RequestAborted.IsCancellationRequested)
        {
            BridgeLog.RequestGivenUp(log, route.Method, route.Prefix); // The page has gone in the middle of its body, or of ours.
            context.Abort();
        }
        catch (Exception e)
        {
            BridgeLog.Failed(log, name, e);
            route.Owner.Fault(e);
            await FailAsync(context, StatusCodes.Status500InternalServerError, BridgeMessages.Internal).ConfigureAwait(false);
        }
    }

    private static async Task FailAsync(HttpContext context, int status, UserErrorException refusal)
    {
        if (context.Response.HasStarted)
        {
            context.Abort(); // Half a body must not look like a whole one.
            return;
        }
        byte[] json = BridgeMessages.ErrorBody(refusal);
        context.Response.Clear();
        SecurityHeaders.Apply(context.Response);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(json, context.RequestAborted).ConfigureAwait(false);
    }
}
