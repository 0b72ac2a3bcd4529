using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using LanCollab.Host.Net;
using LanCollab.Host.Net.Tls;

namespace LanCollab.Tests.Host.Net.Tls;

/// <summary>Both ends of a TLS connection over loopback.</summary>
internal sealed class TlsPair : IAsyncDisposable
{
    private TlsPair(Secured server, Secured client) => (Server, Client) = (server, client);

    public static X509Certificate2 Certificate { get; } = ServerIdentity.CreateForThisRun(TimeProvider.System);

    public Secured Server { get; }

    public Secured Client { get; }

    /// <summary>All pairs of who does TLS at the hub and who at the client.</summary>
    public static TheoryData<string, string> Everybody => OpenSslTls.IsSupported
        ? new() { { "OpenSsl", "OpenSsl" }, { "OpenSsl", "OpenSslRecords" }, { "OpenSslRecords", "OpenSsl" }, { "OpenSslRecords", "OpenSslRecords" }, { "OpenSsl", "Runtime" }, { "Runtime", "OpenSsl" }, { "Runtime", "Runtime" } }
        : new() { { "Runtime", "Runtime" } };

    public static ITls By(string library) => TlsLibraries.Choose(Enum.Parse<TlsLibrary>(library));

    public static async Task<TlsPair> OpenAsync(ITlsServer server, ITlsClient client, CancellationToken cancellationToken)
    {
        (Socket near, Socket far) = await SocketsAsync(cancellationToken);
        Task<Secured> accepting = server.AcceptAsync(new PromptStream(near), cancellationToken), calling = client.ConnectAsync(far, "hub.test", _ => true, cancellationToken);
        return new TlsPair(await accepting, await calling);
    }

    public static Task<TlsPair> OpenAsync(string server, string client, CancellationToken cancellationToken) =>
        OpenAsync(By(server).Serve(Certificate, asksCallers: false), By(client).Call(shown: null), cancellationToken);

    /// <summary>A connection: the accepted end and the one that called.</summary>
    public static async Task<(Socket Accepted, Socket Called)> SocketsAsync(CancellationToken cancellationToken)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var called = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await called.ConnectAsync(listener.LocalEndpoint, cancellationToken);
        Socket accepted = await listener.AcceptSocketAsync(cancellationToken);
        accepted.NoDelay = true;
        return (accepted, called);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.Stream.DisposeAsync();
        await Server.Stream.DisposeAsync();
    }
}
