using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Discovery;

/// <summary>A datagram that came in by a link that is in use.</summary>
internal delegate void LinkDatagramHandler(ReadOnlySpan<byte> datagram, IPEndPoint from, NetworkLink link);

/// <summary>
/// Discovery's sockets, kept in accord with the interfaces: for each address of each interface one that sends from it, and for each family one that
/// hears groups and broadcasts of all interfaces. An interface that fails harms no other one; what fails is tried again at the next
/// <see cref="Refresh"/>.
/// </summary>
internal sealed class LinkSet(INetwork network, DiscoveryOptions options, Func<NetworkLink, LinkAddress, bool> isWanted, LinkDatagramHandler received,
    DiscoveryMetrics metrics, TimeProvider time, ILogger log) : IAsyncDisposable
{
    private static readonly TimeSpan ErrorPause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<AddressFamily, Ear> _ears = [];
    private readonly Dictionary<(int Link, LinkAddress Address), Mouth> _mouths = [];
    private readonly Dictionary<(int Link, IPAddress Address), string> _unopened = [];
    private readonly List<Task> _loops = [];
    private IReadOnlyList<NetworkLink> _links = [];

    /// <summary>Hears one family on all interfaces. Without a socket: why.</summary>
    private sealed record Ear(IDiscoverySocket? Socket, string? Problem)
    {
        /// <summary>Interfaces whose group it takes part in; with a sentence: it could not.</summary>
        public Dictionary<int, string?> Joined { get; } = [];
    }

    /// <summary>Sends from one address of one interface.</summary>
    private sealed record Mouth(NetworkLink Link, LinkAddress Address, IDiscoverySocket Socket)
    {
        public string? Problem { get; set; }
    }

    /// <summary>The interfaces in use.</summary>
    public IReadOnlyList<NetworkLink> Links
    {
        get { lock (_lock) return _links; }
    }

    /// <summary>Opens what is new and closes what is gone.</summary>
    /// <returns>True when the interfaces, their addresses or the sockets are others than before.</returns>
    public bool Refresh()
    {
        lock (_lock)
        {
            if (_end.IsCancellationRequested) return false;
            IReadOnlyList<NetworkLink> links = [.. Wanted()];
            bool changed = !IsSame(links, _links);
            if (changed) HearOf(links);
            _links = links;
            changed |= OpenEars();
            changed |= CloseGone();
            changed |= OpenNew();
            _loops.RemoveAll(loop => loop.IsCompleted);
            return changed;
        }
    }

    /// <summary>Sends to the groups and subnets of all interfaces.</summary>
    /// <param name="datagram">Made for each address it is sent from.</param>
    /// <returns>Datagrams that the system took.</returns>
    public int SendToAll(Func<NetworkLink, LinkAddress, byte[]> datagram)
    {
        lock (_lock)
        {
            int sent = 0;
            if (_end.IsCancellationRequested) return sent;
            foreach (Mouth mouth in _mouths.Values) sent += Send(mouth, datagram(mouth.Link, mouth.Address));
            return sent;
        }
    }

    /// <summary>Sends to one neighbour, from the address in its subnet.</summary>
    /// <returns>False when it is no neighbour on that link, or sending failed.</returns>
    public bool SendTo(IPEndPoint neighbour, NetworkLink link, Func<NetworkLink, LinkAddress, byte[]> datagram)
    {
        lock (_lock)
        {
            if (_end.IsCancellationRequested || link.Nearest(neighbour.Address) is not { } address || !_mouths.TryGetValue((link.Index, address), out Mouth? mouth)) return false;
            return TrySend(mouth, datagram(link, address), neighbour) is null;
        }
    }

    /// <summary>What does not work, at this moment.</summary>
    public IReadOnlyList<LinkTrouble> Troubles()
    {
        lock (_lock)
        {
            var troubles = new List<LinkTrouble>();
            foreach ((AddressFamily family, Ear ear) in _ears)
            {
                if (ear.Problem is { } closed) troubles.Add(new LinkTrouble(TroubleKind.PortInUse, family == AddressFamily.InterNetworkV6, null, closed));
                foreach ((int link, string? problem) in ear.Joined)
                    if (problem is not null) troubles.Add(new LinkTrouble(TroubleKind.JoinFailed, family == AddressFamily.InterNetworkV6, Find(link), problem));
            }
            foreach (Mouth mouth in _mouths.Values)
                if (mouth.Problem is { } problem) troubles.Add(new LinkTrouble(TroubleKind.SendFailed, mouth.Address.IsIPv6, mouth.Link, problem));
            foreach (((int link, IPAddress address), string problem) in _unopened)
                troubles.Add(new LinkTrouble(TroubleKind.SendFailed, address.AddressFamily == AddressFamily.InterNetworkV6, Find(link), problem));
            return troubles;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] loops;
        lock (_lock)
        {
            if (_end.IsCancellationRequested) return;
            _end.Cancel();
            foreach (Ear ear in _ears.Values) ear.Socket?.Dispose();
            foreach (Mouth mouth in _mouths.Values) mouth.Socket.Dispose();
            loops = [.. _loops];
        }
        await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private IEnumerable<NetworkLink> Wanted() =>
        from link in network.Links()
        let wanted = link with { Addresses = [.. link.Addresses.Where(a => isWanted(link, a))] }
        where wanted.Addresses.Count > 0
        select wanted;

    // Records compare lists by reference: what counts is what is in them.
    private static bool IsSame(IReadOnlyList<NetworkLink> one, IReadOnlyList<NetworkLink> other) =>
        one.SelectMany(Keys).ToHashSet().SetEquals(other.SelectMany(Keys));

    private static IEnumerable<(int, LinkAddress)> Keys(NetworkLink link) => link.Addresses.Select(a => (link.Index, a));

    private NetworkLink? Find(int index) => _links.FirstOrDefault(l => l.Index == index);

    private void HearOf(IReadOnlyList<NetworkLink> links)
    {
        metrics.Links = links.Count;
        DiscoveryLog.Links(log, links.Count == 0 ? "none" : string.Join(", ", links.Select(l => l.Title)));
        // A socket may be in few groups only (Linux: 20): places of interfaces that are gone must be given back.
        foreach ((AddressFamily family, Ear ear) in _ears)
            foreach (int gone in ear.Joined.Keys.Where(j => !links.Any(l => l.Index == j)).ToList())
            {
                ear.Joined.Remove(gone);
                ear.Socket?.Leave(DiscoveryGroups.Of(family), gone);
            }
    }

    private bool OpenEars()
    {
        bool opened = false;
        foreach (AddressFamily family in DiscoveryGroups.Families)
        {
            NetworkLink[] links = [.. _links.Where(l => l.Addresses.Any(a => a.Address.AddressFamily == family))];
            if (links.Length == 0) continue;
            if (!_ears.TryGetValue(family, out Ear? ear) || ear.Socket is null)
            {
                _ears[family] = ear = OpenEar(family, ear);
                opened |= ear.Socket is not null;
            }
            // Those of real hardware first, while there is room.
            foreach (NetworkLink link in links.OrderBy(l => l.Virtual)) Join(ear, family, link);
        }
        return opened;
    }

    private Ear OpenEar(AddressFamily family, Ear? before)
    {
        try
        {
            IDiscoverySocket socket = network.Listen(family, options.Port);
            _loops.Add(ReceiveAsync(socket, null));
            return new Ear(socket, null);
        }
        catch (SocketException e)
        {
            if (before is null) DiscoveryLog.NotListening(log, options.Port, e.Message);
            return before ?? new Ear(null, e.Message);
        }
    }

    private void Join(Ear ear, AddressFamily family, NetworkLink link)
    {
        if (ear.Socket is null || (ear.Joined.TryGetValue(link.Index, out string? problem) && problem is null)) return;
        try
        {
            ear.Socket.Join(DiscoveryGroups.Of(family), link.Index);
            ear.Joined[link.Index] = null;
        }
        catch (SocketException e)
        {
            if (problem is null) DiscoveryLog.NotJoined(log, link.Name, e.Message);
            ear.Joined[link.Index] = e.Message;
        }
    }

    private bool CloseGone()
    {
        List<(int, LinkAddress)> gone = [.. _mouths.Keys.Except(_links.SelectMany(Keys))];
        foreach ((int, LinkAddress) key in gone)
        {
            _mouths.Remove(key, out Mouth? mouth);
            mouth!.Socket.Dispose();
        }
        _unopened.Clear();
        return gone.Count > 0;
    }

    private bool OpenNew()
    {
        bool opened = false;
        foreach (NetworkLink link in _links)
            foreach (LinkAddress address in link.Addresses)
                if (!_mouths.ContainsKey((link.Index, address))) opened |= TryOpen(link, address);
        return opened;
    }

    private bool TryOpen(NetworkLink link, LinkAddress address)
    {
        try
        {
            IDiscoverySocket socket = network.Open(link, address);
            _mouths.Add((link.Index, address), new Mouth(link, address, socket));
            _loops.Add(ReceiveAsync(socket, link));
            return true;
        }
        catch (SocketException e)
        {
            // An IPv6 address is not usable for its first second (RFC 4862, 5.4): no trouble, the next look takes it.
            if (!address.IsIPv6 || e.SocketErrorCode != SocketError.AddressNotAvailable) _unopened[(link.Index, address.Address)] = e.Message;
            return false;
        }
    }

    private int Send(Mouth mouth, byte[] datagram)
    {
        // The one may pass where the other does not: switches that filter groups, systems that filter broadcasts.
        string?[] outcomes = [TrySend(mouth, datagram, Group(mouth)), .. mouth.Address.Broadcast is { } subnet ? [TrySend(mouth, datagram, subnet)] : Array.Empty<string?>()];
        int sent = outcomes.Count(problem => problem is null);
        string? trouble = sent > 0 ? null : outcomes[0];
        if (trouble is not null && mouth.Problem is null) DiscoveryLog.NotSent(log, mouth.Link.Name, trouble);
        mouth.Problem = trouble;
        return sent;
    }

    private static IPAddress Group(Mouth mouth)
    {
        IPAddress group = DiscoveryGroups.Of(mouth.Address.Address.AddressFamily);
        return mouth.Address.IsIPv6 ? new IPAddress(group.GetAddressBytes(), mouth.Link.Index) : group;
    }

    private string? TrySend(Mouth mouth, byte[] datagram, IPAddress to) => TrySend(mouth, datagram, new IPEndPoint(to, options.Port));

    /// <returns>Null: the system took it; else why not.</returns>
    private string? TrySend(Mouth mouth, byte[] datagram, IPEndPoint to)
    {
        try
        {
            mouth.Socket.Send(datagram, to);
            metrics.Sent();
            return null;
        }
        catch (SocketException e)
        {
            metrics.SendFailed();
            return e.SocketErrorCode == SocketError.AccessDenied ? "a firewall on this machine blocks it" : e.Message;
        }
    }

    private async Task ReceiveAsync(IDiscoverySocket socket, NetworkLink? only)
    {
        byte[] buffer = new byte[2048];
        CancellationToken end = _end.Token;
        while (!end.IsCancellationRequested)
        {
            try
            {
                HeardDatagram heard = await socket.ReceiveAsync(buffer, end).ConfigureAwait(false);
                Take(buffer.AsSpan(0, heard.Length), heard, only);
            }
            catch (Exception e) when (e is ObjectDisposedException or OperationCanceledException)
            {
                return;
            }
            catch (SocketException e)
            {
                // Told of a neighbour that refused (ICMP), or of an interface that went; closed sockets end the loop above.
                if (e.SocketErrorCode == SocketError.OperationAborted) return;
                await Task.Delay(ErrorPause, time, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Take(ReadOnlySpan<byte> datagram, HeardDatagram heard, NetworkLink? only)
    {
        NetworkLink? link = only;
        if (link is null)
        {
            lock (_lock) link = Find(heard.Link);
        }
        // By an interface that is none of ours: the loopback, or one that has just gone.
        if (link is null) metrics.Ignored("other-interface");
        else received(datagram, heard.From, link);
    }
}

/// <summary>What does not work.</summary>
internal enum TroubleKind
{
    /// <summary>Groups and broadcasts are not heard: a program has the port for itself.</summary>
    PortInUse,

    /// <summary>The group of one interface is not heard.</summary>
    JoinFailed,

    /// <summary>Nothing goes out by one interface.</summary>
    SendFailed,
}

/// <summary>Something that does not work.</summary>
internal sealed record LinkTrouble(TroubleKind Kind, bool IPv6, NetworkLink? Link, string Reason);
