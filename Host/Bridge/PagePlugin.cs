using System.Text.Json;
using System.Text.Json.Serialization;

namespace LanCollab.Host.Bridge;

/// <summary>A plugin as the page sees it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Order">Where its panel stands, low first.</param>
/// <param name="State"><see cref="Running"/> or <see cref="Failed"/>.</param>
/// <param name="Reason">One sentence when it failed.</param>
/// <param name="OpenUi">
/// Opens a file of its page by its path, <c>chart.js</c> or <c>icons/up.svg</c>, or gives null; from the assembly's embedded resources
/// <c>ui/…</c>. Called on request threads, several at a time; the caller disposes the stream.
/// </param>
public sealed record PagePlugin(string Name, int Order, string State, string? Reason, Func<string, Stream?> OpenUi)
{
    /// <summary>The state of a plugin that works.</summary>
    public const string Running = "running";

    /// <summary>The state of a plugin that does not; <see cref="Reason"/> says why.</summary>
    public const string Failed = "failed";

    internal PagePluginEntry Describe() => new(Name, PathOf(".js"), PathOf(".css"), Order, State, Reason);

    private string? PathOf(string extension)
    {
        using Stream? file = OpenUi(Name + extension);
        return file is null ? null : $"/plugins/{Name}/{Name}{extension}";
    }
}

/// <summary>One entry of <c>/plugins.json</c> and of the shell's hello.</summary>
/// <param name="Name">The plugin's name.</param>
/// <param name="Module">Path of its page module; null when it has no page.</param>
/// <param name="Style">Path of its style sheet, or null.</param>
/// <param name="Order">Low first.</param>
/// <param name="State"><c>running</c> or <c>failed</c>.</param>
/// <param name="Reason">Why it failed, or null.</param>
internal sealed record PagePluginEntry(string Name, string? Module, string? Style, int Order, string State, string? Reason);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<PagePluginEntry>))]
internal sealed partial class PageJson : JsonSerializerContext;
