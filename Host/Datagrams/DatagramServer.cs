using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using LanCollab.Contracts;
using LanCollab.Host.Metrics;
using LanCollab.Host.Net;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Datagrams;

/// <summary>
/// One UDP service of the hub. Says nothing at all to a packet that is not authentic: no amplification, no oracle.
/// Nothing is allocated per packet once a flow is known.
/// </summary>
internal sealed class DatagramServer(string plugin, DatagramService service, DatagramHandler handler, AdmissionDesk desk, ILogger log) : IServerDatagrams
{
    private readonly ConcurrentDictionary<uint, DatagramFlow> _bySession = new();
    private readonly ConcurrentDictionary<Peer, DatagramFlow> _byPeer = new();
    private readonly byte[] _payload = new byte[DatagramLayout.MaxSize];
    private Socket? _socket;
    private Task _receiving = Task.CompletedTask;

    public DatagramService Service => service;

    /// <summary>What is counted of this service.</summary>
    public DatagramTally Tally { get; } = new(service.Name);

    /// <summary>The plugin that is served.</summary>
    public string Plugin => plugin;

    /// <exception cref="PortInUseException">Somebody else has the port.</exception>
    public IPEndPoint Bind(IPEndPoint endpoint, string key)
    {
        try
        {
            _socket = UdpSocket.Bind(endpoint);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            throw new PortInUseException(service.Name, "udp", endpoint.ToString(), key);
        }
        return (IPEndPoint)_socket.LocalEndPoint!;
    }

    public void Start(CancellationToken stopping)
    {
        desk.Revoked += Forget;
        _receiving = DatagramLoop.RunAsync(_socket!, service.Name, Receive, log, stopping);
    }

    public async Task StopAsync()
    {
        desk.Revoked -= Forget;
        _socket?.Dispose();
        await _receiving.ConfigureAwait(false);
        foreach (DatagramFlow flow in _bySession.Values) flow.Dispose();
    }

    public bool TrySend(Peer to, ReadOnlySpan<byte> payload) =>
        _byPeer.TryGetValue(to, out DatagramFlow? flow) && flow.Remote is { } remote && flow.TrySend(_socket!, remote, DatagramLayout.Data, payload);

    public bool TrySendMany(Peer to, ReadOnlySpan<byte> payloads, int size) =>
        _byPeer.TryGetValue(to, out DatagramFlow? flow) && flow.Remote is { } remote && flow.TrySendMany(_socket!, remote, payloads, size);

    private void Receive(ReadOnlySpan<byte> datagram, SocketAddress from)
    {
        if (!DatagramLayout.TryReadHeader(datagram, out byte kind, out uint session, out long number))
        {
            Tally.Malformed.Add();
            return;
        }
        if (Flow(session) is not { } flow)
        {
            Tally.Unknown.Add();
            return;
        }
        if (!flow.TryOpen(datagram, number, from, _payload, out int length)) return;
        Tally.In.Add();
        Tally.BytesIn.Add(datagram.Length);
        if (kind == DatagramLayout.Ping) flow.TrySend(_socket!, from, DatagramLayout.Pong, _payload.AsSpan(0, Math.Min(length, sizeof(long))));
        else if (kind == DatagramLayout.Data) Hand(flow.Peer!, _payload.AsSpan(0, length));
    }

    private void Hand(Peer peer, ReadOnlySpan<byte> payload)
    {
        try
        {
            handler(peer, payload);
        }
        // One packet that a plugin chokes on must not end the service for everybody.
        catch (Exception e)
        {
            HostLog.DatagramFault(log, service.Name, e.Message, e);
        }
    }

    private DatagramFlow? Flow(uint session)
    {
        if (_bySession.TryGetValue(session, out DatagramFlow? known)) return known;
        if (desk.FindBySession(session) is not { } seat) return null;
        var flow = new DatagramFlow(session, seat.Secret, service.Name, atServer: true, seat.Peer) { Tally = Tally };
        _bySession[session] = flow;
        _byPeer[seat.Peer] = flow;
        // Revoked between the look-up and here: take it out again.
        if (desk.FindBySession(session) is null) Forget(seat);
        return flow;
    }

    private void Forget(Seat seat)
    {
        _byPeer.TryRemove(seat.Peer, out _);
        // Not disposed: the receive loop may be in the middle of using it. Its keys go with it to the collector.
        _bySession.TryRemove(seat.Session, out _);
    }
}
