using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>
/// Standing channel, request: this client takes blocks from other clients, and gives them when it has a port; sent again with a new secret every
/// minute. <c>{"fingerprint":"…64 hex digits…","port":40123,"secret":"…base64url of 32 bytes…","most":16}</c>
/// </summary>
/// <param name="Fingerprint">SHA-256 of the certificate this client shows to others.</param>
/// <param name="Port">Where it listens, at the address the hub sees it at; 0: it gives nothing.</param>
/// <param name="Secret">What the hub makes tokens with; the client takes those of this secret and of the one before.</param>
/// <param name="Most">How many others it serves at a time.</param>
[Message("files/swarm"), Needs(Role.Listener)]
internal sealed record JoinSwarm(string Fingerprint, int Port, string Secret, int Most);

/// <summary>Standing channel, event: this client has these blocks, checked. <c>{"id":"0123456789abcdef0123456789abcdef","blocks":[[0,7]]}</c></summary>
[Message("files/have"), Needs(Role.Listener)]
internal sealed record HaveBlocks(string Id, int[][] Blocks);

/// <summary>Standing channel, event: this client gives nothing of this file any more. <c>{"id":"0123456789abcdef0123456789abcdef"}</c></summary>
[Message("files/lost"), Needs(Role.Listener)]
internal sealed record LostBlocks(string Id);

/// <summary>
/// Standing channel, request: where to get the next blocks of a file; the reply is <see cref="BlockPlan"/>.
/// <c>{"id":"0123456789abcdef0123456789abcdef","want":8,"busy":[[3,5]]}</c>
/// </summary>
/// <param name="Id">The file.</param>
/// <param name="Want">How many blocks at most.</param>
/// <param name="Busy">Blocks that are on their way already.</param>
[Message("files/plan"), Needs(Role.Listener)]
internal sealed record AskPlan(string Id, int Want, int[][] Busy);

/// <summary>
/// Reply to <see cref="AskPlan"/>: advice, and nothing hangs on it; the hub gives every block to whoever asks for it.
/// <c>{"alone":false,"hub":[[9,9]],"peers":[{"peer":"0011223344556677","address":"192.168.1.7","port":40123,"fingerprint":"…64 hex digits…","token":"0123456789abcdef0123456789abcdef.AAECAwQFBgcICQoLDA0ODw","blocks":[[3,5]]}]}</c>
/// </summary>
/// <param name="Alone">Nobody else has or fetches the file: all of it from the hub.</param>
/// <param name="Hub">Blocks to get from the hub.</param>
/// <param name="Peers">Who else to get blocks from.</param>
[Message("files/planned")]
internal sealed record BlockPlan(bool Alone, int[][] Hub, IReadOnlyList<PeerBlocks> Peers);

/// <summary>What to get from one other client.</summary>
/// <param name="Peer">Its name in this swarm.</param>
/// <param name="Address">As the hub sees it.</param>
/// <param name="Port">Where it listens.</param>
/// <param name="Fingerprint">Of the certificate it must show.</param>
/// <param name="Token">Lets this client in, for this file.</param>
/// <param name="Blocks">Ranges.</param>
internal sealed record PeerBlocks(string Peer, string Address, int Port, string Fingerprint, string Token, int[][] Blocks);

/// <summary>Standing channel, event: this client takes no more blocks from that one. <c>{"id":"0123456789abcdef0123456789abcdef","peer":"0011223344556677","wrong":true}</c></summary>
/// <param name="Id">The file.</param>
/// <param name="Peer">As in <see cref="PeerBlocks"/>.</param>
/// <param name="Wrong">It sent a wrong block; else it does not answer, or too slowly.</param>
[Message("files/avoid"), Needs(Role.Listener)]
internal sealed record AvoidPeer(string Id, string Peer, bool Wrong);
