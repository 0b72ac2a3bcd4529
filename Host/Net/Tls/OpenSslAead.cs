namespace LanCollab.Host.Net.Tls;

/// <summary>Ciphers of OpenSSL.</summary>
internal sealed unsafe class OpenSslAead : RecordAead
{
    private const int ShortUpdate = 1500;

    private readonly int _encrypts;
    private nint _context;

    /// <inheritdoc cref="RecordAead.Create"/>
    public OpenSslAead(RecordSuite suite, ReadOnlySpan<byte> key, bool encrypts)
    {
        _encrypts = encrypts ? 1 : 0;
        _context = OpenSslCipher.New();
        fixed (byte* k = key) Check(OpenSslCipher.Begin(_context, suite.Cipher, 0, k, null, _encrypts));
    }

    public override void Begin(byte* nonce, byte* header, int length)
    {
        Check(OpenSslCipher.Begin(_context, 0, 0, null, nonce, _encrypts));
        Take(header, length, null);
    }

    public override void Take(byte* from, int count, byte* to)
    {
        int made;
        if (count == 0) return;
        Check(count <= ShortUpdate ? OpenSslCipher.Update(_context, to, &made, from, count) : OpenSslCipher.UpdateLong(_context, to, &made, from, count));
    }

    public override void Seal(byte* tag)
    {
        int none;
        Check(OpenSslCipher.End(_context, tag, &none));
        Check(OpenSslCipher.Control(_context, OpenSslCipher.GetTag, RecordSuite.TagSize, tag));
    }

    public override bool IsSealed(byte* tag)
    {
        byte nothing;
        int none;
        Check(OpenSslCipher.Control(_context, OpenSslCipher.SetTag, RecordSuite.TagSize, tag));
        if (OpenSslCipher.End(_context, &nothing, &none) == 1) return true;
        OpenSsl.ClearErrors();
        return false;
    }

    public override void Free()
    {
        OpenSslCipher.Free(_context);
        _context = 0;
    }

    private static void Check(int done)
    {
        if (done != 1) throw new IOException($"OpenSSL: {OpenSsl.TakeError()}");
    }
}
