using System.Net;

namespace LanCollab.Contracts;

/// <summary>
/// Channels between two clients, past the hub: TLS on which both sides show a certificate of their own, made anew at each start. The shell knows
/// nobody by them; who may talk to whom is the plugin's matter, which learns addresses, fingerprints and tokens over the hub.
/// </summary>
public interface IDirectLinks
{
    /// <summary>SHA-256 of this client's certificate, hex; null where there are no such channels, since TLS is off.</summary>
    string? Fingerprint { get; }

    /// <summary>Takes channels of other clients until the program stops.</summary>
    /// <param name="service">Its name in the first frame and its limits; its port 0 is any free one.</param>
    /// <param name="admit">Whether a caller may come in; called once for each, before anything but its first frame was read, from several threads; must be quick.</param>
    /// <param name="handler">Called for each that was let in; the channel is closed when it returns.</param>
    /// <returns>The port.</returns>
    /// <exception cref="IOException">The port is taken.</exception>
    /// <exception cref="InvalidOperationException">There is no fingerprint.</exception>
    int Listen(StreamService service, Func<DirectCaller, bool> admit, Func<DirectCaller, IChannel, CancellationToken, Task> handler);

    /// <summary>Opens a channel to another client; the caller owns it.</summary>
    /// <param name="address">Where it listens.</param>
    /// <param name="fingerprint">Of the certificate it must show.</param>
    /// <param name="service">As at <see cref="Listen"/>; its frame limit is for what comes back.</param>
    /// <param name="token">What lets this client in.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="UserErrorException"><c>unreachable</c>; <c>server-changed</c>, another certificate; <c>bad-token</c>, it lets nobody in with this one.</exception>
    Task<IChannel> DialAsync(IPEndPoint address, string fingerprint, StreamService service, string token, CancellationToken cancellationToken);
}

/// <summary>Somebody who wants a direct channel.</summary>
/// <param name="Address">Where from.</param>
/// <param name="Fingerprint">SHA-256 of the certificate whose key it has shown to have, hex.</param>
/// <param name="Token">What it says lets it in.</param>
public sealed record DirectCaller(IPAddress Address, string Fingerprint, string Token);
