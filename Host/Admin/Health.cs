using System.Text.Json.Serialization;
using LanCollab.Host.Metrics;

namespace LanCollab.Host.Admin;

/// <summary>
/// The answer of <c>/healthz</c>:
/// <c>{"status":"failed","version":"1.0.0","uptimeSeconds":12.5,"plugins":[{"name":"poll","state":"failed","reason":"…"}]}</c>.
/// </summary>
internal sealed record Health(string Status, string Version, double UptimeSeconds, IReadOnlyList<PluginState> Plugins)
{
    public const string Ok = "ok", Failed = "failed";

    public static Health Of(IReadOnlyList<PluginState> plugins, TimeSpan uptime) =>
        new(plugins.Any(p => p.State == PluginState.Failed) ? Failed : Ok, Roles.ProgramVersion.Text, Math.Round(uptime.TotalSeconds, 1), plugins);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Health))]
internal sealed partial class HealthJson : JsonSerializerContext;
