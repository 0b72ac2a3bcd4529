using System.Text.Json.Serialization;

namespace LanCollab.Plugins.Session;

/// <summary>The JSON of all messages.</summary>
[JsonSerializable(typeof(Enter))]
[JsonSerializable(typeof(ResumeSeat))]
[JsonSerializable(typeof(Beat))]
[JsonSerializable(typeof(Entered))]
[JsonSerializable(typeof(Beaten))]
[JsonSerializable(typeof(Dismissed))]
[JsonSerializable(typeof(MemberJoined))]
[JsonSerializable(typeof(MemberLeft))]
[JsonSerializable(typeof(MemberChanged))]
[JsonSerializable(typeof(RulesChanged))]
[JsonSerializable(typeof(Lobby))]
[JsonSerializable(typeof(Waiting))]
[JsonSerializable(typeof(Leave))]
[JsonSerializable(typeof(SetAway))]
[JsonSerializable(typeof(BeOperator))]
[JsonSerializable(typeof(SetHand))]
[JsonSerializable(typeof(SetRole))]
[JsonSerializable(typeof(SetMuted))]
[JsonSerializable(typeof(MuteAll))]
[JsonSerializable(typeof(RemoveMember))]
[JsonSerializable(typeof(ListBans))]
[JsonSerializable(typeof(BanList))]
[JsonSerializable(typeof(LiftBan))]
[JsonSerializable(typeof(SetRules))]
[JsonSerializable(typeof(Admit))]
[JsonSerializable(typeof(AskStats))]
[JsonSerializable(typeof(StatsList))]
[JsonSerializable(typeof(JoinRoom))]
[JsonSerializable(typeof(Joined))]
[JsonSerializable(typeof(LinkState))]
[JsonSerializable(typeof(ListServers))]
[JsonSerializable(typeof(SearchServers))]
[JsonSerializable(typeof(ServerList))]
[JsonSerializable(typeof(Invite))]
[JsonSerializable(typeof(InvitationCard))]
internal sealed partial class SessionJson : JsonSerializerContext;

/// <summary>What both halves agree on.</summary>
internal static class SessionProtocol
{
    /// <summary>All messages.</summary>
    public static MessageSet Messages { get; } = MessageSet.Of(typeof(SessionProtocol).Assembly, new SessionJson(new(MessageSet.WireOptions)));

    /// <summary>The door as the hub maps it: what comes in is short.</summary>
    public static StreamService Service { get; } = new("session", 5870) { Anonymous = true, MaxFrame = FrameLimits.Hello };

    /// <summary>The door as a client dials it: the roster of a full room comes back in one frame.</summary>
    public static StreamService Dialled { get; } = Service with { MaxFrame = FrameLimits.Block };
}
