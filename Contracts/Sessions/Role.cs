namespace LanCollab.Contracts;

/// <summary>What somebody may do in a room. Ordered: each may do all that those before it may.</summary>
public enum Role
{
    /// <summary>Hears, sees, reads and raises a hand.</summary>
    Listener,

    /// <summary>Talks, writes, hands files over, and presents where the room's policy leaves that open.</summary>
    Member,

    /// <summary>Presents also where the policy reserves that.</summary>
    Presenter,

    /// <summary>Keeps order: admits, mutes, removes, gives roles.</summary>
    Moderator,
}

/// <summary>How somebody stands in the room at one moment.</summary>
/// <param name="Role">What they may do.</param>
/// <param name="Muted">True: silenced by a moderator, until a moderator takes it back.</param>
public sealed record Standing(Role Role, bool Muted = false);
