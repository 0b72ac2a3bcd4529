using System.Collections.Concurrent;

namespace LanCollab.Tests.Support;

/// <summary>What a bad network does to datagrams, each as a probability; the same seed does the same.</summary>
/// <param name="Seed">Print it when a test fails.</param>
public sealed record DatagramFaults(int Seed)
{
    /// <summary>The packet never arrives.</summary>
    public double Loss { get; init; }

    /// <summary>The packet arrives twice.</summary>
    public double Duplicate { get; init; }

    /// <summary>The packet arrives after the next one.</summary>
    public double Reorder { get; init; }
}

/// <summary>
/// Datagram services in memory. A packet is handled on the thread of its sender, before its send returns, unless the receiver is busy with
/// another one: then that thread handles it next. So handlers run one at a time, and a single-threaded test needs no waiting.
/// </summary>
public sealed class InMemoryDatagrams(InMemoryHub hub)
{
    private readonly ConcurrentDictionary<string, Service> _services = new();

    /// <summary>Null: a perfect network.</summary>
    public DatagramFaults? Faults
    {
        get;
        set
        {
            field = value;
            Random = new Random(value?.Seed ?? 0);
        }
    }

    private Random Random { get; set; } = new(0);

    internal IServerDatagrams Map(string name, DatagramHandler handler)
    {
        Service service = Of(name);
        service.Hub.Handle = packet => handler(packet.From!, packet.Payload);
        return new ServerEnd(this, service);
    }

    internal TestClientDatagrams Open(TestClientContext client, string name, ClientDatagramHandler handler)
    {
        Service service = Of(name);
        var end = new TestClientDatagrams(client, payload =>
            client.Seat is { } seat && !client.IsOffline && Send(service.Hub, new Packet(seat, payload)));
        var inbox = new Inbox { Handle = packet => handler(packet.Payload) };
        service.Clients.Add((client, inbox));
        return end;
    }

    internal void Forget(Peer peer)
    {
        foreach (Service service in _services.Values) service.Gone[peer] = true;
    }

    private Service Of(string name) => _services.GetOrAdd(name, _ => new Service());

    private bool Deliver(Service service, Peer to, byte[] payload)
    {
        if (service.Gone.ContainsKey(to)) return false;
        foreach (var (client, inbox) in service.Clients)
            if (client.Seat == to) return client.IsOffline || Send(inbox, new Packet(null, payload));
        return false;
    }

    /// <summary>True: it was sent. Whether it arrives is another matter, as on any network.</summary>
    private bool Send(Inbox to, Packet packet)
    {
        if (packet.Payload.Length > DatagramLimits.MaxPayload)
            throw new ArgumentException($"A payload has {packet.Payload.Length} bytes; at most {DatagramLimits.MaxPayload} fit a datagram.");
        foreach (Packet arriving in Disturb(to, packet)) to.Take(arriving, hub);
        return true;
    }

    private List<Packet> Disturb(Inbox to, Packet packet)
    {
        if (Faults is not { } faults) return [packet];
        lock (Random)
        {
            List<Packet> arriving = [];
            if (Random.NextDouble() < faults.Loss) return arriving;
            bool late = to.Late is null && Random.NextDouble() < faults.Reorder;
            if (!late) arriving.Add(packet);
            if (Random.NextDouble() < faults.Duplicate) arriving.Add(packet);
            if (to.Late is { } waited) arriving.Add(waited);
            to.Late = late ? packet : null;
            return arriving;
        }
    }

    internal sealed record Packet(Peer? From, byte[] Payload);

    private sealed class Service
    {
        public Inbox Hub { get; } = new();
        public ConcurrentBag<(TestClientContext Client, Inbox Inbox)> Clients { get; } = [];
        public ConcurrentDictionary<Peer, bool> Gone { get; } = new();
    }

    private sealed class Inbox
    {
        private readonly ConcurrentQueue<Packet> _waiting = new();
        private int _count;

        public Action<Packet>? Handle { get; set; }
        public Packet? Late { get; set; }

        public void Take(Packet packet, InMemoryHub hub)
        {
            _waiting.Enqueue(packet);
            if (Interlocked.Increment(ref _count) > 1) return;
            do
            {
                _waiting.TryDequeue(out Packet? next);
                try { Handle?.Invoke(next!); }
                catch (Exception e) { hub.Fault("datagram handler", e); }
            }
            while (Interlocked.Decrement(ref _count) > 0);
        }
    }

    private sealed class ServerEnd(InMemoryDatagrams network, Service service) : IServerDatagrams
    {
        public bool TrySend(Peer to, ReadOnlySpan<byte> payload) => network.Deliver(service, to, payload.ToArray());
    }
}

/// <summary>A client's end in memory.</summary>
public sealed class TestClientDatagrams(TestClientContext client, Func<byte[], bool> send) : IClientDatagrams
{
    /// <inheritdoc />
    public bool Reachable => client.Seat is not null && !client.IsOffline;

    /// <inheritdoc />
    public TimeSpan? RoundTrip { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <inheritdoc />
    public bool TrySend(ReadOnlySpan<byte> payload) => send(payload.ToArray());
}
