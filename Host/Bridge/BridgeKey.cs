using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace LanCollab.Host.Bridge;

/// <summary>The secret of one launch that every request needs.</summary>
internal sealed class BridgeKey(string? given)
{
    private readonly byte[] _digest = Digest(given ??= Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));

    /// <summary>256 random bits, base64url. Never logged.</summary>
    public string Text { get; } = given;

    /// <summary>Compares in constant time; digests make the lengths equal.</summary>
    public bool Matches(string candidate) => CryptographicOperations.FixedTimeEquals(_digest, Digest(candidate));

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
