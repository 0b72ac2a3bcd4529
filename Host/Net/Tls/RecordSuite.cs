using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace LanCollab.Host.Net.Tls;

/// <summary>How TLS 1.3 protects records, of one cipher suite: RFC 8446, B.4, and the keys, 7.1 to 7.3.</summary>
/// <param name="Cipher">OpenSSL's.</param>
/// <param name="KeySize">Bytes of its key.</param>
/// <param name="Hash">Of the key schedule.</param>
internal sealed record RecordSuite(nint Cipher, int KeySize, HashAlgorithmName Hash)
{
    /// <summary>Bytes of a nonce, of all suites.</summary>
    public const int NonceSize = 12;

    /// <summary>Bytes of a tag, of all suites.</summary>
    public const int TagSize = 16;

    /// <summary>Whether it is AES-GCM.</summary>
    public bool IsGcm { get; init; }

    /// <summary>The suite of a number; null: none that is known here.</summary>
    public static RecordSuite? Of(int number) => number switch
    {
        0x1301 => new(OpenSslCipher.Aes128Gcm(), 16, HashAlgorithmName.SHA256) { IsGcm = true },
        0x1302 => new(OpenSslCipher.Aes256Gcm(), 32, HashAlgorithmName.SHA384) { IsGcm = true },
        0x1303 => new(OpenSslCipher.ChaCha20Poly1305(), 32, HashAlgorithmName.SHA256),
        _ => null,
    };

    public byte[] Key(byte[] secret) => Expand(secret, "key", KeySize);

    public byte[] Nonce(byte[] secret) => Expand(secret, "iv", NonceSize);

    /// <summary>The secret behind this one, after a KeyUpdate.</summary>
    public byte[] Next(byte[] secret) => Expand(secret, "traffic upd", secret.Length);

    /// <summary>HKDF-Expand-Label with an empty context.</summary>
    private byte[] Expand(byte[] secret, string label, int length)
    {
        byte[] name = Encoding.ASCII.GetBytes($"tls13 {label}"), size = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(size, (ushort)length);
        return HKDF.Expand(Hash, secret, length, [.. size, (byte)name.Length, .. name, 0]);
    }
}
