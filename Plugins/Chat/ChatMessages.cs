using System.Text.Json.Serialization;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Chat;

/// <summary>
/// Something that a person puts into the room. The same key sent again is the same thing, for as long as the hub remembers it
/// (<see cref="ChatWire.KeyLife"/>), whatever channel it comes over.
/// </summary>
public interface IPost
{
    /// <summary>Its id, random, chosen by the sender; the daemon makes one if there is none.</summary>
    string? Key { get; }

    /// <summary>
    /// On the wire: the key of what this channel sent before it. When the hub has not taken that one, this one is refused, too
    /// (<c>out-of-order</c>): several may be under way and still keep their order.
    /// </summary>
    string? After { get; }

    /// <summary>The same, on its way.</summary>
    IPost On(string key, string? after);
}

/// <summary>Request, page → daemon → hub: put a line into the room.</summary>
/// <param name="Text">1 to 8000 characters after trimming; no control characters but new line and tab.</param>
/// <param name="To">A member's id, or a person's who was in the room before: a direct line, seen by the two only, also when the other comes later.</param>
/// <param name="Key">See <see cref="IPost.Key"/>.</param>
/// <param name="Reply">The number of the line that it answers. One that is not there any more, or that readers of this line may not see, is left out.</param>
/// <param name="After">See <see cref="IPost.After"/>.</param>
/// <example><code>{"text":"Good morning","key":"5f0c1e7a9b"}</code></example>
[Message("chat/say"), Needs(Role.Member)]
public sealed record Say(string Text, string? To = null, string? Key = null, long? Reply = null, string? After = null) : IPost, IQuickMessage<Say>
{
    /// <inheritdoc/>
    /// <remarks>Each field once at most, of its own kind, nothing else: what daemons send.</remarks>
    public static Say? ReadPlain(ReadOnlySpan<byte> body) => PlainSay.Read(body);

    IPost IPost.On(string key, string? after) => this with { Key = key, After = after };
}

/// <summary>Request, page → daemon → hub: another text for a line of one's own.</summary>
/// <example><code>{"line":12,"text":"Good morning, all","key":"5f0c1e7a9c"}</code></example>
[Message("chat/edit"), Needs(Role.Member)]
public sealed record Edit(long Line, string Text, string? Key = null, string? After = null) : IPost
{
    IPost IPost.On(string key, string? after) => this with { Key = key, After = after };
}

/// <summary>Request, page → daemon → hub: take a line of one's own back; a moderator, any line. That it was there stays to be seen.</summary>
/// <example><code>{"line":12,"key":"5f0c1e7a9d"}</code></example>
[Message("chat/delete"), Needs(Role.Member)]
public sealed record Delete(long Line, string? Key = null, string? After = null) : IPost
{
    IPost IPost.On(string key, string? after) => this with { Key = key, After = after };
}

/// <summary>Request, page → daemon → hub: set a reaction under a line, or take it back.</summary>
/// <param name="Line">The line's number.</param>
/// <param name="Emoji">One emoji.</param>
/// <param name="On">False takes one's own back.</param>
/// <param name="Key">See <see cref="IPost.Key"/>.</param>
/// <param name="After">See <see cref="IPost.After"/>.</param>
/// <example><code>{"line":12,"emoji":"👍","on":true,"key":"5f0c1e7a9e"}</code></example>
[Message("chat/react"), Needs(Role.Member)]
public sealed record React(long Line, string Emoji, bool On = true, string? Key = null, string? After = null) : IPost
{
    IPost IPost.On(string key, string? after) => this with { Key = key, After = after };
}

/// <summary>Reply to each <see cref="IPost"/>: it is on disk.</summary>
/// <param name="Seq">Its place in the room. A change that changed nothing has the number of the one before it.</param>
/// <example><code>{"seq":12}</code></example>
[Message("chat/say.ok")]
public sealed record SayOk(long Seq);

/// <summary>What happens in a room, numbered.</summary>
public interface INews
{
    /// <summary>1, 2, 3… in each room, without gaps, lines and changes together.</summary>
    long Seq { get; }
}

/// <summary>
/// Event, hub → daemon → page: a line was said. Every receiver gets a room's lines and changes in the order of <paramref name="Seq"/>. In a page of
/// history: the line as it is now, with all changes up to <paramref name="Version"/>.
/// </summary>
/// <param name="Seq">See <see cref="INews.Seq"/>.</param>
/// <param name="Id">The key its sender gave it.</param>
/// <param name="From">The sender's member id at that time.</param>
/// <param name="Name">The sender's name.</param>
/// <param name="Text">The line; empty when it was deleted.</param>
/// <param name="At">When the hub took it, UTC.</param>
/// <param name="To">Of a direct line: the receiver's member id, or the person's when not in the room.</param>
/// <param name="ToName">Of a direct line: the receiver's name.</param>
/// <param name="Person">The sender's lasting identity.</param>
/// <param name="ToPerson">Of a direct line: the receiver's lasting identity.</param>
/// <param name="Reply">The line that it answers.</param>
/// <param name="Version">The number of its last change; changes up to this one are in it already. Absent: it never changed.</param>
/// <param name="Edited">When its text was changed last.</param>
/// <param name="Deleted">Who deleted it.</param>
/// <param name="Reactions">In the order in which they came.</param>
/// <example><code>{"seq":12,"id":"5f0c1e7a9b","from":"0123456789abcdef","name":"Ada","text":"Good morning","at":"2026-01-02T09:00:00+00:00","person":"00112233445566778899aabbccddeeff"}</code></example>
[Message("chat/said")]
public sealed record Said(
    long Seq, string Id, string From, string Name, string Text, DateTimeOffset At, string? To = null, string? ToName = null,
    string Person = "", string? ToPerson = null, Quote? Reply = null, long? Version = null, DateTimeOffset? Edited = null, string? Deleted = null,
    IReadOnlyList<Reaction>? Reactions = null) : INews;

/// <summary>Event, hub → daemon: several lines that were stored together, instead of a <see cref="Said"/> for each.</summary>
/// <param name="First">The number of the first; the others follow without gaps.</param>
/// <param name="At">When the hub took the first, UTC.</param>
/// <param name="People">Who said them.</param>
/// <param name="Items">The lines.</param>
/// <example><code>{"first":12,"at":"2026-01-02T09:00:00+00:00","people":[{"id":"0123456789abcdef","name":"Ada","person":"00112233445566778899aabbccddeeff"}],"items":[{"id":"5f0c1e7a9b","text":"Good"},{"id":"5f0c1e7a9c","text":"morning","ms":3}]}</code></example>
[Message("chat/lines")]
public sealed record Lines(long First, DateTimeOffset At, IReadOnlyList<Member> People, IReadOnlyList<ShortLine> Items);

/// <summary>A line among <see cref="Lines"/>.</summary>
/// <param name="Id">The key its sender gave it.</param>
/// <param name="Text">The line.</param>
/// <param name="By">Its place in <see cref="Lines.People"/>; absent: 0.</param>
/// <param name="Ms">Milliseconds after <see cref="Lines.At"/>; absent: 0.</param>
public sealed record ShortLine(string Id, string Text, int? By = null, long? Ms = null);

/// <summary>The line that another one answers.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Name">Who said it.</param>
/// <param name="Text">How it begins, at most <see cref="ChatWire.QuoteLength"/> characters; absent when it was deleted.</param>
public sealed record Quote(long Seq, string Name, string? Text = null);

/// <summary>One emoji of one person under a line.</summary>
public sealed record Reaction(string Emoji, string Person, string Name);

/// <summary>Event, hub → daemon → page: a line was changed.</summary>
/// <param name="Seq">See <see cref="INews.Seq"/>.</param>
/// <param name="Line">The line's number. A line whose <c>version</c> is not below <paramref name="Seq"/> has the change already.</param>
/// <param name="Kind"><c>edited</c>, <c>deleted</c>, <c>reacted</c> or <c>unreacted</c>.</param>
/// <param name="Person">Who did it.</param>
/// <param name="Name">Their name.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Text">Of <c>edited</c>: the line's text. To one who comes later, the present one, so that a text that was replaced or deleted is nowhere kept.</param>
/// <param name="Emoji">Of reactions.</param>
/// <param name="Id">The key its sender gave it.</param>
/// <example><code>{"seq":13,"line":12,"kind":"edited","person":"00112233445566778899aabbccddeeff","name":"Ada","at":"2026-01-02T09:01:00+00:00","text":"Good morning, all"}</code></example>
[Message("chat/changed")]
public sealed record Changed(
    long Seq, long Line, string Kind, string Person, string Name, DateTimeOffset At, string? Text = null, string? Emoji = null, string? Id = null) : INews
{
    /// <summary>See <see cref="Kind"/>.</summary>
    public const string Edited = "edited", Deleted = "deleted", Reacted = "reacted", Unreacted = "unreacted";
}

/// <summary>Event, hub → daemon: this place in the room belongs to a direct line between others; there is nothing to show.</summary>
/// <example><code>{"seq":13}</code></example>
[Message("chat/hidden")]
public sealed record Hidden(long Seq) : INews;

/// <summary>
/// Request, page → daemon → hub: a part of the room's history. With <c>before</c>, or with neither: lines as they are now. With <c>after</c>: what
/// happened since, lines and changes.
/// </summary>
/// <param name="Before">Lines with a smaller number, the nearest ones.</param>
/// <param name="After">What has a greater number, the nearest first. Together with <paramref name="Before"/> only for direct lines.</param>
/// <param name="Limit">1 to 200.</param>
/// <param name="Direct">Only direct lines to or from the asker, as they are now.</param>
/// <example><code>{"before":120,"limit":50}</code></example>
[Message("chat/history"), Needs(Role.Listener)]
public sealed record History(long? Before = null, long? After = null, int Limit = 100, bool Direct = false);

/// <summary>Reply to <see cref="History"/>.</summary>
/// <param name="Items">Lines in ascending order. A page may be shorter than asked for when its lines are long.</param>
/// <param name="More">There is more in the direction that was asked for.</param>
/// <param name="Last">The room's highest number at this moment, 0 when nothing was said yet.</param>
/// <param name="Store">Names the hub's history; another value means other lines under the same numbers.</param>
/// <param name="Changes">Of <c>after</c>: changes in ascending order, to be taken together with the items in the order of their numbers.</param>
/// <param name="Through">Of <c>after</c>: everything up to here that the asker may see is in this page.</param>
/// <param name="Self">Who the asker is.</param>
/// <param name="Lost">There: an earlier history was damaged and set aside then, and this one was begun.</param>
/// <example><code>{"items":[],"more":false,"last":0,"store":"9f86d081884c7d65"}</code></example>
[Message("chat/history.ok")]
public sealed record HistoryOk(
    IReadOnlyList<Said> Items, bool More, long Last, string Store, IReadOnlyList<Changed>? Changes = null, long? Through = null,
    Member? Self = null, DateTimeOffset? Lost = null);

/// <summary>Request, page → daemon → hub: find lines.</summary>
/// <param name="Text">Words; a line has all of them. The last one may be the beginning of a word.</param>
/// <param name="Before">Only lines with a smaller number.</param>
/// <param name="Limit">1 to 50.</param>
/// <example><code>{"text":"measurements rep","limit":20}</code></example>
[Message("chat/search"), Needs(Role.Listener)]
public sealed record Search(string Text, long? Before = null, int Limit = 20);

/// <summary>Reply to <see cref="Search"/>: the newest first.</summary>
/// <example><code>{"items":[],"more":false}</code></example>
[Message("chat/search.ok")]
public sealed record SearchOk(IReadOnlyList<Found> Items, bool More);

/// <summary>A line that was found.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Name">Who said it.</param>
/// <param name="At">When.</param>
/// <param name="Snippet">The part of the text around what was looked for.</param>
/// <param name="ToName">Of a direct line: the receiver's name.</param>
public sealed record Found(long Seq, string Name, DateTimeOffset At, IReadOnlyList<Piece> Snippet, string? ToName = null);

/// <summary>A piece of a text; a hit is what was looked for.</summary>
public sealed record Piece(string Text, bool? Hit = null);

/// <summary>Request, page → daemon → hub: who may be written to.</summary>
/// <example><code>{}</code></example>
[Message("chat/people"), Needs(Role.Listener)]
public sealed record People;

/// <summary>Reply to <see cref="People"/>: those who are here first, then those who were here, the last one first; 200 at most.</summary>
/// <example><code>{"items":[{"person":"00112233445566778899aabbccddeeff","name":"Ada","here":true}]}</code></example>
[Message("chat/people.ok")]
public sealed record PeopleOk(IReadOnlyList<Someone> Items);

/// <summary>A person who may be written to.</summary>
public sealed record Someone(string Person, string Name, bool Here);

/// <summary>Event, page → daemon → hub: this person is typing. Sent again every few seconds while that is so; too many are dropped.</summary>
/// <param name="To">For a direct line: only that person is told.</param>
/// <example><code>{}</code></example>
[Message("chat/typing"), Needs(Role.Member)]
public sealed record Typing(string? To = null);

/// <summary>Event, hub → daemon → page: somebody is typing; true for <see cref="ChatWire.TypingLife"/>, and until their next line.</summary>
/// <param name="Person">Who.</param>
/// <param name="Name">Their name.</param>
/// <param name="ToPerson">There: the line is for this one only.</param>
/// <param name="Id">Their member id.</param>
/// <example><code>{"person":"00112233445566778899aabbccddeeff","name":"Ada","id":"00c0ffee00c0ffee"}</code></example>
[Message("chat/typist")]
public sealed record Typist(string Person, string Name, string? ToPerson = null, string? Id = null);

/// <summary>
/// Event, daemon → page: the room's newest lines, instead of all that the page has. Sent after a room was joined and to each page that
/// connects; everything later comes as <see cref="Said"/> and <see cref="Changed"/>.
/// </summary>
/// <param name="Room">The room.</param>
/// <param name="Self">Who this client is there.</param>
/// <param name="Items">In ascending order.</param>
/// <param name="More">There are older lines; ask with <c>before</c>.</param>
/// <param name="Read">What this person had read, by number; absent on the first visit.</param>
/// <param name="Missed">Direct lines to this person that were not read and are older than the items.</param>
/// <param name="Lost">As in <see cref="HistoryOk"/>.</param>
/// <example><code>{"room":"lab","self":{"id":"0123456789abcdef","name":"Ada","person":"00112233445566778899aabbccddeeff"},"items":[],"more":false}</code></example>
[Message("chat/history.loaded")]
public sealed record HistoryLoaded(
    string Room, Member Self, IReadOnlyList<Said> Items, bool More, long? Read = null, IReadOnlyList<Said>? Missed = null, DateTimeOffset? Lost = null);

/// <summary>Event, hub → daemon → page: what this person may do here now; after each opening of a channel, and when the role has changed.</summary>
/// <param name="Write">Lines, changes and reactions.</param>
/// <param name="Moderate">Delete the lines of others.</param>
/// <example><code>{"write":true,"moderate":false}</code></example>
[Message("chat/allowed")]
public sealed record Allowed(bool Write, bool Moderate);

/// <summary>Request, page → daemon: everything up to this number was seen.</summary>
/// <example><code>{"seq":12}</code></example>
[Message("chat/read")]
public sealed record Read(long Seq);

/// <summary>Event, daemon → page: all that waits for the hub in this room, instead of what the page knew; to each page that connects, and when it is another room.</summary>
/// <example><code>{"items":[{"key":"5f0c1e7a9b","say":{"text":"Good morning"}}]}</code></example>
[Message("chat/outbox")]
public sealed record OutboxState(IReadOnlyList<Queued> Items);

/// <summary>
/// Event, daemon → page: this waits for the hub; it survives the end of page and daemon. Comes again when something about it changes. It is over with
/// the <see cref="Said"/> or <see cref="Changed"/> of that id, or with <see cref="Dropped"/>.
/// </summary>
/// <param name="Key">See <see cref="IPost.Key"/>.</param>
/// <param name="Say">What waits: one of these four.</param>
/// <param name="Edit">See <paramref name="Say"/>.</param>
/// <param name="Delete">See <paramref name="Say"/>.</param>
/// <param name="React">See <paramref name="Say"/>.</param>
/// <param name="Error">Why the hub refused it: it waits for a decision, send it again or discard it.</param>
/// <param name="RetryAfterMs">The hub asks to slow down: it goes out by itself after this time.</param>
/// <example><code>{"key":"5f0c1e7a9b","say":{"text":"Good morning"},"retryAfterMs":400}</code></example>
[Message("chat/queued")]
public sealed record Queued(
    string Key, Say? Say = null, Edit? Edit = null, Delete? Delete = null, React? React = null, string? Error = null, long? RetryAfterMs = null);

/// <summary>Event, daemon → page: this does not wait any more.</summary>
/// <example><code>{"key":"5f0c1e7a9b"}</code></example>
[Message("chat/dropped")]
public sealed record Dropped(string Key);

/// <summary>Request, page → daemon: what was refused is not to be sent.</summary>
/// <example><code>{"key":"5f0c1e7a9b"}</code></example>
[Message("chat/discard")]
public sealed record Discard(string Key);

/// <summary>Request, page → daemon: send again what was refused.</summary>
/// <example><code>{"key":"5f0c1e7a9b"}</code></example>
[Message("chat/retry")]
public sealed record Retry(string Key);

/// <summary>A person as messages name them.</summary>
/// <param name="Id">The seat's id.</param>
/// <param name="Name">Shown to people.</param>
/// <param name="Person">The lasting identity.</param>
public sealed record Member(string Id, string Name, string Person = "");

[JsonSerializable(typeof(Say))]
[JsonSerializable(typeof(Edit))]
[JsonSerializable(typeof(Delete))]
[JsonSerializable(typeof(React))]
[JsonSerializable(typeof(SayOk))]
[JsonSerializable(typeof(Said))]
[JsonSerializable(typeof(Lines))]
[JsonSerializable(typeof(Changed))]
[JsonSerializable(typeof(Hidden))]
[JsonSerializable(typeof(History))]
[JsonSerializable(typeof(HistoryOk))]
[JsonSerializable(typeof(Search))]
[JsonSerializable(typeof(SearchOk))]
[JsonSerializable(typeof(People))]
[JsonSerializable(typeof(PeopleOk))]
[JsonSerializable(typeof(Typing))]
[JsonSerializable(typeof(Typist))]
[JsonSerializable(typeof(HistoryLoaded))]
[JsonSerializable(typeof(Allowed))]
[JsonSerializable(typeof(Read))]
[JsonSerializable(typeof(OutboxState))]
[JsonSerializable(typeof(Queued))]
[JsonSerializable(typeof(Dropped))]
[JsonSerializable(typeof(Discard))]
[JsonSerializable(typeof(Retry))]
internal sealed partial class ChatJson : JsonSerializerContext;

/// <summary>The plugin's messages and its service.</summary>
internal static class ChatWire
{
    public const string Service = "chat";

    /// <summary>Of a page of history towards a client, in bytes: <see cref="Server.HistoryReader.PageBytes"/> and what surrounds it.</summary>
    public const int MaxFrame = 640 * 1024;

    /// <summary>Of the beginning of a line that is answered, in characters.</summary>
    public const int QuoteLength = 160;

    /// <summary>How long the hub knows a key again. What waits longer than that in a daemon is not sent by itself.</summary>
    public static TimeSpan KeyLife { get; } = TimeSpan.FromDays(30);

    /// <summary>How long somebody counts as typing.</summary>
    public static TimeSpan TypingLife { get; } = TimeSpan.FromSeconds(6);

    public static MessageSet Messages { get; } = MessageSet.Of(typeof(ChatWire).Assembly, new ChatJson(new(MessageSet.WireOptions)));
}
