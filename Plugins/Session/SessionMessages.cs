namespace LanCollab.Plugins.Session;

// Client -> hub, before there is a seat

/// <summary>Asks for a seat in a room. Answered with <c>ok</c> after a <see cref="Entered"/> or <see cref="Waiting"/>, or with a refusal.</summary>
/// <example><code>{"room":"Bridge","name":"Ada","password":"x","device":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}</code></example>
/// <param name="Room">1 to 64 characters; rooms come into being with their first member.</param>
/// <param name="Name">1 to 64 characters, unique within the room ignoring case.</param>
/// <param name="Password">The server's, else the room's, or the operator's; the first in a room sets the room's.</param>
/// <param name="Device">A secret of 32 random bytes, base64url, kept by the client's machine: it takes its own seat over.</param>
[Message("session/enter")]
internal sealed record Enter(string Room, string Name, string Device, string? Password = null);

/// <summary>Attaches a new connection to a seat that is kept. Answered as <see cref="Enter"/>.</summary>
/// <example><code>{"resume":"c2l4dGVlbiBieXRlcyAuLg","device":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}</code></example>
/// <param name="Resume">The token of the last <see cref="Entered"/>; each is good once.</param>
/// <param name="Device">The secret that the seat was entered with: a token is of no use on another machine.</param>
[Message("session/resume")]
internal sealed record ResumeSeat(string Resume, string Device);

/// <summary>A sign of life, every <see cref="Heartbeat.IntervalMs"/>. Answered with <see cref="Beaten"/>.</summary>
/// <example><code>{"sent":123456,"rttMs":1.4}</code></example>
/// <param name="Sent">The client's own clock, given back as it is.</param>
/// <param name="RttMs">The round trip of the beat before, as the client measured it.</param>
[Message("session/beat"), Needs(Role.Listener)]
internal sealed record Beat(long? Sent = null, double? RttMs = null);

// Hub -> client

/// <summary>The seat, before any other event of the room. Secrets in it belong to this client alone.</summary>
/// <example><code>{"self":{"id":"00c0ffee00c0ffee","name":"Ada"},"room":"Bridge","members":[{"id":"00c0ffee00c0ffee","name":"Ada","state":"present","role":"moderator","muted":false}],"rules":{"locked":false,"lobby":false,"password":false,"capacity":200},"resume":"c2l4dGVlbiBieXRlcyAuLg","heartbeat":{"intervalMs":2000,"suspectMs":5000,"lostMs":8000,"keptMs":60000},"admission":{"token":"dG9rZW4","session":7,"secret":"c2VjcmV0","services":[{"name":"chat","transport":"tcp","port":5871}]}}</code></example>
/// <param name="Self">This client.</param>
/// <param name="Room">The room as it is spelled here.</param>
/// <param name="Members">Everybody, this client too, in order of joining.</param>
/// <param name="Rules">How the room is kept.</param>
/// <param name="Resume">The token for the next <see cref="ResumeSeat"/>; those before it are worth nothing any more.</param>
/// <param name="Heartbeat">What the hub expects.</param>
/// <param name="Admission">The way to the other services; the same as before when the seat had not been lost.</param>
[Message("session/entered")]
internal sealed record Entered(
    Person Self, string Room, IReadOnlyList<Member> Members, RoomRules Rules, string Resume, Heartbeat Heartbeat, Admission Admission);

/// <summary>The answer to <see cref="Beat"/>.</summary>
/// <example><code>{"sent":123456}</code></example>
/// <param name="Sent">As it came.</param>
[Message("session/beaten")]
internal sealed record Beaten(long? Sent = null);

/// <summary>The hub has taken the seat back, or does not give one, and closes the connection.</summary>
/// <example><code>{"reason":"replaced","text":"Ada joined again from this machine."}</code></example>
/// <param name="Reason"><c>lost</c> and <c>closed</c> (coming back is welcome); <c>replaced</c>, <c>removed</c>, <c>denied</c> (it is not).</param>
/// <param name="Text">A sentence for a person.</param>
[Message("session/dismissed")]
internal sealed record Dismissed(string Reason, string Text);

// Hub -> client -> page

/// <summary>Somebody has a seat.</summary>
/// <example><code>{"member":{"id":"00c0ffee00c0ffee","name":"Ada","state":"present","role":"member","muted":false},"resumed":true}</code></example>
/// <param name="Member">Who.</param>
/// <param name="Resumed">True: the seat was lost and has been taken up again.</param>
[Message("session/member.joined")]
internal sealed record MemberJoined(Member Member, bool Resumed = false);

/// <summary>Somebody is not in the room any more.</summary>
/// <example><code>{"id":"00c0ffee00c0ffee","name":"Ada","reason":"left"}</code></example>
/// <param name="Id">The seat.</param>
/// <param name="Name">Who had it.</param>
/// <param name="Reason">One of <see cref="LeaveReason"/>.</param>
[Message("session/member.left")]
internal sealed record MemberLeft(string Id, string Name, string Reason);

/// <summary>Something about somebody has changed.</summary>
/// <example><code>{"member":{"id":"00c0ffee00c0ffee","name":"Ada","state":"suspect","role":"member","muted":true,"hand":3}}</code></example>
[Message("session/member.changed")]
internal sealed record MemberChanged(Member Member);

/// <summary>How the room is kept has changed.</summary>
/// <example><code>{"rules":{"locked":true,"lobby":false,"password":true,"capacity":30}}</code></example>
[Message("session/rules.changed")]
internal sealed record RulesChanged(RoomRules Rules);

/// <summary>For moderators: everybody who waits to be let in, in order of knocking; replaces what was known.</summary>
/// <example><code>{"items":[{"id":"00c0ffee00c0ffee","name":"Bob"}]}</code></example>
[Message("session/lobby")]
internal sealed record Lobby(IReadOnlyList<Person> Items);

/// <summary>The door was knocked at; <see cref="Entered"/> or <see cref="Dismissed"/> follows when a moderator has decided. To the page also the reply to a join.</summary>
/// <example><code>{"room":"Bridge","heartbeat":{"intervalMs":2000,"suspectMs":5000,"lostMs":8000,"keptMs":60000}}</code></example>
/// <param name="Room">As it is spelled here.</param>
/// <param name="Heartbeat">Who waits beats, too; not for the page.</param>
[Message("session/waiting")]
internal sealed record Waiting(string Room, Heartbeat? Heartbeat = null);

// Page -> client -> hub

/// <summary>Gives the seat back.</summary>
/// <example><code>{}</code></example>
[Message("session/leave"), Needs(Role.Listener)]
internal sealed record Leave;

/// <summary>Tells the others that this person is not looking.</summary>
/// <example><code>{"away":true}</code></example>
[Message("session/away"), Needs(Role.Listener)]
internal sealed record SetAway(bool Away);

/// <summary>Raises or lowers a hand; raised ones are called in the order of <see cref="Member.Hand"/>.</summary>
/// <example><code>{"raised":false,"id":"00c0ffee00c0ffee"}</code></example>
/// <param name="Raised">Up or down.</param>
/// <param name="Id">Somebody else, whose hand can only be lowered; absent: oneself.</param>
[Message("session/hand"), Needs(Role.Listener)]
internal sealed record SetHand(bool Raised, [property: Needs(Role.Moderator)] string? Id = null);

/// <summary>Gives somebody a role.</summary>
/// <example><code>{"id":"00c0ffee00c0ffee","role":"presenter"}</code></example>
/// <param name="Id">Whom.</param>
/// <param name="Role"><c>listener</c>, <c>member</c>, <c>presenter</c> or <c>moderator</c>.</param>
[Message("session/role"), Needs(Contracts.Role.Moderator)]
internal sealed record SetRole(string Id, string Role);

/// <summary>Shows that one is the server's operator: a moderator in this room from now on, whom nobody in it can make anything else.</summary>
/// <example><code>{"password":"x"}</code></example>
/// <param name="Password"><c>Plugins:Session:AdminPassword</c>.</param>
[Message("session/operator"), Needs(Contracts.Role.Listener)]
internal sealed record BeOperator(string Password);

/// <summary>Silences somebody, or takes that back. Moderators cannot be silenced.</summary>
/// <example><code>{"id":"00c0ffee00c0ffee","muted":true}</code></example>
[Message("session/mute"), Needs(Role.Moderator)]
internal sealed record SetMuted(string Id, bool Muted);

/// <summary>Silences everybody but moderators.</summary>
/// <example><code>{}</code></example>
[Message("session/mute.all"), Needs(Role.Moderator)]
internal sealed record MuteAll;

/// <summary>Shows somebody out.</summary>
/// <example><code>{"id":"00c0ffee00c0ffee","ban":true}</code></example>
/// <param name="Id">Whom; also somebody who waits in the lobby or whose seat is kept.</param>
/// <param name="Ban">True: that machine does not get in again, under whatever name, while the room lasts.</param>
[Message("session/remove"), Needs(Role.Moderator)]
internal sealed record RemoveMember(string Id, bool Ban = false);

/// <summary>Asks who is banned. Answered with <see cref="BanList"/>.</summary>
/// <example><code>{}</code></example>
[Message("session/bans"), Needs(Role.Moderator)]
internal sealed record ListBans;

/// <summary>Who is banned from the room.</summary>
/// <example><code>{"items":[{"person":"000102030405060708090a0b0c0d0e0f","name":"Eve"}]}</code></example>
[Message("session/bans.known")]
internal sealed record BanList(IReadOnlyList<Ban> Items);

/// <summary>Lifts a ban.</summary>
/// <example><code>{"person":"000102030405060708090a0b0c0d0e0f"}</code></example>
[Message("session/ban.lift"), Needs(Role.Moderator)]
internal sealed record LiftBan(string Person);

/// <summary>Changes how the room is kept; what is absent stays.</summary>
/// <example><code>{"password":"x","locked":true,"lobby":false,"capacity":30}</code></example>
/// <param name="Password">Empty: none. Not on a server that has a password for all rooms.</param>
/// <param name="Locked">Nobody new gets in.</param>
/// <param name="Lobby">Who comes waits until a moderator lets them in.</param>
/// <param name="Capacity">Seats, 1 to the server's limit.</param>
[Message("session/rules"), Needs(Role.Moderator)]
internal sealed record SetRules(string? Password = null, bool? Locked = null, bool? Lobby = null, int? Capacity = null);

/// <summary>Decides about somebody who has knocked.</summary>
/// <example><code>{"id":"00c0ffee00c0ffee","admitted":true}</code></example>
/// <param name="Id">From <see cref="Session.Lobby"/>.</param>
/// <param name="Admitted">False: turned away.</param>
[Message("session/admit"), Needs(Role.Moderator)]
internal sealed record Admit(string Id, bool Admitted);

/// <summary>Asks how good connections are. Answered with <see cref="StatsList"/>.</summary>
/// <example><code>{"all":true}</code></example>
/// <param name="All">Everybody's; absent: one's own.</param>
[Message("session/stats"), Needs(Role.Listener)]
internal sealed record AskStats([property: Needs(Role.Moderator)] bool All = false);

/// <summary>How good connections are.</summary>
/// <example><code>{"items":[{"id":"00c0ffee00c0ffee","beats":40,"intervalMs":2000.4,"intervalMaxMs":2011,"jitterMs":0.2,"rttMs":1.4}]}</code></example>
[Message("session/stats.known")]
internal sealed record StatsList(IReadOnlyList<LinkStats> Items);

// Page <-> client

/// <summary>Joins a room, leaving another one first. Answered with <see cref="Joined"/>, <see cref="Waiting"/> or a refusal.</summary>
/// <example><code>{"server":"10.0.0.7:5870","room":"Bridge","name":"Ada","password":"x"}</code></example>
/// <param name="Room">See <see cref="Enter"/>.</param>
/// <param name="Name">See <see cref="Enter"/>.</param>
/// <param name="Server">host or host:port; absent: the default one of <see cref="ServerList"/>.</param>
/// <param name="Password">See <see cref="Enter"/>.</param>
[Message("session/join")]
internal sealed record JoinRoom(string Room, string Name, string? Server = null, string? Password = null);

/// <summary>This client is in a room: after a join, after each reconnection, and for a page that has just connected.</summary>
/// <example><code>{"self":{"id":"00c0ffee00c0ffee","name":"Ada"},"room":"Bridge","members":[{"id":"00c0ffee00c0ffee","name":"Ada","state":"present","role":"moderator","muted":false}],"rules":{"locked":false,"lobby":false,"password":false,"capacity":200}}</code></example>
[Message("session/joined")]
internal sealed record Joined(Person Self, string Room, IReadOnlyList<Member> Members, RoomRules Rules);

/// <summary>How the client stands with the hub.</summary>
/// <example><code>{"state":"reconnecting","reason":"The connection to the server was lost."}</code></example>
/// <param name="State"><c>connected</c> (in a room), <c>waiting</c> (in its lobby), <c>reconnecting</c>, <c>disconnected</c> (in no room).</param>
/// <param name="Reason">A sentence, when there is something to say.</param>
[Message("session/state")]
internal sealed record LinkState(string State, string? Reason = null);

/// <summary>Asks for the servers this machine knows. Answered with <see cref="ServerList"/>.</summary>
/// <example><code>{}</code></example>
[Message("session/servers")]
internal sealed record ListServers;

/// <summary>Asks on all networks again who is there. Answered with <see cref="ServerList"/> as it is now; what is found comes as events.</summary>
/// <example><code>{}</code></example>
[Message("session/search")]
internal sealed record SearchServers;

/// <summary>Servers to choose from: the answer, and an event whenever something has changed.</summary>
/// <example><code>{"items":[{"address":"10.0.0.7:5870","fingerprint":"ab12"}],"default":"10.0.0.7:5870","found":[{"name":"Bridge","address":"10.0.0.7:5870","fingerprint":"ab12","rooms":2,"trust":"known","link":"lancollab://10.0.0.7:5870/#fp=ab12"}],"search":{"state":"found","findings":[]}}</code></example>
/// <param name="Items">Those used before, the last used first.</param>
/// <param name="Default">Used by a join that names none.</param>
/// <param name="Found">Those on the network, see <see cref="FoundServer"/>.</param>
/// <param name="Search">How the search stands, see <see cref="SearchReport"/>.</param>
[Message("session/servers.known")]
internal sealed record ServerList(IReadOnlyList<KnownServer> Items, string Default, IReadOnlyList<FoundServer> Found, SearchReport Search);

/// <summary>Asks what others need to come here. Answered with <see cref="InvitationCard"/>.</summary>
/// <example><code>{"room":"Bridge"}</code></example>
/// <param name="Room">Goes into the link; absent: none does.</param>
[Message("session/invite")]
internal sealed record Invite(string? Room = null);

/// <summary>The way to the server of the present room.</summary>
/// <example><code>{"address":"10.0.0.7:5870","link":"lancollab://10.0.0.7:5870/#fp=ab12&amp;room=Bridge","onlyHere":false,"code":["101","010","111"]}</code></example>
/// <param name="Address">host:port.</param>
/// <param name="Link">See <see cref="IServerLink.DialAsync"/>.</param>
/// <param name="OnlyHere">The address works on this machine alone.</param>
/// <param name="Code">The link as a QR code (ISO/IEC 18004): rows of modules, 1 is dark; without the quiet zone.</param>
[Message("session/invitation")]
internal sealed record InvitationCard(string Address, string Link, bool OnlyHere, IReadOnlyList<string> Code);
