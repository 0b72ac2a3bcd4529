using System.Text.Json.Serialization;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>
/// Page → daemon: present this source (the configured one when none is named). Daemon → hub: ask for the slot; no source.
/// <code>{"source":"file:/srv/slides"}</code>
/// </summary>
/// <param name="Source">As <see cref="SourceSpec"/> reads it.</param>
[Message("screen/present"), Needs(Role.Member)]
internal sealed record Present(string? Source = null);

/// <summary>
/// Hub → daemon, reply to <see cref="Present"/>: the slot is yours, tiles may come.
/// <code>{"presentation":3}</code>
/// </summary>
/// <param name="Presentation">Counts the presentations of this room; the same number is in <see cref="Presenter"/>.</param>
[Message("screen/granted")]
internal sealed record Granted(long Presentation);

/// <summary>
/// Page → daemon → hub: no more presenting. Nothing happens when this client does not present.
/// <code>{}</code>
/// </summary>
[Message("screen/stop"), Needs(Role.Member)]
internal sealed record Stop;

/// <summary>
/// Hub → everyone in the room, and daemon → page: who presents. Comes first on each connection, at each change, and always before the
/// tiles of that presentation.
/// <code>{"id":"4f1c2d3e4a5b6c7d","name":"Ada","presentation":3,"width":1280,"height":720}</code>
/// </summary>
/// <param name="Id">The presenter's seat; null when nobody presents.</param>
/// <param name="Name">The presenter's name.</param>
/// <param name="Presentation">Another number is another presentation: forget the old picture.</param>
/// <param name="Width">Of the picture in pixels; 0 until there is one.</param>
/// <param name="Height">Of the picture in pixels; 0 until there is one.</param>
[Message("screen/presenter")]
internal sealed record Presenter(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Id, string? Name = null, long Presentation = 0, int Width = 0, int Height = 0)
{
    /// <summary>The stage is free.</summary>
    public static Presenter Nobody { get; } = new(Id: null);
}

/// <summary>
/// Receiver of tiles → their sender, on every leg: the picture is complete as of this frame, more may come. A sender keeps at most
/// <see cref="UpdateWindow.Size"/> updates unacknowledged, so that a slow receiver skips to the newest picture.
/// <code>{"frame":17}</code>
/// </summary>
/// <param name="Frame">The number in the update's frames; 0 from a page that tells that it will acknowledge.</param>
[Message("screen/shown"), Needs(Role.Listener)]
internal sealed record Shown(uint Frame);

/// <summary>
/// Page → daemon: another slide; one of the two fields.
/// <code>{"page":2}</code>
/// </summary>
/// <param name="Page">From 1.</param>
/// <param name="By">1 for the next, -1 for the one before.</param>
[Message("screen/slides")]
internal sealed record Slides(int? Page = null, int? By = null);

/// <summary>
/// Daemon → page, reply to <see cref="Slides"/>: where the slides are now.
/// <code>{"page":2,"pages":4}</code>
/// </summary>
/// <param name="Page">From 1.</param>
/// <param name="Pages">How many there are.</param>
[Message("screen/slide")]
internal sealed record Slide(int Page, int Pages);

/// <summary>
/// Daemon → its pages: what this client itself presents; on each connection and at each change.
/// <code>{"source":"file:/srv/slides","page":2,"pages":4}</code>
/// </summary>
/// <param name="Source">The source; null when it does not present.</param>
/// <param name="Page">Of slides, from 1.</param>
/// <param name="Pages">Of slides.</param>
/// <param name="Reason">One sentence, when the presentation ended without being asked to.</param>
[Message("screen/sharing")]
internal sealed record Sharing(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Source, int? Page = null, int? Pages = null, string? Reason = null);

/// <summary>
/// Page → daemon: what of this machine's display can be shared?
/// <code>{}</code>
/// </summary>
[Message("screen/sources")]
internal sealed record Sources;

/// <summary>
/// Daemon → page, reply to <see cref="Sources"/>; nothing in it when there is no display.
/// <code>{"sources":[{"source":"device:#window=20971532","kind":"window","label":"Editor","width":800,"height":600}]}</code>
/// </summary>
[Message("screen/sources.list")]
internal sealed record SourceList([property: JsonPropertyName("sources")] IReadOnlyList<OfferedSource> Offered);

/// <summary>One of them.</summary>
/// <param name="Source">For <see cref="Present"/>.</param>
/// <param name="Kind"><c>screen</c>, <c>monitor</c> or <c>window</c>.</param>
/// <param name="Label">For people.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
internal sealed record OfferedSource(string Source, string Kind, string Label, int Width, int Height);

[JsonSerializable(typeof(Sources))]
[JsonSerializable(typeof(SourceList))]
[JsonSerializable(typeof(Present))]
[JsonSerializable(typeof(Granted))]
[JsonSerializable(typeof(Stop))]
[JsonSerializable(typeof(Presenter))]
[JsonSerializable(typeof(Shown))]
[JsonSerializable(typeof(Slides))]
[JsonSerializable(typeof(Slide))]
[JsonSerializable(typeof(Sharing))]
internal sealed partial class ScreenJson : JsonSerializerContext;

/// <summary>All messages of this plugin.</summary>
internal static class ScreenMessages
{
    /// <summary>The service's name on the wire.</summary>
    public const string Service = "screen";

    /// <summary>Names, types, JSON.</summary>
    public static MessageSet Set { get; } = MessageSet.Of(typeof(ScreenMessages).Assembly, new ScreenJson(new(MessageSet.WireOptions)));
}
