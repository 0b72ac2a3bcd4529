using System.Buffers.Text;
using System.Security.Cryptography;

namespace LanCollab.Plugins.Files;

/// <summary>Names that cannot be guessed.</summary>
internal static class RandomId
{
    /// <summary>Random bytes as hex digits.</summary>
    public static string Hex(int bytes) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));

    /// <summary>128 random bits, base64url.</summary>
    public static string Token() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    /// <summary>What the hub keeps of a token: enough to know it again, nothing to use it with.</summary>
    public static string KeyOf(string token) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token)).AsSpan(0, 16));
}
