using System.Text.Json.Serialization;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>
/// Page → daemon: present this source (the configured one when none is named). Daemon → hub: ask for the slot; no source.
/// <code>{"source":"file:/srv/slides","takeOver":true}</code>
/// </summary>
/// <param name="Source">As <see cref="SourceSpec"/> reads it.</param>
/// <param name="TakeOver">Also when somebody else presents, whose presentation ends.</param>
[Message("screen/present"), Needs(Role.Member)]
internal sealed record Present(string? Source = null, [property: Needs(Role.Moderator)] bool TakeOver = false);

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

/// <summary>
/// Hub → everyone, and daemon → page: who one is here, and what that allows; first on each connection and when it changes.
/// <code>{"id":"4f1c2d3e4a5b6c7d","role":"moderator","policy":"first-come"}</code>
/// </summary>
/// <param name="Id">One's own seat.</param>
/// <param name="Role">One's own: listener, member, presenter or moderator.</param>
/// <param name="Policy">See <see cref="ScreenOptions.Policy"/>.</param>
[Message("screen/you")]
internal sealed record You(string Id, string Role, string Policy);

/// <summary>
/// Page → daemon → hub: I would like to present; or no longer. Noted until it is granted, declined, taken back, or the person leaves.
/// <code>{"withdraw":true}</code>
/// </summary>
[Message("screen/request"), Needs(Role.Member)]
internal sealed record AskForStage(bool Withdraw = false);

/// <summary>
/// Hub → everyone, and daemon → page: who would like to present, in order; on each connection and at each change.
/// <code>{"waiting":[{"id":"4f1c2d3e4a5b6c7d","name":"Ada"}]}</code>
/// </summary>
[Message("screen/requests")]
internal sealed record StageRequests(IReadOnlyList<Waiting> Waiting);

/// <summary>Somebody who would like to present.</summary>
internal sealed record Waiting(string Id, string Name);

/// <summary>
/// Moderator's page → daemon → hub: that person may present now, whoever presents; or not.
/// <code>{"id":"4f1c2d3e4a5b6c7d","decline":true}</code>
/// </summary>
[Message("screen/grant"), Needs(Role.Moderator)]
internal sealed record GrantStage(string Id, bool Decline = false);

/// <summary>
/// Presenter's page → daemon → hub: I stop, and that person may present next.
/// <code>{"id":"4f1c2d3e4a5b6c7d"}</code>
/// </summary>
[Message("screen/handover"), Needs(Role.Member)]
internal sealed record HandOver(string Id);

/// <summary>
/// Hub → one person, and daemon → page: the stage is kept for you, for a minute.
/// <code>{"by":"Ada"}</code>
/// </summary>
[Message("screen/invited")]
internal sealed record Invited(string By);

/// <summary>
/// Moderator's page → daemon → hub: whoever presents stops.
/// <code>{}</code>
/// </summary>
[Message("screen/release"), Needs(Role.Moderator)]
internal sealed record ReleaseStage;

/// <summary>
/// Hub → the one who has presented: it is over, and not by your own wish.
/// <code>{"reason":"Eve has taken over."}</code>
/// </summary>
[Message("screen/ended")]
internal sealed record Ended(string Reason);

/// <summary>
/// Page → daemon → hub: look here. Fades by itself.
/// <code>{"x":120.5,"y":64}</code>
/// </summary>
/// <param name="X">In pixels of the picture.</param>
/// <param name="Y">In pixels of the picture.</param>
[Message("screen/point"), Needs(Role.Member)]
internal sealed record Point(double X, double Y);

/// <summary>
/// Hub → everyone, and daemon → page: somebody points.
/// <code>{"id":"4f1c2d3e4a5b6c7d","name":"Ada","colour":2,"x":120.5,"y":64}</code>
/// </summary>
/// <param name="Colour">The person's, 0 to 7.</param>
[Message("screen/pointed")]
internal sealed record Pointed(string Id, string Name, int Colour, double X, double Y);

/// <summary>
/// Page → daemon → hub: more of a line. Points come as x, y, x, y, in pixels of the picture.
/// <code>{"stroke":3,"points":[10,12.5,11,14]}</code>
/// </summary>
/// <param name="Stroke">The person's own count; another number begins another line.</param>
/// <param name="Points">At most <see cref="Board.MaxPoints"/> numbers a message.</param>
[Message("screen/draw"), Needs(Role.Member)]
internal sealed record Draw(int Stroke, IReadOnlyList<double> Points);

/// <summary>
/// Hub → everyone, and daemon → page: more of somebody's line; the drawer hears it, too.
/// <code>{"id":"4f1c2d3e4a5b6c7d","name":"Ada","colour":2,"stroke":3,"points":[10,12.5,11,14]}</code>
/// </summary>
[Message("screen/drawn")]
internal sealed record Drawn(string Id, string Name, int Colour, int Stroke, IReadOnlyList<double> Points);

/// <summary>
/// Page → daemon → hub: my last line was not meant.
/// <code>{}</code>
/// </summary>
[Message("screen/undo"), Needs(Role.Member)]
internal sealed record UndoDrawing;

/// <summary>
/// Page → daemon → hub: take my lines away; or everybody's, which the presenter and moderators may.
/// <code>{"all":true}</code>
/// </summary>
[Message("screen/clear"), Needs(Role.Member)]
internal sealed record ClearDrawings(bool All = false);

/// <summary>
/// Hub → everyone, and daemon → page: lines that have gone.
/// <code>{"id":"4f1c2d3e4a5b6c7d","stroke":3}</code>
/// </summary>
/// <param name="Id">Whose; null: everybody's.</param>
/// <param name="Stroke">Which; null: all of that person.</param>
[Message("screen/erased")]
internal sealed record Erased(string? Id = null, int? Stroke = null);

/// <summary>
/// Hub → who comes, and daemon → a page that connects: all lines that are there; replaces what was known.
/// <code>{"lines":[{"id":"4f1c2d3e4a5b6c7d","name":"Ada","colour":2,"stroke":3,"points":[10,12.5]}]}</code>
/// </summary>
[Message("screen/drawings")]
internal sealed record Drawings(IReadOnlyList<Drawn> Lines);

/// <summary>
/// Presenter's page or daemon → hub → everyone, and daemon → page: what is presented are slides; at the beginning and at each change of page.
/// <code>{"title":"Plan.pdf","page":3,"pages":20}</code>
/// </summary>
/// <param name="Title">Their name.</param>
/// <param name="Page">Where the presenter is, from 1.</param>
/// <param name="Pages">How many there are; 0: no slides any more.</param>
[Message("screen/deck"), Needs(Role.Member)]
internal sealed record DeckState(string Title, int Page, int Pages);

/// <summary>
/// Viewer's page → daemon → hub: that page of the slides, please; it comes as a binary frame.
/// <code>{"page":3,"small":true}</code>
/// </summary>
/// <param name="Page">From 1.</param>
/// <param name="Small">The thumbnail.</param>
[Message("screen/page"), Needs(Role.Listener)]
internal sealed record AskForPage(int Page, bool Small = false);

[JsonSerializable(typeof(Sources))]
[JsonSerializable(typeof(SourceList))]
[JsonSerializable(typeof(You))]
[JsonSerializable(typeof(AskForStage))]
[JsonSerializable(typeof(StageRequests))]
[JsonSerializable(typeof(GrantStage))]
[JsonSerializable(typeof(HandOver))]
[JsonSerializable(typeof(Invited))]
[JsonSerializable(typeof(ReleaseStage))]
[JsonSerializable(typeof(Ended))]
[JsonSerializable(typeof(Point))]
[JsonSerializable(typeof(Pointed))]
[JsonSerializable(typeof(Draw))]
[JsonSerializable(typeof(Drawn))]
[JsonSerializable(typeof(UndoDrawing))]
[JsonSerializable(typeof(ClearDrawings))]
[JsonSerializable(typeof(Erased))]
[JsonSerializable(typeof(Drawings))]
[JsonSerializable(typeof(DeckState))]
[JsonSerializable(typeof(AskForPage))]
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
