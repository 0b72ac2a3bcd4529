namespace LanCollab.Plugins.Files;

/// <summary>What a client must remember over a kill: its open transfers, and the tokens of what it has shared.</summary>
/// <param name="Uploads">Open uploads.</param>
/// <param name="Downloads">Open downloads to this machine's disk.</param>
/// <param name="Own">Files that this client may withdraw from another seat, oldest first.</param>
internal sealed record JournalState(IReadOnlyList<UploadEntry> Uploads, IReadOnlyList<DownloadEntry> Downloads, IReadOnlyList<OwnFile> Own)
{
    public static JournalState Empty { get; } = new([], [], []);
}

/// <summary>An open upload.</summary>
/// <param name="Upload">The transfer's id on the bridge.</param>
/// <param name="Path">The source.</param>
/// <param name="Name">As others will see it.</param>
/// <param name="Size">Of the source when the upload began.</param>
/// <param name="Modified">Of the source when the upload began.</param>
/// <param name="Store">The hub's store it goes to; it goes to no other.</param>
/// <param name="Room">The room it is for.</param>
/// <param name="Token">From the hub, once it has answered.</param>
/// <param name="Spooled">The source is the daemon's own copy, to be removed in the end.</param>
/// <param name="To">The seat of the one person it is for.</param>
/// <param name="Paused">A person lets it rest.</param>
internal sealed record UploadEntry(
    string Upload, string Path, string Name, long Size, DateTimeOffset Modified, string Store, string Room, string? Token = null, bool Spooled = false,
    string? To = null, bool Paused = false);

/// <summary>An open download. Where it goes on is the length of its part.</summary>
/// <param name="File">What was announced.</param>
/// <param name="Store">The hub's store it comes from.</param>
/// <param name="Room">The room it is shared in.</param>
/// <param name="Folder">Where it goes.</param>
/// <param name="Name">Its name there, before a number is added.</param>
/// <param name="Part">The unfinished file, once it has been made.</param>
/// <param name="Paused">A person lets it rest.</param>
internal sealed record DownloadEntry(SharedFile File, string Store, string Room, string Folder, string Name, string? Part = null, bool Paused = false);

/// <summary>A file this client has shared.</summary>
internal sealed record OwnFile(string Id, string Token);
