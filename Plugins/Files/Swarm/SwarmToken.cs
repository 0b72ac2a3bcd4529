using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace LanCollab.Plugins.Files;

/// <summary>
/// What lets one client fetch one file from another: the file's id, a point, and 128 bits of HMAC-SHA-256 over file and fetcher's certificate with a
/// secret that only the serving client and the hub know. So the hub gives tokens out without telling the serving one, and no clock is compared.
/// </summary>
internal static class SwarmToken
{
    private const int MacBytes = 16;

    /// <summary>Makes one.</summary>
    /// <param name="secret">Of the serving client.</param>
    /// <param name="file">The file's id.</param>
    /// <param name="fingerprint">Of the fetching client's certificate.</param>
    public static string Make(ReadOnlySpan<byte> secret, string file, string fingerprint)
    {
        byte[] bound = Encoding.UTF8.GetBytes($"{file}|{fingerprint}");
        return $"{file}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, bound).AsSpan(0, MacBytes))}";
    }

    /// <summary>Whether it is right, compared in constant time.</summary>
    public static bool IsRight(string token, ReadOnlySpan<byte> secret, string fingerprint) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(Make(secret, FileOf(token), fingerprint)));

    /// <summary>Which file it is for.</summary>
    public static string FileOf(string token) => token.Split('.')[0];
}
