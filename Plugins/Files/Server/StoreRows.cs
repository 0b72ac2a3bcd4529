namespace LanCollab.Plugins.Files;

/// <summary>An upload that is not complete.</summary>
/// <param name="Key">From the token, which itself is stored nowhere on the hub.</param>
/// <param name="Room">The room it is for.</param>
/// <param name="Person">The uploader's identity, kept over rejoins.</param>
/// <param name="Name">Safe.</param>
/// <param name="Size">Bytes, declared.</param>
/// <param name="Modified">Of the source.</param>
/// <param name="To">Whom it is for; null: everybody in the room.</param>
/// <param name="ToName">That person's name.</param>
/// <param name="Files">How many files a folder has; null for a file.</param>
/// <param name="Index">Bytes of a folder's index.</param>
internal sealed record UploadRow(
    string Key, string Room, string Person, string Name, long Size, DateTimeOffset? Modified,
    string? To = null, string? ToName = null, int? Files = null, int? Index = null);

/// <summary>A block that an upload has for good.</summary>
/// <param name="Block">Its number there.</param>
/// <param name="Hash">What it is.</param>
/// <param name="Checksum">The same; null for one of before blocks had checksums.</param>
internal readonly record struct UploadedBlock(int Block, BlockHash Hash, BlockChecksum? Checksum);

/// <summary>A file of the store.</summary>
/// <param name="Room">The room that sees it.</param>
/// <param name="Key">Of the upload it came from.</param>
/// <param name="Person">The uploader's identity.</param>
/// <param name="To">The identity of the one person it is for; null: everybody in the room.</param>
/// <param name="File">What people are told.</param>
internal sealed record FileRow(string Room, string Key, string Person, string? To, SharedFile File)
{
    /// <summary>Whether a person may know of it.</summary>
    public bool IsFor(LanCollab.Contracts.Peer peer) => Room == peer.Room && (To is null || To == PersonOf(peer) || Person == PersonOf(peer));

    /// <summary>What quotas and ownership go by.</summary>
    public static string PersonOf(LanCollab.Contracts.Peer peer) => peer.Person;
}
