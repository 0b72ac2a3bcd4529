using LanCollab.Contracts;
using LanCollab.Host.Configuration;
using LanCollab.Host.Discovery;

namespace LanCollab.Host.Net;

/// <summary>
/// Which hub an address stands for. <c>auto</c> is, in this order: the hub that it has led to before in this run, by its certificate; of the hubs
/// found on the network the only one, or the one used last; the hub used last; this machine.
/// </summary>
/// <param name="options">The setting <c>Client:Server</c>.</param>
/// <param name="known">Hubs used before.</param>
/// <param name="finder">Hubs on the network.</param>
/// <param name="searched">Done when the first search has found something or is over.</param>
internal sealed class ServerChoice(ClientOptions options, KnownServers known, IServerFinder finder, Task searched)
{
    private const string ThisMachine = "localhost";
    private JoinLink? _stay;

    /// <summary>Hubs on the network.</summary>
    public IServerFinder Finder => finder;

    /// <summary>What <c>auto</c> stands for at this moment: an address, as people read it.</summary>
    public string Default => options.Server != IServerLink.Auto ? options.Server : Found()?.Address ?? LastUsed ?? ThisMachine;

    private string? LastUsed => known.All is [{ Address: var last }, ..] ? last : null;

    /// <summary>Waits for the first search where the answer depends on it.</summary>
    /// <param name="text">An address, a join link, or <c>auto</c>.</param>
    /// <param name="defaultPort">For an address without a port.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="UserErrorException"><c>bad-address</c>.</exception>
    public async Task<JoinLink> ResolveAsync(string text, int defaultPort, CancellationToken cancellationToken)
    {
        string wanted = IsAuto(text) ? options.Server : text;
        if (IsAuto(wanted)) wanted = await ChooseAsync(cancellationToken).ConfigureAwait(false);
        return JoinLink.IsOne(wanted) ? JoinLink.Parse(wanted, defaultPort) : new JoinLink(ServerAddress.Parse(wanted, defaultPort), null);
    }

    /// <summary>A dial of <c>auto</c> has led into a room: from now on it stands for that hub, wherever it moves, and for no other.</summary>
    public void Stay(JoinLink hub) => _stay = hub;

    public static bool IsAuto(string text) => text.Trim() == IServerLink.Auto;

    private async Task<string> ChooseAsync(CancellationToken cancellationToken)
    {
        await searched.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (Found() is { } found) return found.Link;
        // Somebody who asks again should find a server that was started meanwhile.
        finder.Search();
        return _stay?.ToString() ?? LastUsed ?? ThisMachine;
    }

    private FoundServer? Found()
    {
        FoundServer[] fit = [.. finder.Servers.Where(s => s.Trust != ServerTrust.Changed)];
        if (_stay is { } stay) return fit.FirstOrDefault(s => s.Fingerprint == stay.Fingerprint);
        if (fit is [var only]) return only;
        return known.All.Select(k => fit.FirstOrDefault(s => s.Fingerprint == k.Fingerprint)).FirstOrDefault(s => s is not null);
    }
}
