using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Win32.SafeHandles;

namespace LanCollab.Host.Net.Tls;

/// <summary>An SSL_CTX: what the connections of one server, or of one kind of client, have in common. May be used by many threads.</summary>
internal sealed unsafe class OpenSslContext : SafeHandleZeroOrMinusOneIsInvalid
{
    private const int SetMode = 33, SetCacheMode = 44, SetMinimumVersion = 123; // SSL_CTRL_…
    private const int ReleaseBuffers = 0x10; // SSL_MODE_RELEASE_BUFFERS
    private const ulong NoTicket = 1 << 14, OwnOrder = 1 << 22, NoRenegotiation = 1 << 30; // SSL_OP_…
    private const int VerifyPeer = 1 | 2; // SSL_VERIFY_PEER, SSL_VERIFY_FAIL_IF_NO_PEER_CERT
    private const int Tls12 = 0x0303, EllipticKey = 408; // EVP_PKEY_EC

    /// <summary>Of TLS 1.3: the one that everybody must have (RFC 8446, 9.1) comes first, as in browsers; it takes an eighth less time than with 256 bits.</summary>
    private const string Suites = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

    /// <summary>Of TLS 1.2, of the same kind.</summary>
    private const string Ciphers = "ECDHE+AES128+AESGCM:ECDHE+AESGCM:ECDHE+CHACHA20";

    private const int MostSessions = 64;

    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.OrdinalIgnoreCase);

    private OpenSslContext(bool ownRecords) : base(ownsHandle: true)
    {
        OpenSsl.ClearErrors();
        SetHandle(OpenSsl.NewContext(OpenSsl.AnyVersion()));
        if (IsInvalid || OpenSsl.ControlContext(handle, SetMinimumVersion, Tls12, 0) != 1 || OpenSsl.SetCiphers(handle, Ciphers) != 1 || OpenSsl.SetSuites(handle, Suites) != 1) throw Failure();
        OpenSsl.SetOptions(handle, NoRenegotiation);
        // Two buffers of 16 KiB for each silent connection are 32 MiB for a thousand.
        OpenSsl.ControlContext(handle, SetMode, ReleaseBuffers, 0);
        // A server's sessions are in the tickets that it gives out; those of a client are kept here.
        OpenSsl.ControlContext(handle, SetCacheMode, 0, 0);
        // Whoever shows a certificate proves in any case that they have its key. Which one it may be is asked afterwards, by its fingerprint: nobody's chain of certificates is built.
        OpenSsl.SetVerifier(handle, &TakeAny, 0);
        if (ownRecords) OpenSsl.SetKeyLog(handle, TrafficSecrets.Listener);
    }

    /// <summary>A SSL_SESSION with one reference.</summary>
    internal sealed class Session : SafeHandleZeroOrMinusOneIsInvalid
    {
        public Session(nint session) : base(ownsHandle: true) => SetHandle(session);

        protected override bool ReleaseHandle()
        {
            OpenSsl.FreeSession(handle);
            return true;
        }
    }

    /// <summary>See <see cref="ITls.Serve"/>.</summary>
    /// <param name="certificate">See there.</param>
    /// <param name="asksCallers">See there.</param>
    /// <param name="ownRecords">Whether records of TLS 1.3 are made by <see cref="RecordLayer"/>; false: by OpenSSL.</param>
    /// <exception cref="IOException">OpenSSL does not take the certificate.</exception>
    public static OpenSslContext ForServer(X509Certificate2 certificate, bool asksCallers, bool ownRecords = true)
    {
        var context = new OpenSslContext(ownRecords);
        context.Show(certificate);
        OpenSsl.SetOptions(context.handle, OwnOrder);
        if (!asksCallers) return context;
        OpenSsl.SetVerify(context.handle, VerifyPeer, 0);
        OpenSsl.SetOptions(context.handle, NoTicket);
        OpenSsl.SetTickets(context.handle, 0);
        return context;
    }

    /// <summary>See <see cref="ITls.Call"/>.</summary>
    /// <param name="shown">See there.</param>
    /// <param name="ownRecords">As of a server.</param>
    /// <exception cref="IOException">OpenSSL does not take the certificate.</exception>
    public static OpenSslContext ForClient(X509Certificate2? shown, bool ownRecords = true)
    {
        var context = new OpenSslContext(ownRecords);
        if (shown is not null) context.Show(shown);
        return context;
    }

    /// <summary>The last session with a host; null: none.</summary>
    public Session? Find(string host) => _sessions.GetValueOrDefault(host);

    /// <summary>Keeps a session for the next connection. One that is replaced is freed when nobody uses it any more.</summary>
    public void Keep(string host, Session session)
    {
        if (_sessions.Count >= MostSessions && !_sessions.ContainsKey(host)) _sessions.Clear();
        _sessions[host] = session;
    }

    protected override bool ReleaseHandle()
    {
        OpenSsl.FreeContext(handle);
        return true;
    }

    private void Show(X509Certificate2 certificate)
    {
        using ECDsa key = certificate.GetECDsaPrivateKey() ?? throw new IOException("The certificate's key is not an elliptic one.");
        byte[] der = certificate.RawData, secret = key.ExportPkcs8PrivateKey();
        bool taken = OpenSsl.UseCertificate(handle, der.Length, der) == 1 && OpenSsl.UseKey(EllipticKey, handle, secret, secret.Length) == 1;
        CryptographicOperations.ZeroMemory(secret);
        if (!taken) throw Failure();
    }

    private static IOException Failure() => new($"OpenSSL refuses: {OpenSsl.TakeError()}");

    [UnmanagedCallersOnly]
    private static int TakeAny(nint store, nint argument) => 1;
}
