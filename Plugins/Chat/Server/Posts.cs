using LanCollab.Contracts;

namespace LanCollab.Plugins.Chat.Server;

/// <summary>What a person puts into a room, before it has a number.</summary>
/// <param name="Room">The room.</param>
/// <param name="From">Who.</param>
/// <param name="Key">See <see cref="IPost.Key"/>.</param>
/// <param name="At">When.</param>
internal abstract record Post(string Room, Member From, string Key, DateTimeOffset At)
{
    /// <summary>What this must follow, and on which channel; null: nothing.</summary>
    public Chain? Chain { get; init; }

    /// <summary>See <see cref="IPost.After"/>.</summary>
    public string? After { get; init; }
}

/// <summary>A line.</summary>
internal sealed record NewLine(string Room, Member From, string Key, DateTimeOffset At, Member? To, string Text, long? Reply = null) : Post(Room, From, Key, At);

/// <summary>Another text for a line.</summary>
internal sealed record NewText(string Room, Member From, string Key, DateTimeOffset At, long Line, string Text) : Post(Room, From, Key, At);

/// <summary>The end of a line.</summary>
/// <param name="Room">The room.</param>
/// <param name="From">Who.</param>
/// <param name="Key">See <see cref="IPost.Key"/>.</param>
/// <param name="At">When.</param>
/// <param name="Line">Its number.</param>
/// <param name="Any">The line may be somebody else's.</param>
internal sealed record Deletion(string Room, Member From, string Key, DateTimeOffset At, long Line, bool Any) : Post(Room, From, Key, At);

/// <summary>A reaction set or taken back.</summary>
internal sealed record NewReaction(string Room, Member From, string Key, DateTimeOffset At, long Line, string Emoji, bool On) : Post(Room, From, Key, At);

/// <summary>What one channel has put into the room last: several posts may be under way on it, and none overtakes one that was refused.</summary>
internal sealed class Chain
{
    private string? _last;

    /// <summary>May this post be taken now?</summary>
    public bool Fits(Post post) => post.After is null || post.After == _last;

    /// <summary>It was taken.</summary>
    public void Took(Post post) => _last = post.Key;

    /// <summary>What was taken last is not on disk after all.</summary>
    public void Break() => _last = null;
}

/// <summary>What became of a <see cref="Post"/>.</summary>
/// <param name="Seq">Its number, or the one it got when it came first; 0 when refused.</param>
/// <param name="News">What to tell the room; null: nothing new.</param>
/// <param name="Between">The two persons who may see it; null: everybody.</param>
/// <param name="Refused">Nothing was stored, for this reason.</param>
internal readonly record struct Stored(long Seq, INews? News = null, Pair? Between = null, UserErrorException? Refused = null);

/// <summary>Two persons with a line between them.</summary>
internal sealed record Pair(string A, string B)
{
    /// <summary>True for the two.</summary>
    public bool Has(string? person) => person == A || person == B;
}
