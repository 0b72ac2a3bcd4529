using System.Text.Json;
using System.Text.Json.Serialization;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>A file of a folder that is shared as one content.</summary>
/// <param name="Path">Relative, with slashes.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">Milliseconds since 1970.</param>
internal sealed record FolderFile(string Path, long Size, long Modified);

/// <summary>
/// With what a folder's content begins: <c>{"files":[{"path":"a/b.txt","size":3,"modified":1893456000000}]}</c> and a newline. The files' bytes
/// follow, one after the other in this order. Thousands of small files so travel as a few large blocks.
/// </summary>
internal sealed record FolderIndex(IReadOnlyList<FolderFile> Files)
{
    /// <summary>The most files of a folder.</summary>
    public const int MostFiles = 100_000;

    /// <summary>The longest index, in bytes.</summary>
    public const int MostBytes = 32 << 20;

    private static readonly FolderJson Json = new(new(MessageSet.WireOptions));

    /// <summary>As it is sent.</summary>
    public byte[] Encode() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Json.FolderIndex), (byte)'\n'];

    /// <summary>Reads what came from somebody else.</summary>
    /// <param name="bytes">The index.</param>
    /// <param name="rest">Bytes of the files together.</param>
    /// <exception cref="UserErrorException"><c>bad-folder</c>: it is none, or does not fit the content.</exception>
    public static FolderIndex Decode(ReadOnlySpan<byte> bytes, long rest)
    {
        try
        {
            FolderIndex index = JsonSerializer.Deserialize(bytes, Json.FolderIndex) ?? throw new JsonException("It is empty.");
            if (index.Files.Count > MostFiles || index.Files.Any(file => file.Size < 0 || file.Size > rest) || index.Files.Sum(file => file.Size) != rest)
                throw new JsonException("Its files are not those of the content.");
            return index;
        }
        catch (Exception e) when (e is JsonException or OverflowException)
        {
            throw new UserErrorException("bad-folder", $"The folder's list of files cannot be read: {e.Message}");
        }
    }
}

[JsonSerializable(typeof(FolderIndex))]
internal sealed partial class FolderJson : JsonSerializerContext;
