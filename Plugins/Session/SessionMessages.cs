namespace LanCollab.Plugins.Session;

// Client -> hub

/// <summary>Asks for a seat in a room. Answered with <c>ok</c> after a <see cref="Entered"/>, or with a refusal.</summary>
/// <example><code>{"room":"Bridge","name":"Ada","password":"x","device":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}</code></example>
/// <param name="Room">1 to 64 characters; rooms come into being with their first member.</param>
/// <param name="Name">1 to 64 characters, unique within the room ignoring case.</param>
/// <param name="Password">The server's, else the room's; the first in a room sets the room's.</param>
/// <param name="Device">A secret of 32 random bytes, base64url, kept by the client's machine: it takes its own seat over.</param>
[Message("session/enter")]
internal sealed record Enter(string Room, string Name, string Device, string? Password = null);

/// <summary>Attaches a new connection to a seat that is still kept; nothing else of the seat changes. Answered as <see cref="Enter"/>.</summary>
/// <example><code>{"resume":"c2l4dGVlbiBieXRlcyAuLg"}</code></example>
/// <param name="Resume">From <see cref="Entered"/>.</param>
[Message("session/resume")]
internal sealed record ResumeSeat(string Resume);

/// <summary>A sign of life, every <see cref="Heartbeat.IntervalMs"/>. Answered with <see cref="Beaten"/>.</summary>
/// <example><code>{"sent":123456}</code></example>
/// <param name="Sent">The client's own clock, given back as it is.</param>
[Message("session/beat"), Needs(Role.Listener)]
internal sealed record Beat(long? Sent = null);

// Hub -> client

/// <summary>The seat, before any other event of the room. Secrets in it belong to this client alone.</summary>
/// <example><code>{"self":{"id":"00c0ffee00c0ffee","name":"Ada"},"room":"Bridge","members":[{"id":"00c0ffee00c0ffee","name":"Ada","state":"present"}],"resume":"c2l4dGVlbiBieXRlcyAuLg","heartbeat":{"intervalMs":2000,"suspectMs":5000,"lostMs":7500},"admission":{"token":"dG9rZW4","session":7,"secret":"c2VjcmV0","services":[{"name":"chat","transport":"tcp","port":5871}]}}</code></example>
/// <param name="Self">This client.</param>
/// <param name="Room">The room as it is spelled here.</param>
/// <param name="Members">Everybody, this client too, in order of joining.</param>
/// <param name="Resume">The word for <see cref="ResumeSeat"/>.</param>
/// <param name="Heartbeat">What the hub expects.</param>
/// <param name="Admission">The way to the other services; absent after a <see cref="ResumeSeat"/>, since the old one still holds.</param>
[Message("session/entered")]
internal sealed record Entered(
    Person Self, string Room, IReadOnlyList<Member> Members, string Resume, Heartbeat Heartbeat, Admission? Admission = null);

/// <summary>The answer to <see cref="Beat"/>.</summary>
/// <example><code>{"sent":123456}</code></example>
/// <param name="Sent">As it came.</param>
[Message("session/beaten")]
internal sealed record Beaten(long? Sent = null);

/// <summary>The hub has taken the seat back and closes the connection.</summary>
/// <example><code>{"reason":"replaced","text":"Ada joined again from this machine."}</code></example>
/// <param name="Reason"><c>lost</c> (entering anew is welcome) or <c>replaced</c> (it is not).</param>
/// <param name="Text">A sentence for a person.</param>
[Message("session/dismissed")]
internal sealed record Dismissed(string Reason, string Text);

// Hub -> client -> page

/// <summary>Somebody has a seat.</summary>
/// <example><code>{"member":{"id":"00c0ffee00c0ffee","name":"Ada","state":"present"}}</code></example>
[Message("session/member.joined")]
internal sealed record MemberJoined(Member Member);

/// <summary>A seat is free again.</summary>
/// <example><code>{"id":"00c0ffee00c0ffee","name":"Ada","reason":"left"}</code></example>
/// <param name="Id">The seat.</param>
/// <param name="Name">Who had it.</param>
/// <param name="Reason">One of <see cref="LeaveReason"/>.</param>
[Message("session/member.left")]
internal sealed record MemberLeft(string Id, string Name, string Reason);

/// <summary>Somebody's state has changed.</summary>
/// <example><code>{"member":{"id":"00c0ffee00c0ffee","name":"Ada","state":"suspect"}}</code></example>
[Message("session/member.changed")]
internal sealed record MemberChanged(Member Member);

// Page -> client -> hub

/// <summary>Gives the seat back.</summary>
/// <example><code>{}</code></example>
[Message("session/leave"), Needs(Role.Listener)]
internal sealed record Leave;

/// <summary>Tells the others that this person is not looking.</summary>
/// <example><code>{"away":true}</code></example>
[Message("session/away"), Needs(Role.Listener)]
internal sealed record SetAway(bool Away);

// Page <-> client

/// <summary>Joins a room, leaving another one first. Answered with <see cref="Joined"/> or a refusal.</summary>
/// <example><code>{"server":"10.0.0.7:5870","room":"Bridge","name":"Ada","password":"x"}</code></example>
/// <param name="Room">See <see cref="Enter"/>.</param>
/// <param name="Name">See <see cref="Enter"/>.</param>
/// <param name="Server">host or host:port; absent: the default one of <see cref="ServerList"/>.</param>
/// <param name="Password">See <see cref="Enter"/>.</param>
[Message("session/join")]
internal sealed record JoinRoom(string Room, string Name, string? Server = null, string? Password = null);

/// <summary>This client is in a room: after a join, after each reconnection, and for a page that has just connected.</summary>
/// <example><code>{"self":{"id":"00c0ffee00c0ffee","name":"Ada"},"room":"Bridge","members":[{"id":"00c0ffee00c0ffee","name":"Ada","state":"present"}]}</code></example>
[Message("session/joined")]
internal sealed record Joined(Person Self, string Room, IReadOnlyList<Member> Members);

/// <summary>How the client stands with the hub.</summary>
/// <example><code>{"state":"reconnecting","reason":"The connection to the server was lost."}</code></example>
/// <param name="State"><c>connected</c> (in a room), <c>reconnecting</c>, <c>disconnected</c> (in no room).</param>
/// <param name="Reason">A sentence, when there is something to say.</param>
[Message("session/state")]
internal sealed record LinkState(string State, string? Reason = null);

/// <summary>Asks for the servers this machine knows. Answered with <see cref="ServerList"/>.</summary>
/// <example><code>{}</code></example>
[Message("session/servers")]
internal sealed record ListServers;

/// <summary>Servers to choose from.</summary>
/// <example><code>{"items":[{"address":"10.0.0.7:5870","fingerprint":"ab12"}],"default":"10.0.0.7:5870"}</code></example>
/// <param name="Items">The last used first.</param>
/// <param name="Default">Used by a join that names none.</param>
[Message("session/servers.known")]
internal sealed record ServerList(IReadOnlyList<KnownServer> Items, string Default);

// Parts of messages

/// <summary>Who one is.</summary>
internal sealed record Person(string Id, string Name);

/// <summary>One line of the roster.</summary>
/// <param name="Id">The seat: 16 hex digits.</param>
/// <param name="Name">Unique within the room.</param>
/// <param name="State">One of <see cref="MemberState"/>.</param>
internal sealed record Member(string Id, string Name, string State);

/// <summary>What the hub expects, in milliseconds.</summary>
/// <param name="IntervalMs">Time between two beats.</param>
/// <param name="SuspectMs">Silence after which the others are told.</param>
/// <param name="LostMs">Silence after which the seat is taken back.</param>
internal sealed record Heartbeat(int IntervalMs, int SuspectMs, int LostMs);

/// <summary>States of a member.</summary>
internal static class MemberState
{
    public const string Present = "present", Suspect = "suspect", Away = "away";
}

/// <summary>Why a seat became free.</summary>
internal static class LeaveReason
{
    public const string Left = "left", Lost = "lost", Replaced = "replaced";
}
