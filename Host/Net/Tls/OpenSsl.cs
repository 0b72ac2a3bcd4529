using System.Runtime.InteropServices;

namespace LanCollab.Host.Net.Tls;

/// <summary>The calls of OpenSSL 3.0 and later that are used here; see ssl(7) and bio(7). Numbers are those of its headers.</summary>
internal static unsafe partial class OpenSsl
{
    private const string Ssl = "libssl.so.3", Crypto = "libcrypto.so.3";

    /// <summary>OPENSSL_INIT_NO_ATEXIT: nothing is torn down at the end of the process while threads may still be in it. With its error texts.</summary>
    private const ulong InitOptions = 0x00080000 | 0x00200000 | 0x00000002;

    private const int VersionText = 0, LongestError = 256;

    /// <summary>OpenSSL's own name and version; null where it is not there.</summary>
    public static string? Version { get; } = Find();

    /// <summary>The thread's last error in words, which is then forgotten with all others.</summary>
    public static string TakeError()
    {
        byte* text = stackalloc byte[LongestError];
        ulong code = LastError();
        ClearErrors();
        if (code == 0) return "no reason is given";
        ErrorText(code, text, LongestError);
        // error:0A000126:SSL routines::unexpected eof while reading
        return Marshal.PtrToStringUTF8((nint)text)!.Split(':', 5)[^1].Trim(':');
    }

    /// <summary>What an alert says (RFC 8446, 6).</summary>
    public static string AlertText(byte alert) => Marshal.PtrToStringUTF8((nint)AlertDescription(alert))!;

    private static string? Find()
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess) return null;
        if (!NativeLibrary.TryLoad(Crypto, typeof(OpenSsl).Assembly, null, out _) || !NativeLibrary.TryLoad(Ssl, typeof(OpenSsl).Assembly, null, out _)) return null;
        return Init(InitOptions, 0) == 1 ? Marshal.PtrToStringUTF8((nint)VersionOf(VersionText)) : null;
    }

    [LibraryImport(Ssl, EntryPoint = "OPENSSL_init_ssl")]
    private static partial int Init(ulong options, nint settings);

    [LibraryImport(Crypto, EntryPoint = "OpenSSL_version")]
    private static partial byte* VersionOf(int what);

    [LibraryImport(Crypto, EntryPoint = "ERR_peek_last_error")]
    public static partial ulong LastError();

    [LibraryImport(Crypto, EntryPoint = "ERR_error_string_n")]
    private static partial void ErrorText(ulong code, byte* text, nuint size);

    [LibraryImport(Crypto, EntryPoint = "ERR_clear_error")]
    public static partial void ClearErrors();

    [LibraryImport(Crypto, EntryPoint = "BIO_get_new_index")]
    public static partial int NewBioType();

    [LibraryImport(Crypto, EntryPoint = "BIO_meth_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint NewBioMethod(int type, string name);

    [LibraryImport(Crypto, EntryPoint = "BIO_meth_set_read")]
    public static partial int SetBioRead(nint method, delegate* unmanaged<nint, byte*, int, int> read);

    [LibraryImport(Crypto, EntryPoint = "BIO_meth_set_write")]
    public static partial int SetBioWrite(nint method, delegate* unmanaged<nint, byte*, int, int> write);

    [LibraryImport(Crypto, EntryPoint = "BIO_meth_set_ctrl")]
    public static partial int SetBioControl(nint method, delegate* unmanaged<nint, int, nint, nint, nint> control);

    [LibraryImport(Crypto, EntryPoint = "BIO_new")]
    public static partial nint NewBio(nint method);

    [LibraryImport(Crypto, EntryPoint = "BIO_set_init"), SuppressGCTransition]
    public static partial void SetBioInit(nint bio, int value);

    [LibraryImport(Crypto, EntryPoint = "BIO_set_data"), SuppressGCTransition]
    public static partial void SetBioData(nint bio, void* data);

    [LibraryImport(Crypto, EntryPoint = "BIO_get_data"), SuppressGCTransition]
    public static partial void* GetBioData(nint bio);

    [LibraryImport(Crypto, EntryPoint = "BIO_set_flags"), SuppressGCTransition]
    public static partial void SetBioFlags(nint bio, int flags);

    [LibraryImport(Crypto, EntryPoint = "BIO_clear_flags"), SuppressGCTransition]
    public static partial void ClearBioFlags(nint bio, int flags);

    [LibraryImport(Crypto, EntryPoint = "EVP_sha256")]
    public static partial nint Sha256();

    [LibraryImport(Crypto, EntryPoint = "X509_digest")]
    public static partial int Digest(nint certificate, nint algorithm, byte* digest, uint* length);

    [LibraryImport(Crypto, EntryPoint = "X509_free")]
    public static partial void FreeCertificate(nint certificate);

    [LibraryImport(Ssl, EntryPoint = "TLS_method")]
    public static partial nint AnyVersion();

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_new")]
    public static partial nint NewContext(nint method);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_free")]
    public static partial void FreeContext(nint context);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_ctrl")]
    public static partial nint ControlContext(nint context, int what, nint number, nint pointer);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_options")]
    public static partial ulong SetOptions(nint context, ulong options);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_cipher_list", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetCiphers(nint context, string ciphers);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_ciphersuites", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetSuites(nint context, string suites);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_num_tickets")]
    public static partial int SetTickets(nint context, nuint count);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_verify")]
    public static partial void SetVerify(nint context, int mode, nint callback);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_cert_verify_callback")]
    public static partial void SetVerifier(nint context, delegate* unmanaged<nint, nint, int> verifier, nint argument);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_use_certificate_ASN1")]
    public static partial int UseCertificate(nint context, int length, ReadOnlySpan<byte> der);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_use_PrivateKey_ASN1")]
    public static partial int UseKey(int type, nint context, ReadOnlySpan<byte> der, nint length);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_keylog_callback")]
    public static partial void SetKeyLog(nint context, delegate* unmanaged<nint, byte*, void> log);

    [LibraryImport(Ssl, EntryPoint = "SSL_new")]
    public static partial nint New(OpenSslContext context);

    [LibraryImport(Ssl, EntryPoint = "SSL_free")]
    public static partial void Free(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_bio")]
    public static partial void SetBio(nint ssl, nint read, nint write);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_accept_state")]
    public static partial void SetAccept(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_connect_state")]
    public static partial void SetConnect(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_ctrl", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint Control(nint ssl, int what, nint number, string text);

    [LibraryImport(Ssl, EntryPoint = "SSL_do_handshake")]
    public static partial int Handshake(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_read")]
    public static partial int Read(nint ssl, byte* plain, int count);

    [LibraryImport(Ssl, EntryPoint = "SSL_write")]
    public static partial int Write(nint ssl, byte* plain, int count);

    [LibraryImport(Ssl, EntryPoint = "SSL_shutdown")]
    public static partial int Shutdown(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_shutdown")]
    public static partial int GetShutdown(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_want")]
    public static partial int Want(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_has_pending")]
    public static partial int HasPending(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_rstate_string")]
    public static partial byte* ReadState(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_session_reused")]
    public static partial int IsResumed(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_version")]
    public static partial int GetVersion(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_current_cipher")]
    public static partial nint CurrentCipher(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_CIPHER_get_protocol_id")]
    public static partial ushort SuiteOf(nint cipher);

    [LibraryImport(Ssl, EntryPoint = "SSL_alert_desc_string_long")]
    private static partial byte* AlertDescription(int alert);

    [LibraryImport(Ssl, EntryPoint = "SSL_get1_peer_certificate")]
    public static partial nint PeerCertificate(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_get1_session")]
    public static partial nint GetSession(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_session")]
    public static partial int SetSession(nint ssl, OpenSslContext.Session session);

    [LibraryImport(Ssl, EntryPoint = "SSL_SESSION_is_resumable")]
    public static partial int IsResumable(nint session);

    [LibraryImport(Ssl, EntryPoint = "SSL_SESSION_free")]
    public static partial void FreeSession(nint session);
}
