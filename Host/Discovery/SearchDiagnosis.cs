using LanCollab.Contracts;

namespace LanCollab.Host.Discovery;

/// <summary>Says why nothing was found, in sentences for the person who looks at an empty list.</summary>
internal static class SearchDiagnosis
{
    private static readonly SearchFinding[] Hints =
    [
        new("hint-server", "Is the server running, and not switched to silence (Discovery:Enabled)?"),
        new("hint-subnet", "It may be in another subnet or VLAN: then type its address or paste its join link."),
        new("hint-isolation", "A guest Wi-Fi often keeps its devices apart (client isolation): use another network or a cable."),
        new("hint-firewall", "A firewall on either machine may block UDP port {0}: allow it."),
    ];

    /// <param name="links">The interfaces in use.</param>
    /// <param name="troubles">What does not work on them.</param>
    /// <param name="port">Discovery's port.</param>
    /// <param name="otherVersion">An address that speaks another version of discovery; null: none.</param>
    /// <param name="empty">Nothing was found: say what often is the cause.</param>
    public static IReadOnlyList<SearchFinding> Explain(IReadOnlyList<NetworkLink> links, IReadOnlyList<LinkTrouble> troubles, int port, string? otherVersion, bool empty)
    {
        var findings = new List<SearchFinding>();
        if (links.Count == 0) findings.Add(new SearchFinding("no-interface", "No network is connected: plug in a cable or switch Wi-Fi on."));
        findings.AddRange(troubles.Select(t => Heard(t, port)).OfType<SearchFinding>().Distinct());
        NetworkLink[] asked = [.. links.Where(l => Mute(l, troubles) is null)];
        foreach (NetworkLink link in links.Except(asked))
            findings.Add(new SearchFinding("send-failed", $"Nothing can be sent on {link.Title}: {Mute(link, troubles)}.", link.Name));
        if (otherVersion is not null)
            findings.Add(new SearchFinding("other-version", $"A server at {otherVersion} announces itself in another version; install the same LanCollab on both."));
        if (!empty || links.Count == 0) return findings;
        if (asked.Length > 0)
            findings.Add(new SearchFinding("no-answer", $"Nobody answered on {asked.Length} network{(asked.Length == 1 ? "" : "s")}: {string.Join(", ", asked.Select(l => l.Title))}."));
        findings.AddRange(Hints.Select(h => h with { Message = string.Format(System.Globalization.CultureInfo.InvariantCulture, h.Message, port) }));
        return findings;
    }

    private static SearchFinding? Heard(LinkTrouble trouble, int port) => trouble.Kind switch
    {
        TroubleKind.PortInUse => new("port-in-use", $"UDP port {port} cannot be opened ({trouble.Reason}): announcements are not heard, only answers."),
        TroubleKind.JoinFailed => new("join-failed", $"Announcements are not heard on {trouble.Link?.Title}: {trouble.Reason}.", trouble.Link?.Name),
        _ => null,
    };

    /// <summary>Why nothing goes out by a link. IPv4 decides where there is some: servers take IPv4 connections, and not all of them others.</summary>
    private static string? Mute(NetworkLink link, IReadOnlyList<LinkTrouble> troubles)
    {
        bool ipv6 = link.Addresses.All(a => a.IsIPv6);
        return troubles.FirstOrDefault(t => t.Kind == TroubleKind.SendFailed && t.Link?.Index == link.Index && t.IPv6 == ipv6)?.Reason;
    }
}
