using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace LanCollab.Tests.Support.Faults;

/// <summary>
/// Forwards datagrams between clients and a server and does to them what <see cref="FaultOptions"/> say. Each client gets a socket of its own towards
/// the server, as behind an address translator.
/// </summary>
public sealed class UdpFaultProxy : IAsyncDisposable
{
    private readonly IPEndPoint _server;
    private readonly Socket _front;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<EndPoint, Path> _paths = new();
    private readonly Task _receiving;

    /// <param name="listen">Where clients send to.</param>
    /// <param name="server">Where it goes.</param>
    /// <param name="options">Both directions.</param>
    public UdpFaultProxy(IPEndPoint listen, IPEndPoint server, FaultOptions? options = null)
    {
        _server = server;
        Options = options ?? new FaultOptions();
        _front = Bind(listen);
        _receiving = ReceiveAsync();
    }

    /// <summary>Where clients send to.</summary>
    public IPEndPoint Endpoint => (IPEndPoint)_front.LocalEndPoint!;

    /// <summary>The bandwidth holds from now on for all; the rest for clients that come from now on.</summary>
    public FaultOptions Options { get; set; }

    /// <summary>Directions in which everything vanishes.</summary>
    public ISet<Direction> BlackHole { get; } = new ConcurrentSet();

    /// <summary>Packets that were given on and packets that vanished.</summary>
    public (long Passed, long Lost) Count => (Interlocked.Read(ref _passed), Interlocked.Read(ref _lost));

    private long _passed, _lost;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _front.Dispose();
        foreach (Path path in _paths.Values) path.Back.Dispose();
        await Task.WhenAll(_paths.Values.Select(p => p.Receiving).Append(_receiving)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private sealed record Path(EndPoint Client, Socket Back)
    {
        public required Lane Out { get; init; }
        public required Lane In { get; init; }
        public Task Receiving { get; set; } = Task.CompletedTask;
    }

    /// <summary>One direction of one client.</summary>
    private sealed class Lane(FaultDice dice, Direction direction, Func<FaultOptions> options)
    {
        private long _number, _free;
        private byte[]? _held;

        public Direction Direction => direction;

        /// <summary>How long a packet waits at the narrow place; null when there is no room for it.</summary>
        public TimeSpan? Squeeze(int size)
        {
            (long rate, int queue) = (options().BytesPerSecond, options().QueueBytes);
            if (rate == 0) return TimeSpan.Zero;
            long now = Stopwatch.GetTimestamp();
            TimeSpan before = _free > now ? Stopwatch.GetElapsedTime(now, _free) : TimeSpan.Zero;
            if (before.TotalSeconds * rate + size > queue) return null;
            _free = Math.Max(_free, now) + (long)((double)size / rate * Stopwatch.Frequency);
            return Stopwatch.GetElapsedTime(now, _free);
        }

        /// <summary>What goes out now that this packet has come, with the delay of each.</summary>
        public IEnumerable<(byte[] Packet, TimeSpan Delay)> Pass(byte[] packet)
        {
            Fate fate = dice.Of(_number++);
            byte[]? before = _held;
            _held = fate is { Held: true, Copies: > 0 } && before is null ? packet : null;
            if (_held is null)
                for (int copy = 0; copy < fate.Copies; copy++) yield return (packet, fate.Delay);
            if (before is not null) yield return (before, fate.Delay);
        }
    }

    private async Task ReceiveAsync()
    {
        byte[] buffer = new byte[65_536];
        while (!_stop.IsCancellationRequested)
        {
            SocketReceiveFromResult result = await _front.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
            Path path = _paths.GetOrAdd(result.RemoteEndPoint, Open);
            Forward(path.Out, buffer.AsSpan(0, result.ReceivedBytes).ToArray(), packet => path.Back.SendTo(packet, _server));
        }
    }

    private Path Open(EndPoint client)
    {
        var path = new Path(client, Bind(new IPEndPoint(_server.Address, 0)))
        {
            Out = new Lane(new FaultDice(Options, Direction.ToServer), Direction.ToServer, () => Options),
            In = new Lane(new FaultDice(Options, Direction.ToClient), Direction.ToClient, () => Options),
        };
        path.Receiving = ReturnAsync(path);
        return path;
    }

    private async Task ReturnAsync(Path path)
    {
        byte[] buffer = new byte[65_536];
        while (!_stop.IsCancellationRequested)
        {
            int size = (await path.Back.ReceiveFromAsync(buffer, _server, _stop.Token)).ReceivedBytes;
            Forward(path.In, buffer.AsSpan(0, size).ToArray(), packet => _front.SendTo(packet, path.Client));
        }
    }

    private void Forward(Lane lane, byte[] packet, Action<byte[]> send)
    {
        bool gone = BlackHole.Contains(lane.Direction);
        (byte[] Packet, TimeSpan Delay)[] due = [.. lane.Pass(packet)];
        if (gone || due.Length == 0) Interlocked.Increment(ref _lost);
        if (gone) return;
        foreach ((byte[] outgoing, TimeSpan delay) in due)
        {
            if (lane.Squeeze(outgoing.Length) is { } narrow) _ = SendAsync(outgoing, delay + narrow, send);
            else Interlocked.Increment(ref _lost);
        }
    }

    private async Task SendAsync(byte[] packet, TimeSpan delay, Action<byte[]> send)
    {
        try
        {
            if (delay > TimeSpan.Zero) await Task.Delay(delay, _stop.Token);
            send(packet);
            Interlocked.Increment(ref _passed);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The proxy ends, or nobody listens there: a lost packet.
            Interlocked.Increment(ref _lost);
        }
    }

    private static Socket Bind(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(endpoint);
        return socket;
    }

    private sealed class ConcurrentSet : HashSet<Direction>, ISet<Direction>
    {
        bool ISet<Direction>.Add(Direction item) { lock (this) return Add(item); }
        bool ICollection<Direction>.Contains(Direction item) { lock (this) return Contains(item); }
        bool ICollection<Direction>.Remove(Direction item) { lock (this) return Remove(item); }
    }
}
