using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LanCollab.Host.Net.Tls;

/// <summary>What a record of TLS 1.3 carries (RFC 8446, B.1).</summary>
internal enum RecordContent : byte
{
    Alert = 21,
    Handshake = 22,
    Application = 23,
}

/// <summary>
/// The records of one direction of a connection of TLS 1.3 (RFC 8446, 5.2): protected from where they are to where they go, with no copy in between. The cipher itself is a library's. One thread at a time.
/// </summary>
internal sealed unsafe class RecordCipher
{
    /// <summary>Type, version, length.</summary>
    public const int HeaderSize = 5;

    /// <summary>What a record is longer than its content, without padding.</summary>
    public const int Overhead = HeaderSize + 1 + RecordSuite.TagSize;

    /// <summary>Records after which new keys are due: of AES-GCM 2^24.5 are safe (RFC 8446, 5.5).</summary>
    private const ulong MostRecords = 1 << 24;

    private readonly RecordSuite _suite;
    private readonly Func<RecordSuite, byte[], RecordAead> _create;
    private readonly byte[] _mask = new byte[RecordSuite.NonceSize];
    private byte[] _secret;
    private RecordAead _aead;
    private ulong _sequence;

    /// <param name="suite">The suite.</param>
    /// <param name="secret">The direction's traffic secret. Owned.</param>
    /// <param name="encrypts">Whether it is the direction of what is sent.</param>
    /// <param name="sequence">How many records have gone before with the same secret.</param>
    /// <exception cref="IOException">OpenSSL refuses.</exception>
    public RecordCipher(RecordSuite suite, byte[] secret, bool encrypts, ulong sequence = 0) : this(suite, secret, sequence, (of, key) => RecordAead.Create(of, key, encrypts))
    {
    }

    /// <param name="suite">The suite.</param>
    /// <param name="secret">The direction's traffic secret. Owned.</param>
    /// <param name="sequence">How many records have gone before with the same secret.</param>
    /// <param name="create">Makes the cipher of a key.</param>
    internal RecordCipher(RecordSuite suite, byte[] secret, ulong sequence, Func<RecordSuite, byte[], RecordAead> create)
    {
        (_suite, _secret, _create) = (suite, secret, create);
        _aead = Use(secret);
        _sequence = sequence;
    }

    /// <summary>Whether new keys are due.</summary>
    public bool IsWorn => _sequence >= MostRecords;

    /// <summary>New keys, for what follows: behind a KeyUpdate.</summary>
    public void Renew()
    {
        byte[] next = _suite.Next(_secret);
        CryptographicOperations.ZeroMemory(_secret);
        _aead.Free();
        _aead = Use(_secret = next);
    }

    /// <summary>Makes a record.</summary>
    /// <param name="type">What it carries.</param>
    /// <param name="content">Up to 16 KiB.</param>
    /// <param name="record">Room for it and <see cref="Overhead"/>.</param>
    /// <returns>Bytes of the record.</returns>
    /// <exception cref="IOException">OpenSSL refuses.</exception>
    public int Seal(RecordContent type, ReadOnlySpan<byte> content, Span<byte> record)
    {
        record = record[..(content.Length + Overhead)];
        (record[0], record[1], record[2]) = ((byte)RecordContent.Application, 3, 3);
        BinaryPrimitives.WriteUInt16BigEndian(record[3..], (ushort)(record.Length - HeaderSize));
        byte last = (byte)type;
        fixed (byte* from = content, to = record)
        {
            byte* body = to + HeaderSize;
            Begin(to);
            _aead.Take(from, content.Length, body);
            _aead.Take(&last, 1, body + content.Length);
            _aead.Seal(body + content.Length + 1);
        }
        return record.Length;
    }

    /// <summary>Opens a record.</summary>
    /// <param name="record">All of it.</param>
    /// <param name="content">Room for what it carries; what is written there is worth nothing when it fails.</param>
    /// <param name="length">Bytes of the content.</param>
    /// <returns>What it carries; 0: nothing but padding; null: nobody who has the keys has made it so.</returns>
    /// <exception cref="IOException">OpenSSL refuses.</exception>
    public RecordContent? Open(ReadOnlySpan<byte> record, Span<byte> content, out int length)
    {
        length = record.Length - Overhead;
        byte last = 0;
        fixed (byte* from = record, to = content[..length])
        {
            byte* body = (byte*)from + HeaderSize;
            Begin(from);
            _aead.Take(body, length, to);
            _aead.Take(body + length, 1, &last);
            if (!_aead.IsSealed(body + length + 1)) return null;
        }
        // Padding is zeros behind the type.
        while (last == 0 && length > 0) last = content[--length];
        return (RecordContent)last;
    }

    /// <summary>Wipes secrets and frees what libraries hold; nothing may follow.</summary>
    public void Free()
    {
        CryptographicOperations.ZeroMemory(_secret);
        CryptographicOperations.ZeroMemory(_mask);
        _aead.Free();
    }

    private RecordAead Use(byte[] secret)
    {
        byte[] key = _suite.Key(secret);
        _suite.Nonce(secret).CopyTo(_mask, 0);
        _sequence = 0;
        RecordAead aead = _create(_suite, key);
        CryptographicOperations.ZeroMemory(key);
        return aead;
    }

    /// <summary>The next record: its nonce is the number under the mask (5.3), and its header is authenticated.</summary>
    private void Begin(byte* header)
    {
        byte* nonce = stackalloc byte[RecordSuite.NonceSize];
        _mask.CopyTo(new Span<byte>(nonce, RecordSuite.NonceSize));
        ulong* number = (ulong*)(nonce + RecordSuite.NonceSize - sizeof(ulong));
        *number ^= BinaryPrimitives.ReverseEndianness(_sequence++);
        _aead.Begin(nonce, header, HeaderSize);
    }
}
