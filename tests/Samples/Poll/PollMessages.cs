using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using LanCollab.Contracts;

[assembly: Plugin("poll", Order = 90)]

namespace LanCollab.Plugins.Poll;

/// <summary>Section <c>Plugins:Poll</c>.</summary>
public sealed class PollOptions
{
    /// <summary>Where the hub listens; 0 = any free port.</summary>
    [Range(0, 65535)]
    public int Port { get; set; } = 5890;
}

/// <summary>Request, page → daemon → hub: ask the room something.</summary>
/// <example><code>{"question":"Lunch?","choices":["12:00","12:30"]}</code></example>
[Message("poll/ask"), Needs(Role.Member)]
public sealed record Ask(string Question, IReadOnlyList<string> Choices);

/// <summary>Request, page → daemon → hub: vote, or change one's vote.</summary>
/// <param name="Poll">The poll's number.</param>
/// <param name="Choice">Index into its choices.</param>
/// <example><code>{"poll":1,"choice":0}</code></example>
[Message("poll/vote"), Needs(Role.Member)]
public sealed record Vote(int Poll, int Choice);

/// <summary>Event, hub → daemon → page: the room's polls as they stand now, the newest first, instead of those known before.</summary>
/// <example><code>{"items":[{"id":1,"from":"Ada","question":"Lunch?","choices":["12:00","12:30"],"votes":[2,0],"mine":0}]}</code></example>
[Message("poll/polls")]
public sealed record Polls(IReadOnlyList<PollResult> Items);

/// <summary>One poll as one person sees it.</summary>
/// <param name="Mine">The index this person voted for; null = not yet.</param>
public sealed record PollResult(int Id, string From, string Question, IReadOnlyList<string> Choices, IReadOnlyList<int> Votes, int? Mine = null);

[JsonSerializable(typeof(Ask))]
[JsonSerializable(typeof(Vote))]
[JsonSerializable(typeof(Polls))]
internal sealed partial class PollJson : JsonSerializerContext;

internal static class PollWire
{
    public const string Service = "poll";

    public static MessageSet Messages { get; } = MessageSet.Of(typeof(PollWire).Assembly, new PollJson(new(MessageSet.WireOptions)));
}
