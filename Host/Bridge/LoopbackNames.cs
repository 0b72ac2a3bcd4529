using Microsoft.Extensions.Primitives;

namespace LanCollab.Host.Bridge;

/// <summary>The hosts and origins under which a loopback port may be asked: any other is another site's page that was pointed here (DNS rebinding).</summary>
internal sealed class LoopbackNames(int port)
{
    private readonly string[] _hosts = [.. from name in Names select $"{name}:{port}"];
    private readonly string[] _origins = [.. from name in Names select $"http://{name}:{port}"];

    private static string[] Names => ["localhost", "127.0.0.1", "[::1]"];

    public bool IsHost(StringValues host) => IsOne(host, _hosts);

    public bool IsOrigin(StringValues origin) => IsOne(origin, _origins);

    /// <summary>What browsers say of where a request comes from; programs say nothing.</summary>
    public static bool IsSameSite(StringValues site) => site.Count == 0 || (site.Count == 1 && site[0] is "same-origin" or "none");

    private static bool IsOne(StringValues value, string[] allowed) => value.Count == 1 && allowed.Contains(value[0], StringComparer.OrdinalIgnoreCase);
}
