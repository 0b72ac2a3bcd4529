using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using LanCollab.Host.Discovery;

namespace LanCollab.Tests.Host.Discovery;

/// <summary>Machines with interfaces on segments, as cables and switches connect them. Datagrams arrive at once, or never.</summary>
internal sealed class FakeLan
{
    private readonly List<FakeMachine> _machines = [];
    private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _underWay;

    /// <summary>Segments on which everything is lost.</summary>
    public HashSet<string> Dead { get; } = [];

    /// <summary>IPv4 groups and broadcasts are lost everywhere, IPv6 is not.</summary>
    public bool DropsIPv4 { get; set; }

    /// <summary>Waits until everything that arrived has been dealt with, and what was sent because of it, too.</summary>
    public async Task QuietAsync()
    {
        while (true)
        {
            Task change;
            lock (_machines)
            {
                if (_underWay == 0) return;
                change = _change.Task;
            }
            await change.WaitAsync(Support.Recorded<SentDatagram>.Patience);
        }
    }

    /// <summary>Datagrams have arrived, or with a negative number been dealt with.</summary>
    public void Count(int arrived)
    {
        TaskCompletionSource change;
        lock (_machines)
        {
            _underWay += arrived;
            (change, _change) = (_change, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        change.TrySetResult();
    }

    /// <summary>All that was sent: who, to where, how long.</summary>
    public Support.Recorded<SentDatagram> Sent { get; } = new("a datagram");

    public FakeMachine Machine()
    {
        var machine = new FakeMachine(this);
        _machines.Add(machine);
        return machine;
    }

    public void Carry(FakeMachine sender, FakeLink by, IPEndPoint from, IPEndPoint to, ReadOnlySpan<byte> datagram)
    {
        Sent.Add(new SentDatagram(sender, by.Link.Name, from, to, datagram.ToArray()));
        if (Dead.Contains(by.Segment) || (DropsIPv4 && to.AddressFamily == AddressFamily.InterNetwork)) return;
        foreach (FakeMachine machine in _machines) machine.Hear(by.Segment, from, to, datagram.ToArray());
    }
}

internal sealed record SentDatagram(FakeMachine Sender, string Link, IPEndPoint From, IPEndPoint To, byte[] Bytes);

/// <summary>An interface.</summary>
internal sealed record FakeLink(NetworkLink Link, string Segment);

/// <summary>A machine on a <see cref="FakeLan"/>.</summary>
internal sealed class FakeMachine(FakeLan lan) : INetwork
{
    private readonly List<FakeLink> _links = [];
    private readonly List<FakeSocket> _sockets = [];
    private int _lastIndex, _lastPort = 40_000;

    public event Action? Changed;

    public FakeLan Lan => lan;

    /// <summary>What sending by an interface fails with.</summary>
    public Dictionary<string, SocketError> SendErrors { get; } = [];

    /// <summary>Another program has discovery's port for itself.</summary>
    public bool PortTaken { get; set; }

    /// <summary>Connects an interface; the system does not tell unless <see cref="Tell"/> is called.</summary>
    public FakeMachine Plug(string segment, string address, int prefix = 24, string? name = null, bool isVirtual = false, string? ipv6 = null)
    {
        int index = ++_lastIndex;
        LinkAddress[] addresses = [new(IPAddress.Parse(address.Contains(':') ? $"{address}%{index}" : address), prefix)];
        if (ipv6 is not null) addresses = [.. addresses, new(IPAddress.Parse($"{ipv6}%{index}"), 64)];
        lock (_links) _links.Add(new FakeLink(new NetworkLink(index, name ?? $"eth{index}", false, isVirtual, addresses), segment));
        return this;
    }

    public void Unplug(string segment)
    {
        lock (_links) _links.RemoveAll(l => l.Segment == segment);
    }

    public void Tell() => Changed?.Invoke();

    public IReadOnlyList<NetworkLink> Links()
    {
        lock (_links) return [.. _links.Select(l => l.Link)];
    }

    public IDiscoverySocket Listen(AddressFamily family, int port)
    {
        if (PortTaken) throw new SocketException((int)SocketError.AddressAlreadyInUse);
        return Keep(new FakeSocket(this, new IPEndPoint(family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, port), null));
    }

    public IDiscoverySocket Open(NetworkLink link, LinkAddress address) => Keep(new FakeSocket(this, new IPEndPoint(address.Address, ++_lastPort), link.Index));

    /// <summary>Sends as a stranger's program on this machine would.</summary>
    public void Forge(string segment, IPEndPoint from, IPEndPoint to, byte[] datagram) => lan.Carry(this, On(l => l.Segment == segment), from, to, datagram);

    public void Send(FakeSocket socket, ReadOnlySpan<byte> datagram, IPEndPoint to)
    {
        FakeLink by = On(l => l.Link.Index == socket.Link);
        if (SendErrors.TryGetValue(by.Link.Name, out SocketError error)) throw new SocketException((int)error);
        lan.Carry(this, by, socket.Local, to, datagram);
    }

    public void Hear(string segment, IPEndPoint from, IPEndPoint to, byte[] datagram)
    {
        FakeSocket[] sockets;
        lock (_sockets) sockets = [.. _sockets];
        FakeLink[] links;
        lock (_links) links = [.. _links.Where(l => l.Segment == segment)];
        foreach (FakeLink link in links)
            foreach (FakeSocket socket in sockets)
                if (socket.Takes(to, link.Link)) socket.Deliver(datagram, Scoped(from, link.Link.Index), link.Link.Index);
    }

    private static IPEndPoint Scoped(IPEndPoint from, int link) =>
        from.AddressFamily == AddressFamily.InterNetworkV6 ? new IPEndPoint(new IPAddress(from.Address.GetAddressBytes(), link), from.Port) : from;

    private FakeLink On(Func<FakeLink, bool> matches)
    {
        lock (_links) return _links.FirstOrDefault(matches) ?? throw new SocketException((int)SocketError.NetworkUnreachable);
    }

    private FakeSocket Keep(FakeSocket socket)
    {
        lock (_sockets) _sockets.Add(socket);
        return socket;
    }
}

/// <summary>A socket on a <see cref="FakeMachine"/>.</summary>
internal sealed class FakeSocket(FakeMachine machine, IPEndPoint local, int? link) : IDiscoverySocket
{
    private readonly Channel<(byte[] Datagram, IPEndPoint From, int Link)> _heard = Channel.CreateUnbounded<(byte[], IPEndPoint, int)>();
    private readonly HashSet<(IPAddress, int)> _groups = [];
    private int _underWay;
    private bool _given, _closed;

    public IPEndPoint Local => local;

    public int? Link => link;

    public bool Takes(IPEndPoint to, NetworkLink on)
    {
        if (to.Port != local.Port || to.AddressFamily != local.AddressFamily) return false;
        if (link is not null) return Same(to.Address, local.Address);
        lock (_groups) if (_groups.Any(g => g.Item2 == on.Index && Same(g.Item1, to.Address))) return true;
        return on.Addresses.Any(a => to.Address.Equals(a.Broadcast) || Same(a.Address, to.Address));
    }

    public void Deliver(byte[] datagram, IPEndPoint from, int on)
    {
        lock (_groups)
        {
            if (_closed) return;
            _underWay++;
        }
        machine.Lan.Count(1);
        _heard.Writer.TryWrite((datagram, from, on));
    }

    public void Join(IPAddress group, int on)
    {
        lock (_groups) _groups.Add((group, on));
    }

    public void Leave(IPAddress group, int on)
    {
        lock (_groups) _groups.Remove((group, on));
    }

    public void Send(ReadOnlySpan<byte> datagram, IPEndPoint to) => machine.Send(this, datagram, to);

    public async ValueTask<HeardDatagram> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        DealtWith();
        try
        {
            (byte[] datagram, IPEndPoint from, int on) = await _heard.Reader.ReadAsync(cancellationToken);
            lock (_groups) _given = true;
            int length = Math.Min(datagram.Length, buffer.Length);
            datagram.AsSpan(0, length).CopyTo(buffer.Span);
            return new HeardDatagram(length, from, on);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(FakeSocket));
        }
    }

    public void Dispose()
    {
        int left;
        lock (_groups) (_closed, left, _underWay, _given) = (true, _underWay, 0, false);
        machine.Lan.Count(-left);
        _heard.Writer.TryComplete();
    }

    /// <summary>Who asks for the next one has done with the last one.</summary>
    private void DealtWith()
    {
        lock (_groups)
        {
            if (!_given || _closed) return;
            _given = false;
            _underWay--;
        }
        machine.Lan.Count(-1);
    }

    private static bool Same(IPAddress one, IPAddress other) => one.GetAddressBytes().AsSpan().SequenceEqual(other.GetAddressBytes());
}
