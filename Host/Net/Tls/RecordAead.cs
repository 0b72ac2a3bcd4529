namespace LanCollab.Host.Net.Tls;

/// <summary>
/// An authenticated cipher (RFC 5116) with one key for one direction, as records need it: a nonce of 12 bytes and the authenticated header, the text in pieces, each as long there as here, and a tag of 16 bytes. One thread at
/// a time.
/// </summary>
internal abstract unsafe class RecordAead
{
    /// <summary>The fastest there is here.</summary>
    /// <param name="suite">Which cipher.</param>
    /// <param name="key">Its key.</param>
    /// <param name="encrypts">Or decrypts.</param>
    /// <exception cref="IOException">OpenSSL refuses.</exception>
    public static RecordAead Create(RecordSuite suite, ReadOnlySpan<byte> key, bool encrypts) =>
        suite.IsGcm && MultiBufferAead.IsSupported ? new MultiBufferAead(key, encrypts) : new OpenSslAead(suite, key, encrypts);

    /// <summary>A new text.</summary>
    public abstract void Begin(byte* nonce, byte* header, int length);

    /// <summary>A piece of it.</summary>
    public abstract void Take(byte* from, int count, byte* to);

    /// <summary>The end of a text that was encrypted: writes the tag.</summary>
    public abstract void Seal(byte* tag);

    /// <summary>The end of a text that was decrypted.</summary>
    /// <returns>Whether that is its tag.</returns>
    public abstract bool IsSealed(byte* tag);

    /// <summary>Wipes the key and frees what is held; nothing may follow.</summary>
    public abstract void Free();
}
