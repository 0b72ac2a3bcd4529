using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Discovery;

/// <summary>What the announcer tells of its server.</summary>
/// <param name="Name">See <see cref="ServerName"/>.</param>
/// <param name="Bind">The address the server listens on: any, or one of this machine's.</param>
/// <param name="Port">The TCP port that people dial.</param>
/// <param name="Fingerprint">SHA-256 of the certificate, hex.</param>
/// <param name="Protocol">The protocol's major version.</param>
/// <param name="Rooms">Asked at each announcement.</param>
internal sealed record Announced(string Name, IPAddress Bind, int Port, string Fingerprint, byte Protocol, Func<int> Rooms)
{
    /// <summary>The families by which the server can be dialled.</summary>
    public Dialable Dialable => Bind.Equals(IPAddress.IPv6Any) ? Dialable.IPv4 | Dialable.IPv6
        : Bind.AddressFamily == AddressFamily.InterNetworkV6 ? Dialable.IPv6 : Dialable.IPv4;

    /// <summary>
    /// Whether there is a use in announcing from an address: a server on one address is there for the subnet of that address alone. Who hears a server for
    /// IPv4 by IPv6 learns its IPv4 address.
    /// </summary>
    public bool IsReachableBy(NetworkLink link, LinkAddress address) =>
        Bind.Equals(IPAddress.IPv6Any) || Bind.Equals(IPAddress.Any) || (address.Address.Equals(Bind) && link.Addresses.Contains(address));
}

/// <summary>
/// The server's half of discovery: announces in bursts at the start and when an interface comes, then every 30 s, and answers probes of
/// neighbours within <see cref="AnswerLimits"/>.
/// </summary>
internal sealed class Announcer : IAsyncDisposable
{
    /// <summary>How long an announcement holds: two may get lost.</summary>
    public const ushort LifetimeSeconds = 75;

    private static readonly TimeSpan[] Burst = [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2)];
    private static readonly TimeSpan Rarely = TimeSpan.FromSeconds(30);

    private readonly Announced _server;
    private readonly ulong _instance = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    private readonly byte[] _fingerprint;
    private readonly Lock _lock = new();
    private readonly AnswerLimits _limits;
    private readonly DiscoveryMetrics _metrics;
    private readonly DiscoveryDriver _driver;
    private readonly LinkSet _links;

    public Announcer(INetwork network, DiscoveryOptions options, Announced server, DiscoveryMetrics metrics, TimeProvider time, ILogger log)
    {
        (_server, _metrics) = (server, metrics);
        _fingerprint = Convert.FromHexString(server.Fingerprint);
        _limits = new AnswerLimits(time);
        _links = new LinkSet(network, options, server.IsReachableBy, Take, metrics, time, log);
        _driver = new DiscoveryDriver(network, _links, Burst, Rarely, time, log);
    }

    /// <summary>Begins; the first announcement comes 100 ms later.</summary>
    public void Start() => _driver.Start(_ => Announce(LifetimeSeconds));

    /// <summary>Says goodbye and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _driver.DisposeAsync().ConfigureAwait(false);
        Announce(lifetime: 0);
        await _links.DisposeAsync().ConfigureAwait(false);
    }

    private void Announce(ushort lifetime) =>
        _links.SendToAll((link, _) => DiscoveryLayout.Write(DiscoveryKind.Announcement, 0, Facts(link, lifetime)));

    private ServerFacts Facts(NetworkLink link, ushort lifetime) => new(
        _instance, (ushort)_server.Port, (ushort)Math.Clamp(_server.Rooms(), 0, ushort.MaxValue), lifetime, _server.Protocol, _server.Dialable,
        link.Addresses.FirstOrDefault(a => !a.IsIPv6)?.Address ?? IPAddress.Any, _fingerprint, _server.Name);

    private void Take(ReadOnlySpan<byte> datagram, IPEndPoint from, NetworkLink link)
    {
        if (!DiscoveryLayout.TryReadHeader(datagram, out byte version, out DiscoveryKind kind, out ulong nonce))
            _metrics.Ignored(version is 0 or DiscoveryLayout.Version ? "malformed" : "version");
        else if (kind == DiscoveryKind.Probe) Answer(datagram.Length, nonce, from, link);
    }

    private void Answer(int asked, ulong nonce, IPEndPoint from, NetworkLink link)
    {
        _metrics.Heard();
        byte[] answer = DiscoveryLayout.Write(DiscoveryKind.Answer, nonce, Facts(link, LifetimeSeconds));
        if (answer.Length > asked) _metrics.Ignored("short-probe");
        else if (link.Nearest(from.Address) is null) _metrics.Ignored("no-neighbour");
        else
        {
            AnswerDecision decision;
            lock (_lock) decision = _limits.Decide(from.Address, nonce);
            if (decision == AnswerDecision.Answer && _links.SendTo(from, link, (_, _) => answer)) _metrics.Answered();
            else if (decision == AnswerDecision.Announce) Announce(LifetimeSeconds);
            else _metrics.Ignored("throttled");
        }
    }
}
