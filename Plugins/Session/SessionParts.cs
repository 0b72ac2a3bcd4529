namespace LanCollab.Plugins.Session;

// Parts of messages

/// <summary>Who one is.</summary>
internal sealed record Person(string Id, string Name);

/// <summary>One line of the roster.</summary>
/// <param name="Id">The seat: 16 hex digits.</param>
/// <param name="Name">Unique within the room.</param>
/// <param name="State">One of <see cref="MemberState"/>.</param>
/// <param name="Role">One of <see cref="Roles"/>.</param>
/// <param name="Muted">Silenced by a moderator.</param>
/// <param name="Hand">There while a hand is raised; the lower, the earlier.</param>
internal sealed record Member(string Id, string Name, string State, string Role = "member", bool Muted = false, long? Hand = null);

/// <summary>How a room is kept.</summary>
/// <param name="Locked">Nobody new gets in.</param>
/// <param name="Lobby">A moderator lets people in.</param>
/// <param name="Password">One is asked for.</param>
/// <param name="Capacity">Seats.</param>
internal sealed record RoomRules(bool Locked, bool Lobby, bool Password, int Capacity);

/// <summary>Who may not come in.</summary>
/// <param name="Person">The machine, see <see cref="Peer.Person"/>.</param>
/// <param name="Name">The name at that time.</param>
internal sealed record Ban(string Person, string Name);

/// <summary>What the hub expects, in milliseconds.</summary>
/// <param name="IntervalMs">Time between two beats.</param>
/// <param name="SuspectMs">Silence after which the others are told.</param>
/// <param name="LostMs">Silence by the end of which the others know that somebody has gone.</param>
/// <param name="KeptMs">For so long the seat of somebody lost is kept.</param>
internal sealed record Heartbeat(int IntervalMs, int SuspectMs, int LostMs, int KeptMs);

/// <summary>How good somebody's connection is; times in milliseconds.</summary>
/// <param name="Id">The seat.</param>
/// <param name="Beats">Intervals between beats so far.</param>
/// <param name="IntervalMs">Mean of the last 32.</param>
/// <param name="IntervalMaxMs">The longest of them.</param>
/// <param name="JitterMs">Smoothed difference between round trips (RFC 3550, 6.4.1).</param>
/// <param name="RttMs">The last round trip; absent before the first.</param>
internal sealed record LinkStats(string Id, long Beats, double IntervalMs, double IntervalMaxMs, double JitterMs, double? RttMs = null);

/// <summary>States of a member.</summary>
internal static class MemberState
{
    public const string Present = "present", Suspect = "suspect", Away = "away";
}

/// <summary>Why somebody is not in the room any more, or is not let in.</summary>
internal static class LeaveReason
{
    /// <summary>For <see cref="MemberLeft"/> and <see cref="Dismissed"/>.</summary>
    public const string Left = "left", Lost = "lost", Replaced = "replaced", Removed = "removed";

    /// <summary>For <see cref="Dismissed"/> only.</summary>
    public const string Denied = "denied", Closed = "closed";
}

/// <summary>Roles as they are written.</summary>
internal static class Roles
{
    private static readonly string[] Names = [.. Enum.GetValues<Role>().Select(role => role.ToString().ToLowerInvariant())];

    /// <summary>For the wire.</summary>
    public static string Name(Role role) => Names[(int)role];

    /// <summary>From the wire.</summary>
    /// <exception cref="UserErrorException"><c>bad-role</c>.</exception>
    public static Role Parse(string name) => Array.IndexOf(Names, name) is var at and >= 0
        ? (Role)at
        : throw new UserErrorException("bad-role", $"There is no such role; there are {string.Join(", ", Names)}.");
}
