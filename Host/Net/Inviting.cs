using System.Net;
using LanCollab.Contracts;
using LanCollab.Host.Discovery;

namespace LanCollab.Host.Net;

/// <summary>The way to a hub for others, and what is said when a link leads elsewhere.</summary>
internal static class Inviting
{
    /// <summary>An address of this machine alone is no use to others: then the one under which the hub is found on the network.</summary>
    public static Invitation To(ServerAddress dialled, IPAddress resolved, string fingerprint, IServerFinder finder)
    {
        bool own = IPAddress.IsLoopback(resolved) || resolved.IsIPv6LinkLocal;
        if (own && finder.Servers.FirstOrDefault(s => s.Fingerprint == fingerprint) is { } found) return new Invitation(found.Address, found.Link, OnlyHere: false);
        return new Invitation(dialled.ToString(), new JoinLink(dialled, fingerprint).ToString(), OnlyHere: IPAddress.IsLoopback(resolved));
    }

    public static UserErrorException Contradiction(ServerAddress address) => new("server-changed",
        $"The link names another certificate for {address} than the one this client knows: the server was set up anew, or somebody pretends to be it. "
        + "Ask its operator; if the link is right, remove the server's entry from known_servers.json in the client's data folder.");

    public static UserErrorException WrongServer(ServerAddress address) => new("wrong-server",
        $"The server that answers at {address} is not the one of the link: its certificate has another fingerprint. Ask for a new link; nothing was sent to it.");
}
