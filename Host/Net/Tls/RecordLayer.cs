using System.Buffers;
using System.Buffers.Binary;

namespace LanCollab.Host.Net.Tls;

/// <summary>
/// A connection of TLS 1.3 behind its handshake: records, new keys, alerts (RFC 8446, 4.6.3, 5 and 6). OpenSSL has done the handshake, and does the cipher; what it would copy into records of its own and
/// out of them goes from where it is to where it is wanted (docs/decisions/022). From memory to memory, one thread at a time.
/// </summary>
/// <param name="reading">What comes.</param>
/// <param name="writing">What goes.</param>
/// <param name="takeTicket">
/// A client's: gives a whole record with what a server may say after the handshake (a ticket) to OpenSSL, as long as nothing but such records has come; false: it is none. Null: a server.
/// </param>
internal sealed class RecordLayer(RecordCipher reading, RecordCipher writing, RecordLayer.TicketTaker? takeTicket)
{
    private const byte CloseNotify = 0, UnexpectedMessage = 10, BadRecordMac = 20, RecordOverflow = 22, DecodeError = 50, UserCanceled = 90; // RFC 8446, 6
    private const byte Warning = 1, Fatal = 2;
    private const byte NewSessionTicket = 4, KeyUpdate = 24; // RFC 8446, 4
    private const int MessageHeader = 4, AlertSize = 2;
    private const int AlertRecord = AlertSize + RecordCipher.Overhead, KeyUpdateRecord = MessageHeader + 1 + RecordCipher.Overhead;

    /// <summary>What follows the header of a record, at most (RFC 8446, 5.2).</summary>
    private const int MostBody = OpenSslEngine.RecordSize + 256;

    /// <summary>Records in a row that carry nothing for the application. Who sends more of them is no client.</summary>
    private const int MostIdle = 32;

    // A record of which a part has come.
    private byte[]? _part;
    private int _partLength;

    // What a record carried and the reader had no room for.
    private byte[]? _rest;
    private int _restStart, _restEnd;

    private int _idle;
    private bool _outOfStep, _ended;

    public delegate bool TicketTaker(ReadOnlySpan<byte> record);

    /// <summary>The alert that it ends with.</summary>
    private sealed class FatalException(byte alert, string message) : Exception(message)
    {
        public byte Alert => alert;
    }

    /// <summary>Whether a part of a record has come and the rest has not.</summary>
    public bool IsWithinRecord => _partLength > 0;

    /// <summary>Why it has failed.</summary>
    public string? Failure { get; private set; }

    /// <inheritdoc cref="OpenSslEngine.Read"/>
    public TlsStep Read(ReadOnlySpan<byte> cipher, Span<byte> plain, Span<byte> answer)
    {
        int taken = 0, made = 0, read = GiveRest(plain);
        if (read > 0) return new TlsStep(TlsState.Done, 0, 0, read);
        try
        {
            while (!_ended && Failure is null && NextRecord(cipher, ref taken, out ReadOnlySpan<byte> record))
            {
                read = Take(record, plain, answer, ref made);
                GivePartBack();
                if (read > 0) return new TlsStep(TlsState.Done, taken, made, read);
            }
        }
        catch (FatalException e)
        {
            Failure = e.Message;
            if (answer.Length - made >= AlertRecord) made += writing.Seal(RecordContent.Alert, [Fatal, e.Alert], answer[made..]);
        }
        return new TlsStep(Failure is not null ? TlsState.Failed : _ended ? TlsState.Ended : TlsState.NeedsMore, taken, made);
    }

    /// <inheritdoc cref="OpenSslEngine.Write"/>
    public TlsStep Write(ReadOnlySpan<byte> plain, Span<byte> cipher)
    {
        int made = writing.IsWorn ? NewKeys(cipher) : 0;
        for (int at = 0; at < plain.Length; at += OpenSslEngine.RecordSize)
            made += writing.Seal(RecordContent.Application, plain.Slice(at, Math.Min(OpenSslEngine.RecordSize, plain.Length - at)), cipher[made..]);
        return new TlsStep(TlsState.Done, 0, made, plain.Length);
    }

    /// <inheritdoc cref="OpenSslEngine.End"/>
    public TlsStep End(Span<byte> cipher) => new(TlsState.Done, 0, writing.Seal(RecordContent.Alert, [Warning, CloseNotify], cipher));

    /// <inheritdoc cref="RecordCipher.Free"/>
    public void Free()
    {
        reading.Free();
        writing.Free();
    }

    /// <summary>A whole record, where there is one; else what there is of it is kept.</summary>
    private bool NextRecord(ReadOnlySpan<byte> cipher, ref int taken, out ReadOnlySpan<byte> record)
    {
        ReadOnlySpan<byte> left = cipher[taken..];
        record = default;
        if (_partLength == 0 && left.Length >= RecordCipher.HeaderSize && left.Length >= SizeOf(left))
        {
            record = left[..SizeOf(left)];
            taken += record.Length;
            return true;
        }
        if (_partLength == 0 && left.IsEmpty) return false;
        _part ??= ArrayPool<byte>.Shared.Rent(RecordCipher.HeaderSize + MostBody);
        if (!Gather(cipher, RecordCipher.HeaderSize, ref taken) || !Gather(cipher, SizeOf(_part), ref taken)) return false;
        record = _part.AsSpan(0, _partLength);
        return true;
    }

    private bool Gather(ReadOnlySpan<byte> cipher, int size, ref int taken)
    {
        int count = Math.Clamp(size - _partLength, 0, cipher.Length - taken);
        cipher.Slice(taken, count).CopyTo(_part.AsSpan(_partLength));
        taken += count;
        return (_partLength += count) >= size;
    }

    private static int SizeOf(ReadOnlySpan<byte> header)
    {
        int body = BinaryPrimitives.ReadUInt16BigEndian(header[3..]);
        if (header[0] != (byte)RecordContent.Application) throw new FatalException(UnexpectedMessage, $"a record of type {header[0]} came without protection");
        if (body > MostBody) throw new FatalException(RecordOverflow, "a record is too long");
        if (body < RecordCipher.Overhead - RecordCipher.HeaderSize) throw new FatalException(DecodeError, "a record is too short");
        return RecordCipher.HeaderSize + body;
    }

    /// <returns>Bytes for the application.</returns>
    private int Take(ReadOnlySpan<byte> record, Span<byte> plain, Span<byte> answer, ref int made)
    {
        int most = record.Length - RecordCipher.Overhead;
        Span<byte> content = plain;
        if (most > plain.Length) content = _rest ??= ArrayPool<byte>.Shared.Rent(MostBody);
        RecordContent type = reading.Open(record, content, out int length) ?? throw new FatalException(BadRecordMac, "decryption failed or bad record mac");
        if (length > OpenSslEngine.RecordSize) throw new FatalException(RecordOverflow, "a record carries too much");
        if (type != RecordContent.Application)
        {
            TakeOther(type, record, content[..length], answer, ref made);
            GiveRestBack();
            return 0;
        }
        if (length == 0) Idle();
        else (_outOfStep, _idle) = (true, 0);
        if (most <= plain.Length) return length;
        (_restStart, _restEnd) = (0, length);
        return GiveRest(plain);
    }

    private void TakeOther(RecordContent type, ReadOnlySpan<byte> record, ReadOnlySpan<byte> content, Span<byte> answer, ref int made)
    {
        Idle();
        if (type == RecordContent.Alert) TakeAlert(content);
        else if (type != RecordContent.Handshake || content.IsEmpty) throw new FatalException(UnexpectedMessage, $"a record of type {(int)type} came within the connection");
        else if (content[0] == KeyUpdate) TakeKeyUpdate(content, answer, ref made);
        // OpenSSL counts records, too: it understands those that it has got all of.
        else if (takeTicket is null || (_outOfStep ? content[0] != NewSessionTicket : !takeTicket(record))) throw new FatalException(UnexpectedMessage, $"a handshake message {content[0]} came within the connection");
    }

    private void TakeAlert(ReadOnlySpan<byte> alert)
    {
        if (alert.Length != AlertSize) throw new FatalException(DecodeError, $"an alert of {alert.Length} bytes came");
        if (alert[1] == CloseNotify) _ended = true;
        // What is no end is one all the same (RFC 8446, 6.2), and is not answered.
        else if (alert[1] != UserCanceled) Failure = $"the other end ends it: {OpenSsl.AlertText(alert[1])}";
    }

    private void TakeKeyUpdate(ReadOnlySpan<byte> message, Span<byte> answer, ref int made)
    {
        // Type, three bytes of length, and whether this end is asked for the same; nothing may stand behind it under the old keys.
        if (message is not [_, 0, 0, 1, 0 or 1]) throw new FatalException(DecodeError, "a KeyUpdate is none");
        reading.Renew();
        _outOfStep = true;
        if (message[MessageHeader] != 1) return;
        if (answer.Length - made < KeyUpdateRecord + AlertRecord) throw new FatalException(UnexpectedMessage, "new keys are asked for too often");
        made += NewKeys(answer[made..]);
    }

    /// <summary>Tells the other end, and then takes new keys for what is sent.</summary>
    private int NewKeys(Span<byte> cipher)
    {
        int made = writing.Seal(RecordContent.Handshake, [KeyUpdate, 0, 0, 1, 0], cipher);
        writing.Renew();
        return made;
    }

    private void Idle()
    {
        if (++_idle > MostIdle) throw new FatalException(UnexpectedMessage, "too many records carry nothing");
    }

    private int GiveRest(Span<byte> plain)
    {
        int count = Math.Min(plain.Length, _restEnd - _restStart);
        if (count == 0) return 0;
        _rest.AsSpan(_restStart, count).CopyTo(plain);
        _restStart += count;
        if (_restStart == _restEnd) GiveRestBack();
        return count;
    }

    private void GiveRestBack()
    {
        if (_rest is null) return;
        ArrayPool<byte>.Shared.Return(_rest);
        (_rest, _restStart, _restEnd) = (null, 0, 0);
    }

    private void GivePartBack()
    {
        if (_partLength == 0) return;
        ArrayPool<byte>.Shared.Return(_part!);
        (_part, _partLength) = (null, 0);
    }
}
