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
/// The records of one direction of a connection of TLS 1.3 (RFC 8446, 5.2): protected from where they are to where they go, with no copy in between. The cipher itself is OpenSSL's. One thread at a time.
/// </summary>
internal sealed unsafe class RecordCipher
{
    /// <summary>Type, version, length.</summary>
    public const int HeaderSize = 5;

    /// <summary>What a record is longer than its content, without padding.</summary>
    public const int Overhead = HeaderSize + 1 + RecordSuite.TagSize;

    private const int ShortUpdate = 1500;

    /// <summary>Records after which new keys are due: of AES-GCM 2^24.5 are safe (RFC 8446, 5.5).</summary>
    private const ulong MostRecords = 1 << 24;

    private readonly RecordSuite _suite;
    private readonly int _encrypts;
    private readonly byte[] _mask = new byte[RecordSuite.NonceSize];
    private byte[] _secret;
    private nint _context;
    private ulong _sequence;

    /// <param name="suite">The suite.</param>
    /// <param name="secret">The direction's traffic secret. Owned.</param>
    /// <param name="encrypts">Whether it is the direction of what is sent.</param>
    /// <param name="sequence">How many records have gone before with the same secret.</param>
    /// <exception cref="IOException">OpenSSL refuses.</exception>
    public RecordCipher(RecordSuite suite, byte[] secret, bool encrypts, ulong sequence = 0)
    {
        (_suite, _secret, _encrypts) = (suite, secret, encrypts ? 1 : 0);
        _context = OpenSslCipher.New();
        Use(secret);
        _sequence = sequence;
    }

    /// <summary>Whether new keys are due.</summary>
    public bool IsWorn => _sequence >= MostRecords;

    /// <summary>New keys, for what follows: behind a KeyUpdate.</summary>
    public void Renew()
    {
        byte[] next = _suite.Next(_secret);
        CryptographicOperations.ZeroMemory(_secret);
        Use(_secret = next);
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
            Take(from, content.Length, body);
            Take(&last, 1, body + content.Length);
            int none;
            Check(OpenSslCipher.End(_context, body, &none));
            Check(OpenSslCipher.Control(_context, OpenSslCipher.GetTag, RecordSuite.TagSize, body + content.Length + 1));
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
            Take(body, length, to);
            Take(body + length, 1, &last);
            int none;
            Check(OpenSslCipher.Control(_context, OpenSslCipher.SetTag, RecordSuite.TagSize, body + length + 1));
            if (OpenSslCipher.End(_context, &last, &none) != 1)
            {
                OpenSsl.ClearErrors();
                return null;
            }
        }
        // Padding is zeros behind the type.
        while (last == 0 && length > 0) last = content[--length];
        return (RecordContent)last;
    }

    /// <summary>Frees what OpenSSL holds; nothing may follow.</summary>
    public void Free()
    {
        CryptographicOperations.ZeroMemory(_secret);
        CryptographicOperations.ZeroMemory(_mask);
        OpenSslCipher.Free(_context);
        _context = 0;
    }

    private void Use(byte[] secret)
    {
        byte[] key = _suite.Key(secret);
        _suite.Nonce(secret).CopyTo(_mask, 0);
        fixed (byte* k = key) Check(OpenSslCipher.Begin(_context, _suite.Cipher, 0, k, null, _encrypts));
        CryptographicOperations.ZeroMemory(key);
        _sequence = 0;
    }

    /// <summary>The next record: its nonce is the number under the mask (5.3), and its header is authenticated.</summary>
    private void Begin(byte* header)
    {
        byte* nonce = stackalloc byte[RecordSuite.NonceSize];
        _mask.CopyTo(new Span<byte>(nonce, RecordSuite.NonceSize));
        ulong* number = (ulong*)(nonce + RecordSuite.NonceSize - sizeof(ulong));
        *number ^= BinaryPrimitives.ReverseEndianness(_sequence++);
        Check(OpenSslCipher.Begin(_context, 0, 0, null, nonce, _encrypts));
        Take(header, HeaderSize, null);
    }

    private void Take(byte* from, int count, byte* to)
    {
        int made;
        if (count == 0) return;
        Check(count <= ShortUpdate ? OpenSslCipher.Update(_context, to, &made, from, count) : OpenSslCipher.UpdateLong(_context, to, &made, from, count));
    }

    private static void Check(int done)
    {
        if (done != 1) throw new IOException($"OpenSSL: {OpenSsl.TakeError()}");
    }
}
