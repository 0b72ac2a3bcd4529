namespace LanCollab.Contracts;

/// <summary>
/// Hubs that announce themselves on the networks of this machine. All of it is a hint that anybody on the network can forge: only the
/// certificate at the dial decides who a hub is.
/// </summary>
public interface IServerFinder
{
    /// <summary>The hubs heard of, the most likely one first; one line for each hub, however many interfaces it is seen on.</summary>
    IReadOnlyList<FoundServer> Servers { get; }

    /// <summary>How the search stands, and why nothing was found.</summary>
    SearchReport Report { get; }

    /// <summary>Raised after <see cref="Servers"/> or <see cref="Report"/> has changed; handlers must be quick and not throw.</summary>
    event Action Changed;

    /// <summary>Asks on all interfaces again. Calls while a search is on its way are ignored.</summary>
    void Search();
}

/// <summary>A hub that was heard of.</summary>
/// <param name="Name">What its operator calls it; control and bidirectional characters are taken out; may be empty.</param>
/// <param name="Address">host:port, the best of the addresses it was seen at.</param>
/// <param name="Fingerprint">SHA-256 of its certificate as it says, hex: checked at the dial when given to it in a link.</param>
/// <param name="Rooms">Rooms with somebody in them.</param>
/// <param name="Trust">One of <see cref="ServerTrust"/>.</param>
/// <param name="Link">The join link <c>lancollab://host:port/#fp=…</c>, which <see cref="IServerLink.DialAsync"/> takes as an address.</param>
/// <param name="Warning">A sentence when there is something wrong with it.</param>
public sealed record FoundServer(string Name, string Address, string Fingerprint, int Rooms, string Trust, string Link, string? Warning = null);

/// <summary>What this client knows of a found hub.</summary>
public static class ServerTrust
{
    /// <summary>Never used before.</summary>
    public const string New = "new";

    /// <summary>It names the certificate that was pinned at an earlier visit.</summary>
    public const string Known = "known";

    /// <summary>Another certificate is pinned for its address: a dial will be refused.</summary>
    public const string Changed = "changed";
}

/// <summary>How the search stands.</summary>
/// <param name="State">One of <see cref="SearchState"/>.</param>
/// <param name="Findings">What is wrong, or may be; with nothing found it says why.</param>
public sealed record SearchReport(string State, IReadOnlyList<SearchFinding> Findings)
{
    /// <summary>No search at all.</summary>
    public static SearchReport Off { get; } = new(SearchState.Off, [new SearchFinding("off", "The search for servers is switched off (Discovery:Enabled is false).")]);
}

/// <summary>States of a search.</summary>
public static class SearchState
{
    /// <summary>Switched off.</summary>
    public const string Off = "off";

    /// <summary>On its way, nothing found yet.</summary>
    public const string Searching = "searching";

    /// <summary>At least one hub is there.</summary>
    public const string Found = "found";

    /// <summary>Ended without a hub; an announcement may still come.</summary>
    public const string None = "none";
}

/// <summary>One reason.</summary>
/// <param name="Code">
/// <c>off</c>, <c>no-interface</c>, <c>port-in-use</c>, <c>send-failed</c>, <c>join-failed</c>, <c>other-version</c>, <c>no-answer</c>; and hints
/// of what often is the cause: <c>hint-server</c>, <c>hint-subnet</c>, <c>hint-isolation</c>, <c>hint-firewall</c>.
/// </param>
/// <param name="Message">A sentence for a person.</param>
/// <param name="Interface">The network interface that it is about.</param>
public sealed record SearchFinding(string Code, string Message, string? Interface = null);
