using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace LanCollab.Host.Net.Tls;

/// <summary>TLS by OpenSSL 3, called directly: see docs/decisions/021.</summary>
/// <param name="ownRecords">Whether records of TLS 1.3 are made here, by <see cref="RecordLayer"/>.</param>
internal sealed class OpenSslTls(bool ownRecords) : ITls
{
    /// <summary>One for all that show nothing, so that they resume each other's sessions.</summary>
    private readonly Lazy<Client> _anonymous = new(() => new Client(OpenSslContext.ForClient(shown: null, ownRecords)));

    public static ITls Instance { get; } = new OpenSslTls(ownRecords: true);

    /// <summary>OpenSSL makes the records, too.</summary>
    public static ITls WithItsRecords { get; } = new OpenSslTls(ownRecords: false);

    /// <summary>True where the library is there.</summary>
    public static bool IsSupported => OpenSsl.Version is not null;

    public string Name => (OpenSsl.Version ?? "no OpenSSL") + (!ownRecords ? "" : MultiBufferAead.IsSupported ? $", records with {MultiBufferAead.Package}" : ", records made here");

    public ITlsServer Serve(X509Certificate2 certificate, bool asksCallers) => new Server(OpenSslContext.ForServer(certificate, asksCallers, ownRecords));

    public ITlsClient Call(X509Certificate2? shown) => shown is null ? _anonymous.Value : new Client(OpenSslContext.ForClient(shown, ownRecords));

    private sealed class Server(OpenSslContext context) : ITlsServer
    {
        public Task<Secured> AcceptAsync(PromptStream accepted, CancellationToken cancellationToken) => SecureAsync(accepted, new OpenSslEngine(context, host: null), _ => true, cancellationToken);
    }

    private sealed class Client(OpenSslContext context) : ITlsClient
    {
        public Task<Secured> ConnectAsync(Socket socket, string host, Func<string, bool> trusts, CancellationToken cancellationToken) =>
            SecureAsync(new PromptStream(socket), new OpenSslEngine(context, host), shown => shown is not null && trusts(shown), cancellationToken);
    }

    private static async Task<Secured> SecureAsync(PromptStream inner, OpenSslEngine engine, Func<string?, bool> trusts, CancellationToken cancellationToken)
    {
        var stream = new OpenSslStream(inner, engine);
        try
        {
            await stream.HandshakeAsync(cancellationToken).ConfigureAwait(false);
            string? shown = engine.PeerFingerprint();
            if (!trusts(shown)) throw new AuthenticationException("The other end's certificate is not the expected one.");
            return new Secured(stream, stream, shown);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
