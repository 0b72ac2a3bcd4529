using System.Text.Json.Serialization;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Chat;

/// <summary>Request, page → daemon → hub: put a line into the room.</summary>
/// <param name="Text">1 to 8000 characters after trimming; no control characters but new line and tab.</param>
/// <param name="To">A member's id: a direct line, seen by the two only.</param>
/// <param name="Key">The line's id, random, chosen by the sender: the same key sent again is the same line. The daemon makes one if there is none.</param>
/// <example><code>{"text":"Good morning","key":"5f0c1e7a9b"}</code></example>
[Message("chat/say"), Needs(Role.Member)]
public sealed record Say(string Text, string? To = null, string? Key = null);

/// <summary>Reply to <see cref="Say"/>: the line is on disk.</summary>
/// <param name="Seq">Its place in the room.</param>
/// <example><code>{"seq":12}</code></example>
[Message("chat/say.ok")]
public sealed record SayOk(long Seq);

/// <summary>Event, hub → daemon → page: a line was said. Every receiver gets a room's lines in the order of <paramref name="Seq"/>.</summary>
/// <param name="Seq">1, 2, 3… in each room, without gaps.</param>
/// <param name="Id">The key its sender gave it.</param>
/// <param name="From">The sender's member id at that time.</param>
/// <param name="Name">The sender's name.</param>
/// <param name="Text">The line.</param>
/// <param name="At">When the hub took it, UTC.</param>
/// <param name="To">Of a direct line: the receiver's member id.</param>
/// <param name="ToName">Of a direct line: the receiver's name.</param>
/// <example><code>{"seq":12,"id":"5f0c1e7a9b","from":"0123456789abcdef","name":"Ada","text":"Good morning","at":"2026-01-02T09:00:00+00:00"}</code></example>
[Message("chat/said")]
public sealed record Said(
    long Seq, string Id, string From, string Name, string Text, DateTimeOffset At, string? To = null, string? ToName = null);

/// <summary>Event, hub → daemon: this place in the room belongs to a direct line between others; there is nothing to show.</summary>
/// <example><code>{"seq":13}</code></example>
[Message("chat/hidden")]
public sealed record Hidden(long Seq);

/// <summary>Request, page → daemon → hub: lines from the room's history. Without <c>before</c> and <c>after</c>: the newest.</summary>
/// <param name="Before">Lines with a smaller number, the nearest ones.</param>
/// <param name="After">Lines with a greater number, the nearest ones. Not together with <paramref name="Before"/>.</param>
/// <param name="Limit">1 to 200.</param>
/// <example><code>{"before":120,"limit":50}</code></example>
[Message("chat/history"), Needs(Role.Listener)]
public sealed record History(long? Before = null, long? After = null, int Limit = 100);

/// <summary>Reply to <see cref="History"/>.</summary>
/// <param name="Items">In ascending order. A page may be shorter than asked for when its lines are long.</param>
/// <param name="More">There are further lines in the direction that was asked for.</param>
/// <param name="Last">The room's highest number at this moment, 0 when nothing was said yet.</param>
/// <param name="Store">Names the hub's history; another value means other lines under the same numbers.</param>
/// <example><code>{"items":[],"more":false,"last":0,"store":"9f86d081884c7d65"}</code></example>
[Message("chat/history.ok")]
public sealed record HistoryOk(IReadOnlyList<Said> Items, bool More, long Last, string Store);

/// <summary>
/// Event, daemon → page: the room's newest lines, instead of all that the page has. Sent after a room was joined and to each page that
/// connects; every later line comes as <see cref="Said"/>.
/// </summary>
/// <param name="Room">The room.</param>
/// <param name="Self">Who this client is there.</param>
/// <param name="Items">In ascending order.</param>
/// <param name="More">There are older lines; ask with <c>before</c>.</param>
/// <example><code>{"room":"lab","self":{"id":"0123456789abcdef","name":"Ada"},"items":[],"more":false}</code></example>
[Message("chat/history.loaded")]
public sealed record HistoryLoaded(string Room, Member Self, IReadOnlyList<Said> Items, bool More);

/// <summary>A person as messages name them.</summary>
public sealed record Member(string Id, string Name);

[JsonSerializable(typeof(Say))]
[JsonSerializable(typeof(SayOk))]
[JsonSerializable(typeof(Said))]
[JsonSerializable(typeof(Hidden))]
[JsonSerializable(typeof(History))]
[JsonSerializable(typeof(HistoryOk))]
[JsonSerializable(typeof(HistoryLoaded))]
internal sealed partial class ChatJson : JsonSerializerContext;

/// <summary>The plugin's messages and its service.</summary>
internal static class ChatWire
{
    public const string Service = "chat";

    /// <summary>Of a page of history towards a client, in bytes: <see cref="Server.ChatStore.PageBytes"/> and what surrounds it.</summary>
    public const int MaxFrame = 640 * 1024;

    public static MessageSet Messages { get; } = MessageSet.Of(typeof(ChatWire).Assembly, new ChatJson(new(MessageSet.WireOptions)));
}
