namespace LanCollab.Host.Net.Tls;

/// <summary>Who does TLS: <c>Server:TlsLibrary</c>, <c>Client:TlsLibrary</c>.</summary>
internal enum TlsLibrary
{
    /// <summary>OpenSSL 3 where it is there, else .NET.</summary>
    Auto,

    /// <summary>OpenSSL 3, called directly (docs/decisions/021).</summary>
    OpenSsl,

    /// <summary>.NET's SslStream.</summary>
    Runtime,
}

/// <summary>From the setting to what it stands for.</summary>
internal static class TlsLibraries
{
    /// <summary>What <see cref="TlsLibrary.Auto"/> stands for here.</summary>
    public static ITls Default => OpenSslTls.IsSupported ? OpenSslTls.Instance : RuntimeTls.Instance;

    /// <summary>The one that is wanted; where it is not there, .NET's, which is everywhere.</summary>
    public static ITls Choose(TlsLibrary wanted) => wanted == TlsLibrary.Runtime ? RuntimeTls.Instance : Default;
}
