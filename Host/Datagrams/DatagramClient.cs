using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Datagrams;

/// <summary>
/// A client's end of a UDP service: a socket and keys for each admission, pings that tell the hub this client's address and this client whether UDP
/// works at all.
/// </summary>
internal sealed class DatagramClient(string service, ClientDatagramHandler handler, TimeProvider time, ILogger log) : IClientDatagrams
{
    private static readonly TimeSpan PingFast = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReachableFor = TimeSpan.FromSeconds(3);

    private volatile Link? _link;

    private sealed record Link(DatagramFlow Flow, Socket Socket, SocketAddress Server, CancellationTokenSource Stop, Task Receiving, Task Pinging);

    private long _lastPong;
    private long _roundTrip = -1;

    public string Service => service;

    public bool Reachable => Volatile.Read(ref _lastPong) is not 0 and var at && time.GetElapsedTime(at) < ReachableFor;

    public TimeSpan? RoundTrip => _roundTrip < 0 ? null : TimeSpan.FromTicks(_roundTrip);

    public bool TrySend(ReadOnlySpan<byte> payload) =>
        _link is { } link && link.Flow.TrySend(link.Socket, link.Server, DatagramLayout.Data, payload);

    public bool TrySendMany(ReadOnlySpan<byte> payloads, int size) =>
        _link is { } link && link.Flow.TrySendMany(link.Socket, link.Server, payloads, size);

    public void Open(IPEndPoint server, uint session, byte[] secret)
    {
        var flow = new DatagramFlow(session, secret, service, atServer: false, peer: null);
        IPAddress any = server.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;
        Socket socket = UdpSocket.Bind(new IPEndPoint(any, 0));
        var stop = new CancellationTokenSource();
        SocketAddress address = server.Serialize();
        _lastPong = 0;
        _roundTrip = -1;
        _link = new Link(flow, socket, address, stop,
            Listen(flow, socket, stop.Token),
            Task.Run(() => PingAsync(flow, socket, address, stop.Token), CancellationToken.None));
    }

    public async Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _link, null) is not { } link) return;
        await link.Stop.CancelAsync().ConfigureAwait(false);
        link.Socket.Dispose();
        await Task.WhenAll(link.Receiving, link.Pinging).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        link.Flow.Dispose();
        link.Stop.Dispose();
        _lastPong = 0;
    }

    private async Task PingAsync(DatagramFlow flow, Socket socket, SocketAddress server, CancellationToken stop)
    {
        byte[] stamp = new byte[sizeof(long)];
        while (!stop.IsCancellationRequested)
        {
            BinaryPrimitives.WriteInt64BigEndian(stamp, time.GetTimestamp());
            flow.TrySend(socket, server, DatagramLayout.Ping, stamp);
            await Task.Delay(Reachable ? PingInterval : PingFast, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // While the hub's port is closed (it restarts) there are errors only: pings go on, the link comes back.
    private Task Listen(DatagramFlow flow, Socket socket, CancellationToken stop)
    {
        byte[] payload = new byte[DatagramLayout.MaxSize];
        return DatagramLoop.RunAsync(socket, service, (datagram, _) => Receive(flow, datagram, payload), log, stop);
    }

    private void Receive(DatagramFlow flow, ReadOnlySpan<byte> datagram, byte[] payload)
    {
        if (!DatagramLayout.TryReadHeader(datagram, out byte kind, out uint session, out long number) || session != flow.Session) return;
        if (!flow.TryOpen(datagram, number, from: null, payload, out int length)) return;
        if (kind == DatagramLayout.Pong && length == sizeof(long)) Answered(BinaryPrimitives.ReadInt64BigEndian(payload));
        else if (kind == DatagramLayout.Data) Hand(payload.AsSpan(0, length));
    }

    private void Answered(long stamp)
    {
        // Who sees that the hub is reachable finds how long that takes.
        _roundTrip = time.GetElapsedTime(stamp).Ticks;
        Volatile.Write(ref _lastPong, time.GetTimestamp());
    }

    private void Hand(ReadOnlySpan<byte> payload)
    {
        try
        {
            handler(payload);
        }
        // One packet that a plugin chokes on must not end the service.
        catch (Exception e)
        {
            HostLog.DatagramFault(log, service, e.Message, e);
        }
    }
}
