namespace LanCollab.Contracts;

/// <summary>
/// The client's way to a hub: lent by the shell to whichever plugin joins rooms. After <see cref="Establish"/> all channels of all
/// plugins are opened, and kept open, until <see cref="Drop"/>.
/// </summary>
public interface IServerLink
{
    /// <summary>
    /// Opens a channel to the hub's anonymous service. The hub's certificate is pinned on first use (<c>known_servers.json</c>).
    /// </summary>
    /// <param name="address">
    /// host or host:port, the default port is the service's; <c>auto</c>, see <see cref="Auto"/>; or a join link
    /// <c>lancollab://host:port/#fp=…</c>, whose fingerprint must be that of the hub's certificate.
    /// </param>
    /// <param name="service">The anonymous service's name and default port.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="UserErrorException">
    /// <c>bad-address</c>, <c>unreachable</c>, <c>server-changed</c> (another certificate than the pinned one), <c>wrong-server</c>
    /// (another certificate than the link's), <c>version</c> (another protocol).
    /// </exception>
    Task<IChannel> DialAsync(string address, StreamService service, CancellationToken cancellationToken);

    /// <summary>Which hub that is: the fingerprint of its certificate (SHA-256, hex), as it was checked when the channel was dialled; empty without TLS.</summary>
    /// <param name="dialled">From <see cref="DialAsync"/>.</param>
    /// <exception cref="UserErrorException"><c>connection-lost</c>: it has closed meanwhile.</exception>
    string FingerprintOf(IChannel dialled);

    /// <summary>Hands the admission over to the shell, which opens the channels of all plugins. Replaces an earlier one.</summary>
    /// <param name="dialled">The channel over which the admission came: its address is the hub's.</param>
    /// <param name="self">This client's seat.</param>
    /// <param name="admission">What the hub granted.</param>
    void Establish(IChannel dialled, Peer self, Admission admission);

    /// <summary>
    /// Waits after <see cref="Establish"/> until every plugin has got its channels or a first attempt has failed, 5 s at most: what a person
    /// or a script asks of any plugin after a join should find it ready.
    /// </summary>
    Task ReadyAsync(CancellationToken cancellationToken);

    /// <summary>Closes all channels and forgets the admission.</summary>
    void Drop(string reason);

    /// <summary>Hubs whose certificate this client has pinned, the last used first.</summary>
    IReadOnlyList<KnownServer> KnownServers { get; }

    /// <summary>
    /// An address that stands for the hub of the setting <c>Client:Server</c>. Where that is <c>auto</c>: of the hubs found on the network the only
    /// one, or the one used last; else the hub used last; else this machine. Once it has led into a room it stays with that hub's certificate.
    /// </summary>
    const string Auto = "auto";

    /// <summary>Hubs on the networks of this machine.</summary>
    IServerFinder Finder { get; }

    /// <summary><see cref="Auto"/>, resolved with what is known at this moment: for showing.</summary>
    string DefaultServer { get; }

    /// <summary>What others need to come to the hub of the present admission; null without one.</summary>
    Invitation? Invitation { get; }

    /// <summary>The settings <c>Client:Room</c> and <c>Client:Name</c>; null when not set. Both set: join without a page.</summary>
    (string? Room, string? Name, string? Password) AutoJoin { get; }

    /// <summary>Tells the shell that the hub has refused for good what <see cref="AutoJoin"/> asked for: a command without a page ends with this sentence.</summary>
    void GiveUp(string reason);
}

/// <summary>A hub that was used before.</summary>
/// <param name="Address">host:port as it was dialled.</param>
/// <param name="Fingerprint">SHA-256 of its certificate, hex.</param>
public sealed record KnownServer(string Address, string Fingerprint);

/// <summary>The way to a hub, for somebody else.</summary>
/// <param name="Address">host:port as another machine dials it.</param>
/// <param name="Link">The join link <c>lancollab://host:port/#fp=…</c>.</param>
/// <param name="OnlyHere">The address is this machine's loopback: it is no use elsewhere.</param>
public sealed record Invitation(string Address, string Link, bool OnlyHere);
