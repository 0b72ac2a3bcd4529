using System.Reflection;
using System.Text.Json.Serialization;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>Standing channel, client to hub: asks for the room's list and for its changes from now on. <c>{}</c></summary>
[Message("files/list"), Needs(Role.Listener)]
internal sealed record ListFiles;

/// <summary>
/// Standing channel, hub to client, and daemon to page: the whole list, oldest first; replaces what was known.
/// <c>{"store":"9f86d081884c7d65","items":[]}</c>
/// </summary>
/// <param name="Store">The hub's store, random, for its life: uploads go on only into the store they began in.</param>
/// <param name="Items">The room's files.</param>
[Message("files/items")]
internal sealed record FileItems(string Store, IReadOnlyList<SharedFile> Items);

/// <summary>
/// A file, or a folder, that people can fetch; hub to client, daemon to page, and the reply to <see cref="CompleteUpload"/>.
/// <c>{"id":"0123456789abcdef0123456789abcdef","name":"plan.pdf","size":4096,"sha256":"…64 hex digits…","from":"00112233aabbccdd","fromName":"Ada","at":"2030-01-02T03:04:05+00:00","root":"…64 hex digits…"}</c>
/// </summary>
/// <param name="Id">32 hex digits, random.</param>
/// <param name="Name">As the uploader named it, made safe for every file system.</param>
/// <param name="Size">Bytes of the content; of a folder, with its index.</param>
/// <param name="Sha256">Of the whole content, computed by the hub: 64 hex digits, lower case.</param>
/// <param name="From">The uploader's seat.</param>
/// <param name="FromName">The uploader's name.</param>
/// <param name="At">When it was complete, by the hub's clock.</param>
/// <param name="Root">SHA-256 over the blocks' hashes in their order: what a list of hashes is checked against.</param>
/// <param name="Modified">The source's time of last change.</param>
/// <param name="Files">How many files a folder has; absent for a file.</param>
/// <param name="Index">Bytes of a folder's index, with which its content begins.</param>
/// <param name="To">The name of the one person it is for; absent: everybody in the room.</param>
/// <param name="Own">Daemon to page only: this client may withdraw it.</param>
[Message("files/offered")]
internal sealed record SharedFile(
    string Id, string Name, long Size, string Sha256, string From, string FromName, DateTimeOffset At, string Root,
    DateTimeOffset? Modified = null, int? Files = null, int? Index = null, string? To = null, bool? Own = null);

/// <summary>Standing channel: the uploader takes a file back. <c>{"id":"0123456789abcdef0123456789abcdef"}</c></summary>
/// <param name="Id">The file.</param>
/// <param name="Token">The upload's token, when the uploader sits on another seat than at the upload.</param>
[Message("files/withdraw"), Needs(Role.Member)]
internal sealed record WithdrawFile(string Id, string? Token = null);

/// <summary>A file is no longer there; hub to client, daemon to page. <c>{"id":"0123456789abcdef0123456789abcdef","reason":"expired"}</c></summary>
/// <param name="Id">The file.</param>
/// <param name="Reason"><c>withdrawn</c> or <c>expired</c>.</param>
[Message("files/withdrawn")]
internal sealed record FileWithdrawn(string Id, string Reason);

/// <summary>Standing channel: the uploader gives an unfinished upload up. <c>{"token":"AAECAwQFBgcICQoLDA0ODw"}</c></summary>
[Message("files/discard"), Needs(Role.Member)]
internal sealed record DiscardUpload(string Token);

/// <summary>
/// Transfer channel: begins an upload, or goes on with the one of the token.
/// <c>{"name":"plan.pdf","size":4096,"modified":"2030-01-02T03:04:05+00:00"}</c>
/// </summary>
/// <param name="Name">Any text of 1 to 1024 characters.</param>
/// <param name="Size">Bytes, 0 or more; fixed for the upload.</param>
/// <param name="Modified">The source's time of last change.</param>
/// <param name="Token">Of an earlier <see cref="UploadCreated"/>.</param>
/// <param name="To">The seat of the one person it is for; absent: everybody in the room.</param>
/// <param name="Files">How many files a folder has.</param>
/// <param name="Index">Bytes of a folder's index.</param>
[Message("files/create"), Needs(Role.Member)]
internal sealed record CreateUpload(
    string Name, long Size, DateTimeOffset? Modified = null, string? Token = null, string? To = null, int? Files = null, int? Index = null);

/// <summary>Reply to <see cref="CreateUpload"/>. <c>{"token":"AAECAwQFBgcICQoLDA0ODw","offset":0,"window":16}</c></summary>
/// <param name="Token">128 random bits, base64url: the uploader's secret.</param>
/// <param name="Offset">Bytes of this upload that the hub has on its disk for good, wherever they lie within the file.</param>
/// <param name="Window">Blocks that may be sent and not yet acknowledged.</param>
[Message("files/created")]
internal sealed record UploadCreated(string Token, long Offset, int Window);

/// <summary>
/// Transfer channel, uploader to hub, request: the XXH128 of some blocks, by which the hub looks whether it may have them; the reply is <see cref="WantBlocks"/>.
/// <c>{"first":8,"xxh128":"…base64 of 16 bytes for each block…"}</c>
/// </summary>
/// <param name="First">The first block.</param>
/// <param name="Xxh128">Base64 of the checksums in their canonical order of bytes, one after the other.</param>
[Message("files/checksums"), Needs(Role.Member)]
internal sealed record BlockChecksums(int First, string Xxh128);

/// <summary>
/// Transfer channel, uploader to hub, request: the SHA-256 of some blocks; the reply is <see cref="WantBlocks"/>. Also the reply to <see cref="AskHashes"/>.
/// <c>{"first":8,"sha256":"…base64 of 32 bytes for each block…"}</c>
/// </summary>
/// <param name="First">The first block.</param>
/// <param name="Sha256">Base64 of the hashes, one after the other.</param>
[Message("files/hashes"), Needs(Role.Member)]
internal sealed record BlockHashes(int First, string Sha256);

/// <summary>
/// Reply to <see cref="BlockChecksums"/> and <see cref="BlockHashes"/>: which of these blocks the hub needs, and of which it may have the content and asks for their <see cref="BlockHashes"/>.
/// The others it has already, from this upload or another one, and acknowledges. <c>{"blocks":[[8,11],[13,13]],"likely":[[12,12]]}</c>
/// </summary>
/// <param name="Blocks">Ranges, first and last block.</param>
/// <param name="Likely">As above; absent: none, and always after hashes.</param>
[Message("files/want")]
internal sealed record WantBlocks(int[][] Blocks, int[][]? Likely = null);

/// <summary>Transfer channel, hub to uploader, event: these blocks are on the disk for good. <c>{"blocks":[[0,7]]}</c></summary>
[Message("files/ack")]
internal sealed record Acknowledged(int[][] Blocks);

/// <summary>Transfer channel, hub to uploader, event: send this block again, nothing of it was kept. <c>{"block":7,"reason":"Its SHA-256 is not the announced one."}</c></summary>
[Message("files/again")]
internal sealed record SendAgain(int Block, string Reason);

/// <summary>Transfer channel: all blocks are acknowledged; the reply is a <see cref="SharedFile"/>. <c>{}</c></summary>
[Message("files/complete"), Needs(Role.Member)]
internal sealed record CompleteUpload;

/// <summary>Transfer channel: begins a download. <c>{"id":"0123456789abcdef0123456789abcdef"}</c></summary>
[Message("files/fetch"), Needs(Role.Listener)]
internal sealed record FetchFile(string Id);

/// <summary>Reply to <see cref="FetchFile"/>. <c>{"size":4096,"root":"…64 hex digits…","window":8}</c></summary>
/// <param name="Size">Bytes.</param>
/// <param name="Root">As in <see cref="SharedFile"/>.</param>
/// <param name="Window">Blocks that may be asked for and not yet received.</param>
[Message("files/fetched")]
internal sealed record FetchStarted(long Size, string Root, int Window);

/// <summary>Transfer channel: asks for blocks' hashes; the reply is <see cref="BlockHashes"/>. <c>{"first":0,"count":1024}</c></summary>
/// <param name="First">The first block.</param>
/// <param name="Count">At most 16384.</param>
[Message("files/manifest"), Needs(Role.Listener)]
internal sealed record AskHashes(int First, int Count);

/// <summary>Transfer channel, event: asks for blocks; they come as binary frames in this order. <c>{"blocks":[[0,7]],"got":0}</c></summary>
/// <param name="Blocks">Ranges, first and last block.</param>
/// <param name="Got">How many blocks have come over this channel so far.</param>
[Message("files/get"), Needs(Role.Listener)]
internal sealed record GetBlocks(int[][] Blocks, int Got);

/// <summary>
/// Transfer channel, hub to client, event before it closes: the transfer cannot go on, and why.
/// <c>{"code":"disk-full","message":"The server's disk is full; the upload goes on when there is room again."}</c>
/// </summary>
[Message("files/stopped")]
internal sealed record TransferStopped(string Code, string Message);

[JsonSerializable(typeof(ListFiles))]
[JsonSerializable(typeof(FileItems))]
[JsonSerializable(typeof(SharedFile))]
[JsonSerializable(typeof(WithdrawFile))]
[JsonSerializable(typeof(FileWithdrawn))]
[JsonSerializable(typeof(DiscardUpload))]
[JsonSerializable(typeof(CreateUpload))]
[JsonSerializable(typeof(UploadCreated))]
[JsonSerializable(typeof(BlockChecksums))]
[JsonSerializable(typeof(BlockHashes))]
[JsonSerializable(typeof(WantBlocks))]
[JsonSerializable(typeof(Acknowledged))]
[JsonSerializable(typeof(SendAgain))]
[JsonSerializable(typeof(CompleteUpload))]
[JsonSerializable(typeof(FetchFile))]
[JsonSerializable(typeof(FetchStarted))]
[JsonSerializable(typeof(AskHashes))]
[JsonSerializable(typeof(GetBlocks))]
[JsonSerializable(typeof(TransferStopped))]
[JsonSerializable(typeof(JoinSwarm))]
[JsonSerializable(typeof(HaveBlocks))]
[JsonSerializable(typeof(LostBlocks))]
[JsonSerializable(typeof(AskPlan))]
[JsonSerializable(typeof(BlockPlan))]
[JsonSerializable(typeof(AvoidPeer))]
[JsonSerializable(typeof(OfferFile))]
[JsonSerializable(typeof(UploadStarted))]
[JsonSerializable(typeof(UploadDone))]
[JsonSerializable(typeof(DownloadFile))]
[JsonSerializable(typeof(DownloadStarted))]
[JsonSerializable(typeof(DownloadDone))]
[JsonSerializable(typeof(CancelTransfer))]
[JsonSerializable(typeof(PauseTransfer))]
[JsonSerializable(typeof(ResumeTransfer))]
[JsonSerializable(typeof(TransferProgress))]
[JsonSerializable(typeof(FilesNotice))]
[JsonSerializable(typeof(PutTaken))]
[JsonSerializable(typeof(GatherFolder))]
[JsonSerializable(typeof(UnfinishedPuts))]
[JsonSerializable(typeof(UnfinishedPut))]
[JsonSerializable(typeof(ForgetPut))]
[JsonSerializable(typeof(AskPeople))]
[JsonSerializable(typeof(RoomPeople))]
[JsonSerializable(typeof(JournalState))]
internal sealed partial class FilesJson : JsonSerializerContext
{
    /// <summary>All messages of this plugin.</summary>
    public static MessageSet Messages { get; } = MessageSet.Of(Assembly.GetExecutingAssembly(), new FilesJson(new(MessageSet.WireOptions)));
}
