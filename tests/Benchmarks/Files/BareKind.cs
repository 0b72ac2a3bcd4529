namespace LanCollab.Benchmarks.Files;

/// <summary>What a bare loop does beside reading, encrypting, sending and writing.</summary>
internal enum BareWork
{
    /// <summary>Nothing.</summary>
    Plain,

    /// <summary>Hashes as this program does, one thing after the other on the thread of the transfer.</summary>
    Hashed,

    /// <summary>As <see cref="Hashed"/>, but in uploads on two threads at either end: one reads and hashes while the other sends, one receives while the other hashes and writes.</summary>
    Piped,
}

/// <summary>One of the bare loops.</summary>
/// <param name="Name">As a contender.</param>
/// <param name="Direct">Over OpenSSL directly instead of SslStream.</param>
/// <param name="Work">What it does.</param>
internal sealed record BareKind(string Name, bool Direct, BareWork Work)
{
    public static BareKind SslStream { get; } = new("bare", Direct: false, BareWork.Plain);

    public static BareKind SslStreamHashed { get; } = new("bareHashed", Direct: false, BareWork.Hashed);

    public static BareKind OpenSsl { get; } = new("bareOpenSsl", Direct: true, BareWork.Plain);

    public static BareKind OpenSslHashed { get; } = new("bareOpenSslHashed", Direct: true, BareWork.Hashed);

    public static BareKind OpenSslPiped { get; } = new("bareOpenSslPiped", Direct: true, BareWork.Piped);

    public static IReadOnlyList<BareKind> All { get; } = [SslStream, SslStreamHashed, OpenSsl, OpenSslHashed, OpenSslPiped];
}
