namespace LanCollab.Plugins.Files;

/// <summary>An upload that is not complete.</summary>
/// <param name="Key">From the token, which itself is stored nowhere on the hub.</param>
/// <param name="Room">The room it is for.</param>
/// <param name="Person">The uploader's name: unique in the room, and kept over rejoins, which a seat is not.</param>
/// <param name="Name">Safe.</param>
/// <param name="Size">Bytes, declared.</param>
/// <param name="Modified">Of the source.</param>
internal sealed record UploadRow(string Key, string Room, string Person, string Name, long Size, DateTimeOffset? Modified);

/// <summary>A file of the store.</summary>
/// <param name="Room">The room that sees it.</param>
/// <param name="Key">Of the upload it came from.</param>
/// <param name="File">What people are told.</param>
internal sealed record FileRow(string Room, string Key, SharedFile File);
