namespace LanCollab.Host.Metrics;

/// <summary>A plugin as the operator sees it.</summary>
/// <param name="Name">Its name, or the file or folder where it was looked for.</param>
/// <param name="State">One of <see cref="All"/>.</param>
/// <param name="Reason">Why it failed: one sentence.</param>
internal sealed record PluginState(string Name, string State, string? Reason = null)
{
    public const string Running = "running", Failed = "failed", Disabled = "disabled";

    public static readonly string[] All = [Running, Failed, Disabled];
}
