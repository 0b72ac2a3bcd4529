using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LanCollab.Host.Net.Tls;

/// <summary>How a step of TLS ended.</summary>
internal enum TlsState
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>All that has come is used, and more is needed.</summary>
    NeedsMore,

    /// <summary>The other end has said that it sends nothing more.</summary>
    Ended,

    /// <summary>The connection is of no use any more. What was made, if anything, tells the other end.</summary>
    Failed,
}

/// <summary>What a step of TLS did.</summary>
/// <param name="State">How it ended.</param>
/// <param name="Taken">Bytes of ciphertext used.</param>
/// <param name="Made">Bytes of ciphertext made.</param>
/// <param name="Plain">Bytes that were decrypted or encrypted.</param>
internal readonly record struct TlsStep(TlsState State, int Taken, int Made, int Plain = 0);

/// <summary>
/// One end of a TLS connection as OpenSSL does it, from memory to memory: it knows no socket and never waits. Not for several threads at once, nor for any after its disposal.
/// </summary>
internal sealed unsafe class OpenSslEngine : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>What a record carries at most.</summary>
    public const int RecordSize = 16 * 1024;

    /// <summary>What a record is longer than what it carries, at most: TLS 1.2 adds 5 + 8 + 16 bytes, 1.3 5 + 1 + 16.</summary>
    public const int RecordOverhead = 64;

    private const int SetHostName = 55; // SSL_CTRL_SET_TLSEXT_HOSTNAME
    private const int Tls13 = 0x0304;
    private const int WantsReading = 3; // SSL_READING
    private const int ShutdownReceived = 2; // SSL_RECEIVED_SHUTDOWN
    private const int FingerprintSize = 32;

    private readonly OpenSslContext _context;
    private readonly OpenSslBio.Lent* _lent;
    private readonly string? _host;
    private readonly TrafficSecrets _secrets = new();
    private RecordLayer? _records;

    /// <param name="context">What it has in common with others.</param>
    /// <param name="host">Whom a client calls; null for a server.</param>
    /// <exception cref="OutOfMemoryException">OpenSSL has none.</exception>
    public OpenSslEngine(OpenSslContext context, string? host) : base(ownsHandle: true)
    {
        (_context, _host) = (context, host);
        _lent = (OpenSslBio.Lent*)NativeMemory.AllocZeroed((nuint)sizeof(OpenSslBio.Lent));
        nint bio = OpenSslBio.New(_lent);
        SetHandle(OpenSsl.New(context));
        if (bio == 0 || IsInvalid) throw new OutOfMemoryException("OpenSSL gives no connection.");
        OpenSsl.SetBio(handle, bio, bio);
        if (host is null) OpenSsl.SetAccept(handle);
        else BeginCall(host);
    }

    /// <summary>Whether the session was resumed, after the handshake.</summary>
    public bool IsResumed => OpenSsl.IsResumed(handle) == 1;

    /// <summary>0x0303 for TLS 1.2, 0x0304 for 1.3.</summary>
    public int Version => OpenSsl.GetVersion(handle);

    /// <summary>Whether a part of a record has come and the rest has not.</summary>
    public bool IsWithinRecord => _records?.IsWithinRecord ?? IsWithinOpenSslRecord;

    private bool IsWithinOpenSslRecord => OpenSsl.HasPending(handle) == 1 || *OpenSsl.ReadState(handle) != (byte)'R' || OpenSsl.ReadState(handle)[1] != (byte)'H';

    /// <summary>Goes on with the handshake.</summary>
    /// <param name="cipher">What has come.</param>
    /// <param name="answer">Room for what is to be sent.</param>
    public TlsStep Handshake(ReadOnlySpan<byte> cipher, Span<byte> answer)
    {
        OpenSsl.ClearErrors();
        fixed (byte* c = cipher, a = answer)
        {
            Lend(c, cipher.Length, a, answer.Length);
            using var listening = _secrets.Listen();
            TlsStep step = Ended(OpenSsl.Handshake(handle), cipher.Length, answer.Length);
            if (step.State == TlsState.Done && _records is null) TakeOver(answer[..step.Made]);
            return step;
        }
    }

    /// <summary>Decrypts what one record carries, or a part of it.</summary>
    /// <param name="cipher">What has come.</param>
    /// <param name="plain">Room for what it says; not empty.</param>
    /// <param name="answer">Room for what TLS itself may have to say.</param>
    public TlsStep Read(ReadOnlySpan<byte> cipher, Span<byte> plain, Span<byte> answer)
    {
        if (_records is not null) return _records.Read(cipher, plain, answer);
        fixed (byte* c = cipher, p = plain, a = answer)
        {
            Lend(c, cipher.Length, a, answer.Length);
            return Ended(OpenSsl.Read(handle, p, plain.Length), cipher.Length, answer.Length);
        }
    }

    /// <summary>Encrypts all of it.</summary>
    /// <param name="plain">Not empty.</param>
    /// <param name="cipher">Room for it, with <see cref="RecordOverhead"/> for each record and for one more.</param>
    public TlsStep Write(ReadOnlySpan<byte> plain, Span<byte> cipher)
    {
        if (_records is not null) return _records.Write(plain, cipher);
        fixed (byte* p = plain, c = cipher)
        {
            Lend(null, 0, c, cipher.Length);
            return Ended(OpenSsl.Write(handle, p, plain.Length), 0, cipher.Length);
        }
    }

    /// <summary>Says that nothing more will be sent.</summary>
    public TlsStep End(Span<byte> cipher)
    {
        if (_records is not null) return _records.End(cipher);
        OpenSsl.ClearErrors();
        fixed (byte* c = cipher)
        {
            Lend(null, 0, c, cipher.Length);
            TlsStep step = Ended(OpenSsl.Shutdown(handle), 0, cipher.Length);
            OpenSsl.ClearErrors();
            return step;
        }
    }

    /// <summary>The fingerprint of the certificate that the other end has shown, as <see cref="ServerIdentity.Fingerprint"/> gives it; null: none.</summary>
    public string? PeerFingerprint()
    {
        nint certificate = OpenSsl.PeerCertificate(handle);
        if (certificate == 0) return null;
        byte* digest = stackalloc byte[FingerprintSize];
        uint length = FingerprintSize;
        int done = OpenSsl.Digest(certificate, OpenSsl.Sha256(), digest, &length);
        OpenSsl.FreeCertificate(certificate);
        return done == 1 ? Convert.ToHexString(new ReadOnlySpan<byte>(digest, FingerprintSize)) : null;
    }

    /// <summary>Keeps a client's session for its next connection; the server has sent what is needed for it before its first word.</summary>
    public void KeepSession()
    {
        if (_host is null) return;
        nint session = OpenSsl.GetSession(handle);
        if (session == 0) return;
        var kept = new OpenSslContext.Session(session);
        if (OpenSsl.IsResumable(session) == 1) _context.Keep(_host, kept);
        else kept.Dispose();
    }

    protected override bool ReleaseHandle()
    {
        _records?.Free();
        OpenSsl.Free(handle);
        NativeMemory.Free(_lent);
        return true;
    }

    /// <summary>Why the last step has failed.</summary>
    public string TakeError() => _records?.Failure ?? OpenSsl.TakeError();

    /// <summary>From here on records are made here, where it is TLS 1.3 of a known suite: see docs/decisions/022.</summary>
    /// <param name="last">What the last step of the handshake sends.</param>
    private void TakeOver(ReadOnlySpan<byte> last)
    {
        if (Version != Tls13 || _secrets is not { Client: { } client, Server: { } server } || OpenSsl.HasPending(handle) == 1) return;
        if (RecordSuite.Of(OpenSsl.SuiteOf(OpenSsl.CurrentCipher(handle))) is not { } suite) return;
        bool calls = _host is not null;
        // A server has sent its tickets with these keys already; a client's last words in the handshake had others.
        RecordCipher reading = new(suite, calls ? server : client, encrypts: false), writing = new(suite, calls ? client : server, encrypts: true, calls ? 0 : RecordsIn(last));
        _records = new RecordLayer(reading, writing, calls ? TakeTicket : null);
    }

    private static ulong RecordsIn(ReadOnlySpan<byte> records)
    {
        ulong count = 0;
        for (; !records.IsEmpty; count++) records = records[(RecordCipher.HeaderSize + BinaryPrimitives.ReadUInt16BigEndian(records[3..]))..];
        return count;
    }

    /// <summary>OpenSSL keeps it, for <see cref="KeepSession"/>.</summary>
    private bool TakeTicket(ReadOnlySpan<byte> record)
    {
        byte nothing;
        OpenSsl.ClearErrors();
        fixed (byte* r = record)
        {
            Lend(r, record.Length, null, 0);
            TlsStep step = Ended(OpenSsl.Read(handle, &nothing, 1), record.Length, 0);
            OpenSsl.ClearErrors();
            return step.State == TlsState.NeedsMore && step.Taken == record.Length;
        }
    }

    private void BeginCall(string host)
    {
        OpenSsl.SetConnect(handle);
        // As RFC 6066, 3 has it, names only.
        if (!IPAddress.TryParse(host, out _)) OpenSsl.Control(handle, SetHostName, 0, host);
        if (_context.Find(host) is { } session) OpenSsl.SetSession(handle, session);
    }

    /// <summary>The other end's last word: close_notify, or an alert, which leaves an error behind.</summary>
    private static TlsState EndOrAlert() => OpenSsl.LastError() == 0 ? TlsState.Ended : TlsState.Failed;

    private void Lend(byte* from, int count, byte* to, int room) => *_lent = new OpenSslBio.Lent { In = from, InLeft = count, Out = to, OutLeft = room };

    private TlsStep Ended(int result, int count, int room)
    {
        int taken = count - _lent->InLeft, made = room - _lent->OutLeft;
        *_lent = default;
        TlsState state = result > 0 ? TlsState.Done
            : (OpenSsl.GetShutdown(handle) & ShutdownReceived) != 0 ? EndOrAlert()
            : OpenSsl.Want(handle) == WantsReading ? TlsState.NeedsMore
            : TlsState.Failed;
        GC.KeepAlive(this);
        return new TlsStep(state, taken, made, Math.Max(result, 0));
    }
}
