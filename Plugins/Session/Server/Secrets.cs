using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace LanCollab.Plugins.Session;

/// <summary>Secrets as the hub keeps them: never themselves, always compared in constant time.</summary>
internal static class Secrets
{
    private const int ResumeBytes = 16;

    // Of this run only: what is in memory is of no use with another hub.
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    /// <summary>A password's digest.</summary>
    public static byte[] Password(string password) => HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(password));

    /// <summary>True when both are of the same secret; takes the same time either way.</summary>
    public static bool Same(byte[] one, byte[] other) => CryptographicOperations.FixedTimeEquals(one, other);

    /// <summary>The digest of a device secret.</summary>
    /// <exception cref="UserErrorException"><c>bad-device</c>.</exception>
    public static byte[] Device(string device) => DeviceSecret.IsOne(device)
        ? SHA256.HashData(Base64Url.DecodeFromChars(device))
        : throw new UserErrorException("bad-device", $"The device secret is {DeviceSecret.Bytes} bytes in base64url.");

    /// <summary>What other plugins and people may know of a device: 32 hex digits, from which its secret cannot be had.</summary>
    /// <param name="device">The digest of its secret.</param>
    public static string Person(byte[] device) => Convert.ToHexStringLower(SHA256.HashData([.. "person"u8, .. device]).AsSpan(0, 16));

    /// <summary>A new word for taking a seat up again: 128 random bits, base64url.</summary>
    public static string NewResume() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(ResumeBytes));

    /// <summary>What a word is looked up by, so that the time of a look-up tells nothing about the word.</summary>
    public static string ResumeKey(string resume) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(resume)));

    /// <summary>A new seat's id: 16 hex digits.</summary>
    public static string NewId() => RandomNumberGenerator.GetHexString(16, lowercase: true);
}
