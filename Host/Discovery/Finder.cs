using System.Net;
using LanCollab.Contracts;
using LanCollab.Host.Net;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Discovery;

/// <summary>
/// The client's half of discovery: hears announcements, probes in bursts at the start, when an interface comes and when asked, and keeps the list of
/// what was heard.
/// </summary>
internal sealed class Finder : IServerFinder, IAsyncDisposable
{
    // Three quick ones, since datagrams get lost and interfaces are slow to wake, one later; then the search is over.
    private static readonly TimeSpan[] Burst =
        [TimeSpan.Zero, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(2600)];

    private static readonly TimeSpan ExpireEvery = TimeSpan.FromSeconds(5);
    private const int LastRound = 4, EarlyRound = 2, MostNonces = 8;

    private readonly DiscoveryOptions _options;
    private readonly KnownServers _known;
    private readonly DiscoveryMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly LinkSet _links;
    private readonly DiscoveryDriver _driver;
    private readonly Lock _lock = new();
    private readonly FoundServers _servers;
    private readonly Queue<ulong> _nonces = [];
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IReadOnlyList<FoundServer> _list = [];
    private SearchReport _report = new(SearchState.Searching, []);
    private bool _searching = true, _searched;
    private long _began;
    private string? _otherVersion;

    public Finder(INetwork network, DiscoveryOptions options, KnownServers known, DiscoveryMetrics metrics, TimeProvider time, ILogger log)
    {
        (_options, _known, _metrics, _time, _log) = (options, known, metrics, time, log);
        _servers = new FoundServers(time);
        _began = time.GetTimestamp();
        _links = new LinkSet(network, options, (_, _) => true, Take, metrics, time, log);
        _driver = new DiscoveryDriver(network, _links, Burst, ExpireEvery, time, log);
        _driver.LinksChanged += Expire;
    }

    public event Action? Changed;

    public IReadOnlyList<FoundServer> Servers
    {
        get { lock (_lock) return _list; }
    }

    public SearchReport Report
    {
        get { lock (_lock) return _report; }
    }

    /// <summary>Done half a second after the start when a server has been found by then, else when the first search is over: 2.6 s.</summary>
    public Task Settled => _settled.Task;

    public void Start() => _driver.Start(Round);

    public void Search()
    {
        lock (_lock)
        {
            if (_searching) return;
            _searching = true;
        }
        _driver.Again();
        Tell();
    }

    public async ValueTask DisposeAsync()
    {
        await _driver.DisposeAsync().ConfigureAwait(false);
        await _links.DisposeAsync().ConfigureAwait(false);
        _settled.TrySetResult();
    }

    private void Round(int number)
    {
        if (number < LastRound) Probe(number);
        lock (_lock)
        {
            if (number == LastRound)
            {
                _servers.SearchEnded(_began);
                (_searching, _searched) = (false, true);
            }
            _servers.Expire(_links.Links);
        }
        if (number >= LastRound || (number >= EarlyRound && Servers.Count > 0)) _settled.TrySetResult();
        Tell();
    }

    private void Probe(int number)
    {
        // No secret: it tells answers of this round from those of others, and from forged ones of who has not seen the question.
        ulong nonce = (ulong)Random.Shared.NextInt64();
        lock (_lock)
        {
            if (number == 0) (_searching, _began) = (true, _time.GetTimestamp());
            if (_nonces.Count >= MostNonces) _nonces.Dequeue();
            _nonces.Enqueue(nonce);
        }
        byte[] probe = DiscoveryLayout.Probe(nonce);
        _links.SendToAll((_, _) => probe);
    }

    private void Expire()
    {
        lock (_lock) _servers.Expire(_links.Links);
        Tell();
    }

    private void Take(ReadOnlySpan<byte> datagram, IPEndPoint from, NetworkLink link)
    {
        if (!DiscoveryLayout.TryReadHeader(datagram, out byte version, out DiscoveryKind kind, out ulong nonce)) Misread(version, from, link);
        else if (kind == DiscoveryKind.Probe) return;
        else if (!DiscoveryLayout.TryReadFacts(datagram, out ServerFacts? facts)) _metrics.Ignored("malformed");
        else if (link.Nearest(from.Address) is null) _metrics.Ignored("no-neighbour");
        else if (kind == DiscoveryKind.Answer && !IsAsked(nonce)) _metrics.Ignored("unasked");
        else Keep(facts!, from.Address, link);
    }

    private void Misread(byte version, IPEndPoint from, NetworkLink link)
    {
        bool other = version is not (0 or DiscoveryLayout.Version) && link.Nearest(from.Address) is not null;
        _metrics.Ignored(other ? "version" : "malformed");
        if (!other) return;
        lock (_lock) _otherVersion = from.Address.ToString();
        Tell();
    }

    private bool IsAsked(ulong nonce)
    {
        lock (_lock) return _nonces.Contains(nonce);
    }

    private void Keep(ServerFacts facts, IPAddress from, NetworkLink link)
    {
        _metrics.Heard();
        bool kept;
        lock (_lock) kept = _servers.Take(facts, from, link);
        if (!kept) _metrics.Ignored("full");
        Tell();
    }

    /// <summary>Raises <see cref="Changed"/> when there is something new to see.</summary>
    private void Tell()
    {
        IReadOnlyList<FoundServer> before, list;
        lock (_lock)
        {
            before = _list;
            list = [.. _servers.All.Select(Describe).OrderBy(s => s.Trust switch { ServerTrust.Known => 0, ServerTrust.New => 1, _ => 2 }).ThenBy(s => s.Name, StringComparer.Ordinal)];
            var report = new SearchReport(
                list.Count > 0 ? SearchState.Found : _searching ? SearchState.Searching : SearchState.None,
                SearchDiagnosis.Explain(_links.Links, _links.Troubles(), _options.Port, _otherVersion, empty: list.Count == 0 && _searched));
            if (list.SequenceEqual(before) && report.State == _report.State && report.Findings.SequenceEqual(_report.Findings)) return;
            (_list, _report) = (list, report);
            _metrics.Servers = list.Count;
        }
        Log(before, list);
        Changed?.Invoke();
    }

    private FoundServer Describe(HeardServer heard)
    {
        string fingerprint = heard.Fingerprint;
        // An address that was used before keeps its pin and its place among the known servers.
        ServerAddress address = heard.All.Where(a => _known.FingerprintOf(a.ToString()) == fingerprint).Append(heard.Best).First();
        string? pinned = _known.FingerprintOf(address.ToString());
        bool changed = pinned is not null && pinned != fingerprint;
        string trust = changed ? ServerTrust.Changed : _known.All.Any(k => k.Fingerprint == fingerprint) ? ServerTrust.Known : ServerTrust.New;
        return new FoundServer(
            heard.Facts.Name, address.ToString(), fingerprint, heard.Facts.Rooms, trust, new JoinLink(address, fingerprint).ToString(), changed ? Warning : null);
    }

    private const string Warning =
        "It announces another certificate than the one this client knows for its address: it was set up anew, or somebody pretends to be it. Ask its operator.";

    private void Log(IReadOnlyList<FoundServer> before, IReadOnlyList<FoundServer> now)
    {
        foreach (FoundServer server in now)
            if (!before.Any(b => b.Fingerprint == server.Fingerprint)) DiscoveryLog.Found(_log, server.Name, server.Address, server.Fingerprint);
        foreach (FoundServer server in before)
            if (!now.Any(n => n.Fingerprint == server.Fingerprint)) DiscoveryLog.Gone(_log, server.Name, server.Address);
    }
}

/// <summary>Discovery is switched off.</summary>
internal sealed class NoFinder : IServerFinder
{
    public IReadOnlyList<FoundServer> Servers => [];

    public SearchReport Report => SearchReport.Off;

    public event Action Changed
    {
        add { }
        remove { }
    }

    public void Search() { }
}
