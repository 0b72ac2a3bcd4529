using System.Runtime.InteropServices;

namespace LanCollab.Host.Net.Tls;

/// <summary>OpenSSL's ciphers by themselves: see EVP_EncryptInit(3). Numbers are those of its headers.</summary>
/// <remarks>Most calls neither wait nor call back, and take less than a microsecond: they need not let the collector run meanwhile.</remarks>
internal static unsafe partial class OpenSslCipher
{
    public const int GetTag = 0x10, SetTag = 0x11; // EVP_CTRL_AEAD_…

    private const string Crypto = "libcrypto.so.3";

    [LibraryImport(Crypto, EntryPoint = "EVP_aes_128_gcm")]
    public static partial nint Aes128Gcm();

    [LibraryImport(Crypto, EntryPoint = "EVP_aes_256_gcm")]
    public static partial nint Aes256Gcm();

    [LibraryImport(Crypto, EntryPoint = "EVP_chacha20_poly1305")]
    public static partial nint ChaCha20Poly1305();

    [LibraryImport(Crypto, EntryPoint = "EVP_CIPHER_CTX_new")]
    public static partial nint New();

    [LibraryImport(Crypto, EntryPoint = "EVP_CIPHER_CTX_free")]
    public static partial void Free(nint context);

    /// <param name="context">A context.</param>
    /// <param name="cipher">0: as before.</param>
    /// <param name="engine">0.</param>
    /// <param name="key">Null: as before.</param>
    /// <param name="nonce">Null: as before.</param>
    /// <param name="encrypts">1, or 0: decrypts.</param>
    [LibraryImport(Crypto, EntryPoint = "EVP_CipherInit_ex"), SuppressGCTransition]
    public static partial int Begin(nint context, nint cipher, nint engine, byte* key, byte* nonce, int encrypts);

    /// <summary>Of up to a datagram's length.</summary>
    [LibraryImport(Crypto, EntryPoint = "EVP_CipherUpdate"), SuppressGCTransition]
    public static partial int Update(nint context, byte* to, int* made, byte* from, int count);

    /// <summary>Of any length.</summary>
    [LibraryImport(Crypto, EntryPoint = "EVP_CipherUpdate")]
    public static partial int UpdateLong(nint context, byte* to, int* made, byte* from, int count);

    [LibraryImport(Crypto, EntryPoint = "EVP_CipherFinal_ex"), SuppressGCTransition]
    public static partial int End(nint context, byte* to, int* made);

    [LibraryImport(Crypto, EntryPoint = "EVP_CIPHER_CTX_ctrl"), SuppressGCTransition]
    public static partial int Control(nint context, int what, int number, byte* pointer);
}
