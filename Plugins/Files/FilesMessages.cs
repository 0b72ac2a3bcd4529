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
/// A file that everybody in the room can fetch; hub to client, daemon to page, and the reply to <see cref="CompleteUpload"/>.
/// <c>{"id":"0123456789abcdef0123456789abcdef","name":"plan.pdf","size":4096,"sha256":"…64 hex digits…","from":"00112233aabbccdd","fromName":"Ada","at":"2030-01-02T03:04:05+00:00"}</c>
/// </summary>
/// <param name="Id">32 hex digits, random.</param>
/// <param name="Name">As the uploader named it, made safe for every file system.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">64 hex digits, lower case.</param>
/// <param name="From">The uploader's seat.</param>
/// <param name="FromName">The uploader's name.</param>
/// <param name="At">When it was complete, by the hub's clock.</param>
/// <param name="Modified">The source's time of last change.</param>
/// <param name="Own">Daemon to page only: this client may withdraw it.</param>
[Message("files/offered")]
internal sealed record SharedFile(
    string Id, string Name, long Size, string Sha256, string From, string FromName, DateTimeOffset At,
    DateTimeOffset? Modified = null, bool? Own = null);

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
[Message("files/create"), Needs(Role.Member)]
internal sealed record CreateUpload(string Name, long Size, DateTimeOffset? Modified = null, string? Token = null);

/// <summary>Reply to <see cref="CreateUpload"/>. <c>{"token":"AAECAwQFBgcICQoLDA0ODw","offset":0,"chunk":262144,"window":4194304}</c></summary>
/// <param name="Token">128 random bits, base64url: the uploader's secret.</param>
/// <param name="Offset">Bytes the hub has on its disk for good; blocks go on from here.</param>
/// <param name="Chunk">The most bytes in one block.</param>
/// <param name="Window">The most bytes beyond the last acknowledged one that may be under way.</param>
[Message("files/created")]
internal sealed record UploadCreated(string Token, long Offset, int Chunk, int Window);

/// <summary>
/// Transfer channel, receiver to sender, event: everything below the offset is stored; up to offset + window may be sent.
/// <c>{"offset":1048576}</c>
/// </summary>
[Message("files/ack"), Needs(Role.Listener)]
internal sealed record Acknowledged(long Offset);

/// <summary>Transfer channel: all bytes are sent, this is their hash; the reply is a <see cref="SharedFile"/>. <c>{"sha256":"…64 hex digits…"}</c></summary>
[Message("files/complete"), Needs(Role.Member)]
internal sealed record CompleteUpload(string Sha256);

/// <summary>Transfer channel: asks for a file from an offset on. <c>{"id":"0123456789abcdef0123456789abcdef","offset":0}</c></summary>
[Message("files/fetch"), Needs(Role.Listener)]
internal sealed record FetchFile(string Id, long Offset);

/// <summary>
/// Reply to <see cref="FetchFile"/>; blocks come after the receiver's first <see cref="Acknowledged"/>.
/// <c>{"size":4096,"sha256":"…64 hex digits…","offset":0,"window":4194304}</c>
/// </summary>
[Message("files/fetched")]
internal sealed record FetchStarted(long Size, string Sha256, long Offset, int Window);

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
[JsonSerializable(typeof(Acknowledged))]
[JsonSerializable(typeof(CompleteUpload))]
[JsonSerializable(typeof(FetchFile))]
[JsonSerializable(typeof(FetchStarted))]
[JsonSerializable(typeof(TransferStopped))]
[JsonSerializable(typeof(OfferFile))]
[JsonSerializable(typeof(UploadStarted))]
[JsonSerializable(typeof(UploadDone))]
[JsonSerializable(typeof(DownloadFile))]
[JsonSerializable(typeof(DownloadStarted))]
[JsonSerializable(typeof(DownloadDone))]
[JsonSerializable(typeof(CancelTransfer))]
[JsonSerializable(typeof(TransferProgress))]
[JsonSerializable(typeof(FilesNotice))]
[JsonSerializable(typeof(JournalState))]
internal sealed partial class FilesJson : JsonSerializerContext
{
    /// <summary>All messages of this plugin.</summary>
    public static MessageSet Messages { get; } = MessageSet.Of(Assembly.GetExecutingAssembly(), new FilesJson(new(MessageSet.WireOptions)));
}
