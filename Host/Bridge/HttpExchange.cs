using LanCollab.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LanCollab.Host.Bridge;

/// <summary>One request for a plugin.</summary>
internal sealed class HttpExchange(HttpContext context, BridgeRoute route) : IHttpExchange
{
    private bool _responded;

    public string Rest { get; } = RestOf(context, route.Prefix);

    public string? Query(string name) => context.Request.Query.TryGetValue(name, out var value) ? (string?)value : null;

    public string? Header(string name) => context.Request.Headers.TryGetValue(name, out var value) ? (string?)value : null;

    public long? ContentLength => context.Request.ContentLength;

    public Stream Body => context.Request.Body;

    public Stream Output => context.Response.Body;

    public void Respond(int status, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        _responded = true;
        context.Response.StatusCode = status;
        foreach ((string name, string value) in headers) context.Response.Headers[name] = value;
    }

    public async Task RespondAsync(object message, CancellationToken cancellationToken)
    {
        byte[] json = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(message, route.Messages.JsonOf(message.GetType()));
        if (!_responded) Respond(StatusCodes.Status200OK);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        await Output.WriteAsync(json, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Kestrel's path keeps <c>%2F</c> as it is, so the raw one is unescaped; another form of target has only the decoded one.</summary>
    private static string RestOf(HttpContext context, string prefix)
    {
        string raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2)[0];
        return raw.StartsWith(prefix, StringComparison.Ordinal)
            ? Uri.UnescapeDataString(raw[prefix.Length..])
            : context.Request.Path.Value![prefix.Length..];
    }
}
