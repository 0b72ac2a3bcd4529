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

/// <summary>Reply to a <c>PUT</c> of one file of a folder. <c>{"folder":"00112233445566778899aabbccddeeff"}</c></summary>
[Message("files/taken")]
internal sealed record PutTaken(string Folder);

/// <summary>
/// Page to daemon: all files of a folder have been put, share it; the reply is <see cref="UploadStarted"/>.
/// <c>{"folder":"00112233445566778899aabbccddeeff","name":"Minutes"}</c>
/// </summary>
/// <param name="Folder">The key with which they were put: 32 hex digits, chosen by the page.</param>
/// <param name="Name">The folder's name.</param>
/// <param name="To">The seat of the one person it is for; absent: everybody in the room.</param>
[Message("files/gather")]
internal sealed record GatherFolder(string Folder, string Name, string? To = null);

/// <summary>
/// Daemon to page, when a page comes and when one goes away in the middle: files that were not handed over whole.
/// <c>{"items":[{"key":"00112233445566778899aabbccddeeff","name":"plan.pdf","size":4194304,"modified":1893456000000,"done":1048576}]}</c>
/// </summary>
[Message("files/unfinished")]
internal sealed record UnfinishedPuts(IReadOnlyList<UnfinishedPut> Items);

/// <summary>A file of which the page that handed it over has gone. The same one, chosen once more, goes on.</summary>
/// <param name="Key">32 hex digits, chosen by the page.</param>
/// <param name="Name">Its name.</param>
/// <param name="Size">Bytes of all of it.</param>
/// <param name="Modified">Milliseconds since 1970.</param>
/// <param name="Done">Bytes that are here.</param>
/// <param name="To">The seat of the one person it is for.</param>
internal sealed record UnfinishedPut(string Key, string Name, long Size, long Modified, long Done, string? To = null);

/// <summary>Page to daemon: throw away what is here of such a file. <c>{"key":"00112233445566778899aabbccddeeff"}</c></summary>
[Message("files/forget")]
internal sealed record ForgetPut(string Key);

/// <summary>Page to daemon, and standing channel, request: who else is in the room; the reply is <see cref="RoomPeople"/>. <c>{}</c></summary>
[Message("files/people"), Needs(Role.Member)]
internal sealed record AskPeople;

/// <summary>Reply to <see cref="AskPeople"/>. <c>{"items":[{"id":"00112233445566778899aabbccddeeff","name":"Bob"}]}</c></summary>
[Message("files/present")]
internal sealed record RoomPeople(IReadOnlyList<RoomPerson> Items);

/// <summary>Somebody a file may be for.</summary>
/// <param name="Id">The seat.</param>
/// <param name="Name">The name.</param>
internal sealed record RoomPerson(string Id, string Name);
