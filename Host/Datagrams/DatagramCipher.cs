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

    private readonly OpenSslGcm? _direct;
    private readonly AesGcm? _portable;
    private readonly byte[] _salt;

    /// <param name="secret">The session's 32 bytes.</param>
    /// <param name="service">The service's name.</param>
    /// <param name="toServer">The direction.</param>
    /// <param name="portable">True: the runtime's cipher also where OpenSSL can be called directly.</param>
    public DatagramCipher(byte[] secret, string service, bool toServer, bool portable = false)
    {
        byte[] info = Encoding.UTF8.GetBytes($"lancollab 1 datagram {service} {(toServer ? "to-server" : "to-client")}");
        byte[] material = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, KeySize + SaltSize, salt: null, info);
        ReadOnlySpan<byte> key = material.AsSpan(0, KeySize);
        _direct = portable ? null : OpenSslGcm.TryCreate(key);
        if (_direct is null) _portable = new AesGcm(key, DatagramLayout.TagSize);
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
        if (_direct is not null) _direct.Encrypt(nonce, payload, body, tag, datagram[..DatagramLayout.HeaderSize]);
        else _portable!.Encrypt(nonce, payload, body, tag, datagram[..DatagramLayout.HeaderSize]);
        return DatagramLayout.HeaderSize + payload.Length + DatagramLayout.TagSize;
    }

    /// <summary>Decrypts into <paramref name="payload"/>; false when the datagram is not authentic.</summary>
    public bool TryOpen(long number, ReadOnlySpan<byte> datagram, Span<byte> payload, out int length)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        WriteNonce(nonce, number);
        length = datagram.Length - DatagramLayout.HeaderSize - DatagramLayout.TagSize;
        ReadOnlySpan<byte> header = datagram[..DatagramLayout.HeaderSize], body = datagram.Slice(DatagramLayout.HeaderSize, length), tag = datagram[^DatagramLayout.TagSize..];
        return _direct is not null ? _direct.TryDecrypt(nonce, body, tag, payload[..length], header) : TryOpenPortably(nonce, header, body, tag, payload[..length]);
    }

    public void Dispose()
    {
        _direct?.Dispose();
        _portable?.Dispose();
    }

    private bool TryOpenPortably(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> header, ReadOnlySpan<byte> body, ReadOnlySpan<byte> tag, Span<byte> payload)
    {
        try
        {
            _portable!.Decrypt(nonce, body, tag, payload, header);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    private void WriteNonce(Span<byte> nonce, long number)
    {
        _salt.CopyTo(nonce);
        BinaryPrimitives.WriteInt64BigEndian(nonce[SaltSize..], number);
    }
}
