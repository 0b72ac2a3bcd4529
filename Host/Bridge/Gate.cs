using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace LanCollab.Host.Bridge;

/// <summary>Why a request is not served.</summary>
internal sealed record Refusal(int Status, string Reason);

/// <summary>
/// Decides, before anything else, whether a request may be served. A loopback address is no login: any page in the same browser can send
/// requests here, under any host name that resolves to 127.0.0.1, from any origin, with our cookie (cookies ignore ports).
/// </summary>
internal sealed class Gate(int port, BridgeKey key, Func<string, bool> isShellFile)
{
    private readonly LoopbackNames _names = new(port);

    /// <summary>Named by port, so that two daemons on one machine do not take each other's.</summary>
    public string Cookie { get; } = $"lancollab_{port}";

    /// <summary>Null when the request may be served.</summary>
    public Refusal? Check(HttpRequest request)
    {
        bool shell = HttpMethods.IsGet(request.Method) && !IsUpgrade(request) && isShellFile(request.Path.Value ?? "");
        bool? bearer = Bearer(request);
        if (!_names.IsHost(request.Headers.Host)) return new(421, "This host name is not served here.");
        if (!OriginIsRight(request, bearer == true)) return new(403, "Requests from this origin are not served.");
        if (!shell && !LoopbackNames.IsSameSite(request.Headers["Sec-Fetch-Site"])) return new(403, "Requests from another site are not served.");
        if (shell || request.Path.Value == "/auth") return null;
        return bearer ?? HasCookie(request) ? null : new(401, "The key is missing or wrong: open the address that the program printed at its start.");
    }

    private bool OriginIsRight(HttpRequest request, bool rightBearer)
    {
        StringValues origin = request.Headers.Origin;
        if (origin.Count > 0) return _names.IsOrigin(origin);
        // Browsers always tell the origin of these; only a program may leave it out, and it has to know the key.
        bool mustTell = IsUpgrade(request) || !HttpMethods.IsGet(request.Method);
        return !mustTell || rightBearer;
    }

    private static bool IsUpgrade(HttpRequest request) =>
        request.Headers.Upgrade.Count > 0 || request.HttpContext.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true };

    /// <summary>Whether the key in Authorization is right; null when there is none. A wrong one is not made good by a cookie.</summary>
    private bool? Bearer(HttpRequest request)
    {
        StringValues value = request.Headers.Authorization;
        if (value.Count == 0) return null;
        return value.Count == 1 && AuthenticationHeaderValue.TryParse(value[0], out var header)
            && header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) && key.Matches(header.Parameter ?? "");
    }

    private bool HasCookie(HttpRequest request) => request.Cookies.TryGetValue(Cookie, out string? value) && key.Matches(value);
}
