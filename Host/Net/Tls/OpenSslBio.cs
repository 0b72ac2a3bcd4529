using System.Runtime.InteropServices;

namespace LanCollab.Host.Net.Tls;

/// <summary>
/// What OpenSSL reads ciphertext from and writes it to: memory that is lent for the time of one call, so that a byte is copied once between it and OpenSSL's own record. A BIO of memory,
/// which SslStream uses, copies twice more each way.
/// </summary>
internal static unsafe class OpenSslBio
{
    private const int SourceAndSink = 0x0400; // BIO_TYPE_SOURCE_SINK
    private const int ShouldRetry = 0x08, RetryRead = ShouldRetry | 0x01; // BIO_FLAGS_…
    private const int Flush = 11; // BIO_CTRL_FLUSH

    private static readonly nint Method = NewMethod();

    /// <summary>The memory that is lent, in native memory itself; what is not lent is empty.</summary>
    internal struct Lent
    {
        public byte* In, Out;
        public int InLeft, OutLeft;
    }

    /// <summary>A new BIO, for reading and writing. Its owner frees it.</summary>
    /// <param name="lent">Is there for as long as the BIO is.</param>
    public static nint New(Lent* lent)
    {
        nint bio = OpenSsl.NewBio(Method);
        if (bio == 0) return 0;
        OpenSsl.SetBioData(bio, lent);
        OpenSsl.SetBioInit(bio, 1);
        return bio;
    }

    private static nint NewMethod()
    {
        nint method = OpenSsl.NewBioMethod(OpenSsl.NewBioType() | SourceAndSink, "lent memory");
        OpenSsl.SetBioRead(method, &Read);
        OpenSsl.SetBioWrite(method, &Write);
        OpenSsl.SetBioControl(method, &Control);
        return method;
    }

    [UnmanagedCallersOnly]
    private static int Read(nint bio, byte* to, int count)
    {
        Lent* lent = (Lent*)OpenSsl.GetBioData(bio);
        OpenSsl.ClearBioFlags(bio, RetryRead);
        count = Math.Min(count, lent->InLeft);
        if (count <= 0)
        {
            OpenSsl.SetBioFlags(bio, RetryRead);
            return -1;
        }
        Buffer.MemoryCopy(lent->In, to, count, count);
        lent->In += count;
        lent->InLeft -= count;
        return count;
    }

    /// <summary>All of it or, where there is no room, an error that ends the connection.</summary>
    [UnmanagedCallersOnly]
    private static int Write(nint bio, byte* from, int count)
    {
        Lent* lent = (Lent*)OpenSsl.GetBioData(bio);
        if (count > lent->OutLeft) return -1;
        Buffer.MemoryCopy(from, lent->Out, count, count);
        lent->Out += count;
        lent->OutLeft -= count;
        return count;
    }

    [UnmanagedCallersOnly]
    private static nint Control(nint bio, int what, nint number, nint pointer) => what == Flush ? 1 : 0;
}
