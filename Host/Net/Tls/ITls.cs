using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace LanCollab.Host.Net.Tls;

/// <summary>An implementation of TLS 1.2 and 1.3 for both ends of a connection. Peers are known by their certificates' fingerprints; no chain and no date is looked at.</summary>
internal interface ITls
{
    /// <summary>For the log, with its version.</summary>
    string Name { get; }

    /// <summary>A server's end, made once: all its connections share what makes a session resumable.</summary>
    /// <param name="certificate">ECDSA, with its key.</param>
    /// <param name="asksCallers">Callers must show a certificate, any that they have the key of; then no session is resumed, since a resumed one shows none.</param>
    ITlsServer Serve(X509Certificate2 certificate, bool asksCallers);

    /// <summary>A client's end.</summary>
    /// <param name="shown">What a server that asks gets to see; null: nothing, and sessions are resumed.</param>
    ITlsClient Call(X509Certificate2? shown);
}

/// <summary>See <see cref="ITls.Serve"/>.</summary>
internal interface ITlsServer
{
    /// <summary>Does the handshake.</summary>
    /// <param name="accepted">The result's stream owns it, and after an exception it is closed.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="AuthenticationException">The other end speaks no TLS, or one that is not taken.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    Task<Secured> AcceptAsync(PromptStream accepted, CancellationToken cancellationToken);
}

/// <summary>See <see cref="ITls.Call"/>.</summary>
internal interface ITlsClient
{
    /// <summary>Does the handshake.</summary>
    /// <param name="socket">Connected; the result's stream owns it, and after an exception it is closed.</param>
    /// <param name="host">Whom it was asked for: sessions with that host are resumed.</param>
    /// <param name="trusts">Asked with the fingerprint of the server's certificate, before anything is sent to it that is not TLS's own.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="AuthenticationException">The other end speaks no TLS, or one that is not taken, or is not trusted.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    Task<Secured> ConnectAsync(Socket socket, string host, Func<string, bool> trusts, CancellationToken cancellationToken);
}

/// <summary>A connection after its handshake.</summary>
/// <param name="Stream">Read by one and written by one at a time.</param>
/// <param name="LongFrames">The same, or what lies below it, to be told of long frames.</param>
/// <param name="Fingerprint">Of the other end's certificate (<see cref="ServerIdentity.Fingerprint"/>); null where it has shown none.</param>
internal readonly record struct Secured(Stream Stream, ILongFrames LongFrames, string? Fingerprint);
