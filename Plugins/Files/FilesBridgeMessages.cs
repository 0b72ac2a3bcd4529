using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>Page to daemon: share a file or folder of this machine; the reply is <see cref="UploadStarted"/>. <c>{"path":"/data/plan.pdf"}</c></summary>
/// <param name="Path">Absolute.</param>
/// <param name="To">The seat of the one person it is for; absent: everybody in the room.</param>
[Message("files/offer")]
internal sealed record OfferFile(string Path, string? To = null);

/// <summary>Reply to <see cref="OfferFile"/> and to <c>PUT /files/&lt;name&gt;</c>. <c>{"upload":"00112233445566778899aabbccddeeff","name":"plan.pdf","size":4096}</c></summary>
/// <param name="Upload">The transfer's id in <see cref="TransferProgress"/> and <see cref="CancelTransfer"/>.</param>
/// <param name="Name">The name others will see.</param>
/// <param name="Size">Bytes.</param>
[Message("files/upload")]
internal sealed record UploadStarted(string Upload, string Name, long Size);

/// <summary>
/// Daemon to page: an upload is complete and verified.
/// <c>{"upload":"00112233445566778899aabbccddeeff","id":"0123456789abcdef0123456789abcdef","name":"plan.pdf","size":4096,"sha256":"…64 hex digits…","resumedFrom":0}</c>
/// </summary>
/// <param name="ResumedFrom">Bytes that the hub had when the last connection began; 0 for an upload in one go.</param>
[Message("files/uploaded")]
internal sealed record UploadDone(string Upload, string Id, string Name, long Size, string Sha256, long ResumedFrom);

/// <summary>Page to daemon: fetch a file to this machine's disk. <c>{"id":"0123456789abcdef0123456789abcdef","path":"/data/in"}</c></summary>
/// <param name="Id">The file.</param>
/// <param name="Path">A folder (there, or ending in a slash) or a file name, absolute; null: the folder for downloads.</param>
[Message("files/download")]
internal sealed record DownloadFile(string Id, string? Path = null);

/// <summary>Reply to <see cref="DownloadFile"/>. <c>{"id":"0123456789abcdef0123456789abcdef","folder":"/data/in"}</c></summary>
[Message("files/downloading")]
internal sealed record DownloadStarted(string Id, string Folder);

/// <summary>
/// Daemon to page: a download is on the disk and verified.
/// <c>{"id":"0123456789abcdef0123456789abcdef","path":"/data/in/plan.pdf","sha256":"…64 hex digits…","resumedFrom":0}</c>
/// </summary>
[Message("files/downloaded")]
internal sealed record DownloadDone(string Id, string Path, string Sha256, long ResumedFrom);

/// <summary>Page to daemon: give a transfer up; what was stored of it is thrown away. <c>{"id":"00112233445566778899aabbccddeeff"}</c></summary>
[Message("files/cancel")]
internal sealed record CancelTransfer(string Id);

/// <summary>Page to daemon: let a transfer rest; what it has is kept. <c>{"id":"00112233445566778899aabbccddeeff"}</c></summary>
[Message("files/pause")]
internal sealed record PauseTransfer(string Id);

/// <summary>Page to daemon: go on with a transfer that rests. <c>{"id":"00112233445566778899aabbccddeeff"}</c></summary>
[Message("files/resume")]
internal sealed record ResumeTransfer(string Id);

/// <summary>
/// Daemon to page, about five times a second while it moves and at each change of state.
/// <c>{"id":"00112233445566778899aabbccddeeff","done":1048576,"total":4194304,"rate":20971520,"direction":"up","state":"running","name":"plan.pdf"}</c>
/// </summary>
/// <param name="Id">Of the upload, or of the file that is downloaded.</param>
/// <param name="Done">Bytes that are acknowledged (up) or written (down).</param>
/// <param name="Total">Bytes.</param>
/// <param name="Rate">Bytes per second.</param>
/// <param name="Direction"><c>up</c> or <c>down</c>.</param>
/// <param name="State"><c>running</c>, <c>waiting</c> (goes on by itself), <c>paused</c>, <c>done</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Name">The file's name.</param>
/// <param name="Reason">A sentence, when it waits or has failed.</param>
[Message("files/progress")]
internal sealed record TransferProgress(
    string Id, long Done, long Total, long Rate, string Direction, string State, string? Name = null, string? Reason = null);

/// <summary>Daemon to page: something a person should know. <c>{"text":"plan.pdf has changed on the disk; its upload starts anew."}</c></summary>
[Message("files/notice")]
internal sealed record FilesNotice(string Text);
