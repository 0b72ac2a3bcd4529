namespace LanCollab.Host.Net.Tls;

/// <summary>Who does TLS: <c>Server:TlsLibrary</c>, <c>Client:TlsLibrary</c>.</summary>
internal enum TlsLibrary
{
    /// <summary>OpenSSL 3 where it is there, else .NET.</summary>
    Auto,

    /// <summary>OpenSSL 3, called directly (docs/decisions/021); records of TLS 1.3 go past its buffers (022).</summary>
    OpenSsl,

    /// <summary>OpenSSL 3, called directly, which makes the records, too.</summary>
    OpenSslRecords,

    /// <summary>.NET's SslStream.</summary>
    Runtime,
}

/// <summary>From the setting to what it stands for.</summary>
internal static class TlsLibraries
{
    /// <summary>What <see cref="TlsLibrary.Auto"/> stands for here.</summary>
    public static ITls Default => OpenSslTls.IsSupported ? OpenSslTls.Instance : RuntimeTls.Instance;

    /// <summary>The one that is wanted; where it is not there, .NET's, which is everywhere.</summary>
    public static ITls Choose(TlsLibrary wanted) => wanted switch
    {
        TlsLibrary.Runtime => RuntimeTls.Instance,
        TlsLibrary.OpenSslRecords when OpenSslTls.IsSupported => OpenSslTls.WithItsRecords,
        _ => Default,
    };
}
