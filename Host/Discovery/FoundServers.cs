using System.Net;
using LanCollab.Host.Net;

namespace LanCollab.Host.Discovery;

/// <summary>A server that is heard of, one for each certificate and port.</summary>
/// <param name="Facts">What it said last.</param>
/// <param name="Best">The address to dial.</param>
/// <param name="All">All addresses it was heard from.</param>
internal sealed record HeardServer(ServerFacts Facts, ServerAddress Best, IReadOnlyList<ServerAddress> All)
{
    public string Fingerprint => Convert.ToHexString(Facts.Fingerprint);
}

/// <summary>The servers that are heard of, and when last. Bounded: forged ones cannot fill the memory. Not for several threads at a time.</summary>
internal sealed class FoundServers(TimeProvider time)
{
    /// <summary>More than that are not listed until others have gone.</summary>
    public const int MostServers = 64;

    private const int MostAddresses = 8, MostMissed = 2;
    private readonly List<Row> _rows = [];

    /// <summary>One server.</summary>
    private sealed class Row
    {
        public required ServerFacts Facts { get; set; }

        public List<Sighting> Sightings { get; } = [];

        /// <summary>Searches in a row that it did not answer.</summary>
        public int Missed { get; set; }

        public long Heard { get; set; }
    }

    /// <summary>One address of it.</summary>
    private sealed record Sighting(ServerAddress Address, int Link, int Rank);

    /// <summary>In order of their first appearance.</summary>
    public IReadOnlyList<HeardServer> All =>
        [.. _rows.Select(row => new HeardServer(row.Facts, row.Sightings[0].Address, [.. row.Sightings.Select(s => s.Address)]))];

    /// <summary>Takes what was heard.</summary>
    /// <returns>False: the table is full.</returns>
    public bool Take(ServerFacts facts, IPAddress from, NetworkLink link)
    {
        Row? row = _rows.Find(r => r.Facts.Port == facts.Port && r.Facts.Fingerprint.AsSpan().SequenceEqual(facts.Fingerprint));
        if (facts.Lifetime == 0) return row is null || !IsSame(row, facts) || _rows.Remove(row);
        if (Address(facts, from, link) is not { } address) return true;
        if (row is null)
        {
            if (_rows.Count >= MostServers) return false;
            _rows.Add(row = new Row { Facts = facts });
        }
        // Started again: what was known of its addresses may be over.
        else if (!IsSame(row, facts)) row.Sightings.Clear();
        (row.Facts, row.Heard, row.Missed) = (facts, time.GetTimestamp(), 0);
        See(row, new Sighting(new ServerAddress(address.ToString(), facts.Port), link.Index, Rank(address, link)));
        return true;
    }

    /// <summary>Takes out those whose announcement does not hold any more, and addresses on interfaces that are gone.</summary>
    public void Expire(IReadOnlyList<NetworkLink> links)
    {
        foreach (Row row in _rows) row.Sightings.RemoveAll(s => !links.Any(l => l.Index == s.Link));
        _rows.RemoveAll(row => row.Sightings.Count == 0 || time.GetElapsedTime(row.Heard) > TimeSpan.FromSeconds(row.Facts.Lifetime));
    }

    /// <summary>A search has ended: who was silent in two of them is not there, whatever its last announcement promised.</summary>
    /// <param name="began">When it began.</param>
    public void SearchEnded(long began)
    {
        foreach (Row row in _rows)
            if (row.Heard < began) row.Missed++;
        _rows.RemoveAll(row => row.Missed >= MostMissed);
    }

    private static bool IsSame(Row row, ServerFacts facts) => row.Facts.Instance == facts.Instance;

    private static void See(Row row, Sighting sighting)
    {
        if (row.Sightings.Contains(sighting)) return;
        if (row.Sightings.Count >= MostAddresses) return;
        row.Sightings.Add(sighting);
        // Stable: among equals the first one heard stays the best, so that the address does not jump about.
        Sighting[] sorted = [.. row.Sightings.OrderBy(s => s.Rank)];
        row.Sightings.Clear();
        row.Sightings.AddRange(sorted);
    }

    /// <summary>The address to dial: the sender's, or the IPv4 address that it names when it can only be dialled by IPv4 and was heard by IPv6.</summary>
    private static IPAddress? Address(ServerFacts facts, IPAddress from, NetworkLink link)
    {
        bool byIPv6 = from.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        if (facts.Dialable.HasFlag(byIPv6 ? Dialable.IPv6 : Dialable.IPv4)) return from;
        // Only a neighbour's: nobody sends people elsewhere by this.
        return byIPv6 && !facts.IPv4.Equals(IPAddress.Any) && link.Nearest(facts.IPv4) is not null ? facts.IPv4 : null;
    }

    private static int Rank(IPAddress address, NetworkLink link) =>
        (link.Loopback ? 4 : link.Virtual ? 2 : 0) + (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? 1 : 0);
}
