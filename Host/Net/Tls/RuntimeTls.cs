using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace LanCollab.Host.Net.Tls;

/// <summary>TLS by .NET's <see cref="SslStream"/>, on every system.</summary>
internal sealed class RuntimeTls : ITls
{
    private const SslProtocols Protocols = SslProtocols.Tls13 | SslProtocols.Tls12;

    public static ITls Instance { get; } = new RuntimeTls();

    public string Name => $".NET {Environment.Version}";

    public ITlsServer Serve(X509Certificate2 certificate, bool asksCallers) => new Server(new SslServerAuthenticationOptions
    {
        // Made once: each context of its own would build the certificate's chain anew for every connection, and have tickets of its own, so that no client could resume a TLS session.
        ServerCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
        EnabledSslProtocols = Protocols,
        ClientCertificateRequired = asksCallers,
        AllowTlsResume = !asksCallers,
        RemoteCertificateValidationCallback = asksCallers ? (_, shown, _, _) => shown is not null : null,
    });

    public ITlsClient Call(X509Certificate2? shown) => new Client(shown is null ? null : SslStreamCertificateContext.Create(shown, additionalCertificates: null, offline: true));

    private sealed class Server(SslServerAuthenticationOptions options) : ITlsServer
    {
        public Task<Secured> AcceptAsync(PromptStream accepted, CancellationToken cancellationToken) => SecureAsync(accepted, tls => tls.AuthenticateAsServerAsync(options, cancellationToken));
    }

    private sealed class Client(SslStreamCertificateContext? shown) : ITlsClient
    {
        public Task<Secured> ConnectAsync(Socket socket, string host, Func<string, bool> trusts, CancellationToken cancellationToken) => SecureAsync(new PromptStream(socket), tls => tls.AuthenticateAsClientAsync(new()
        {
            TargetHost = host,
            ClientCertificateContext = shown,
            EnabledSslProtocols = Protocols,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null && trusts(ServerIdentity.Fingerprint(certificate)),
        }, cancellationToken));
    }

    private static async Task<Secured> SecureAsync(PromptStream inner, Func<SslStream, Task> handshake)
    {
        var bulk = new BulkStream(inner);
        var tls = new SslStream(bulk);
        try
        {
            await handshake(tls).ConfigureAwait(false);
            return new Secured(tls, bulk, tls.RemoteCertificate is { } shown ? ServerIdentity.Fingerprint(shown) : null);
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
