using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace LanCollab.Plugins.Files;

/// <summary>SHA-256 over a file's bytes in their order.</summary>
internal static class ContentHash
{
    private const int Block = 256 * 1024;

    /// <summary>A hash that has taken the first bytes of a file.</summary>
    /// <exception cref="EndOfStreamException">The file is shorter.</exception>
    public static async Task<IncrementalHash> OfPrefixAsync(SafeFileHandle file, long length, CancellationToken cancellationToken)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Block);
        try
        {
            for (long at = 0; at < length;)
            {
                int most = (int)Math.Min(buffer.Length, length - at);
                int read = await RandomAccess.ReadAsync(file, buffer.AsMemory(0, most), at, cancellationToken).ConfigureAwait(false);
                if (read == 0) throw new EndOfStreamException($"The file ends at {at}; {length} bytes were expected.");
                hash.AppendData(buffer, 0, read);
                at += read;
            }
            return hash;
        }
        catch
        {
            hash.Dispose();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The hash of what was taken so far, as 64 hex digits; more may be taken after.</summary>
    public static string Hex(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetCurrentHash());

    /// <summary>True for 64 hex digits.</summary>
    public static bool IsHex(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigit);
}
