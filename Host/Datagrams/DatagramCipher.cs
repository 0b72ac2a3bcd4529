using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace LanCollab.Host.Datagrams;

/// <summary>
/// One direction of one service of one session: AES-128-GCM with keys derived by HKDF-SHA-256 (RFC 5869) from the session's secret, so that no
/// two services or directions share a key and a packet number is never used twice with one. Not for several threads at once.
/// </summary>
internal sealed class DatagramCipher : IDisposable
{
    private const int KeySize = 16;
    private const int SaltSize = 4;
    private const int NonceSize = 12;

    private readonly AesGcm _aes;
    private readonly byte[] _salt;

    /// <param name="secret">The session's 32 bytes.</param>
    /// <param name="service">The service's name.</param>
    /// <param name="toServer">The direction.</param>
    public DatagramCipher(byte[] secret, string service, bool toServer)
    {
        byte[] info = Encoding.UTF8.GetBytes($"lancollab 1 datagram {service} {(toServer ? "to-server" : "to-client")}");
        byte[] material = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, KeySize + SaltSize, salt: null, info);
        _aes = new AesGcm(material.AsSpan(0, KeySize), DatagramLayout.TagSize);
        _salt = material[KeySize..];
        CryptographicOperations.ZeroMemory(material.AsSpan(0, KeySize));
    }

    /// <summary>Encrypts into <paramref name="datagram"/>, whose header is written already; gives the datagram's size.</summary>
    public int Seal(long number, ReadOnlySpan<byte> payload, Span<byte> datagram)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        WriteNonce(nonce, number);
        Span<byte> body = datagram.Slice(DatagramLayout.HeaderSize, payload.Length);
        Span<byte> tag = datagram.Slice(DatagramLayout.HeaderSize + payload.Length, DatagramLayout.TagSize);
        _aes.Encrypt(nonce, payload, body, tag, datagram[..DatagramLayout.HeaderSize]);
        return DatagramLayout.HeaderSize + payload.Length + DatagramLayout.TagSize;
    }

    /// <summary>Decrypts into <paramref name="payload"/>; false when the datagram is not authentic.</summary>
    public bool TryOpen(long number, ReadOnlySpan<byte> datagram, Span<byte> payload, out int length)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        WriteNonce(nonce, number);
        length = datagram.Length - DatagramLayout.HeaderSize - DatagramLayout.TagSize;
        try
        {
            _aes.Decrypt(nonce, datagram.Slice(DatagramLayout.HeaderSize, length), datagram[^DatagramLayout.TagSize..], payload[..length], datagram[..DatagramLayout.HeaderSize]);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public void Dispose() => _aes.Dispose();

    private void WriteNonce(Span<byte> nonce, long number)
    {
        _salt.CopyTo(nonce);
        BinaryPrimitives.WriteInt64BigEndian(nonce[SaltSize..], number);
    }
}
