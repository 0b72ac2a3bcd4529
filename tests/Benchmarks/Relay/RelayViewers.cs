using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LanCollab.Host.Datagrams;
using LanCollab.Host.Net;
using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Video;

namespace LanCollab.Benchmarks.Relay;

/// <summary>
/// Viewers in a process of their own: <c>relay-viewers --server host:port --count 50</c>, or without a server plain sockets. All packets are counted, one of
/// each batch is opened and compared. Says <c>ready</c> and its ports; for each line on its input says <c>seen packets damaged samples p50 p99 most</c>, the
/// delays in ms from the sender's socket to the viewer's, of what came since the last line. <c>--together 1</c>: see <see cref="ManySockets.Prepare"/>.
/// </summary>
internal sealed class RelayViewers
{
    // Nobody waits at these sockets, so that whoever sends need not wake anybody: receivers are elsewhere in real life.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(0.3);

    private readonly Lock _gate = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<DatagramFlow?> _flows = [];
    private readonly byte[] _payload = new byte[DatagramLayout.MaxSize];
    private readonly List<double> _delays = [];
    private long _packets, _damaged;

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var settings = new Settings(arguments);
        using var stop = new CancellationTokenSource();
        var viewers = new RelayViewers();
        await viewers.JoinAsync(settings.Word("server", ""), settings.Number("count", 50), settings.Number("together", 0) != 0, stop.Token);
        var draining = new Thread(() => viewers.Drain(stop.Token));
        draining.Start();
        Console.WriteLine($"ready {string.Join(' ', viewers._sockets.Select(s => ((IPEndPoint)s.LocalEndPoint!).Port))}");
        while (await Console.In.ReadLineAsync(CancellationToken.None) is not null) Console.WriteLine(viewers.Told());
        await stop.CancelAsync();
        draining.Join();
    }

    private async Task JoinAsync(string server, int count, bool together, CancellationToken stop)
    {
        for (int i = 0; i < count; i++)
        {
            Socket socket = UdpSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            ManySockets.Prepare(socket, together);
            _sockets.Add(socket);
            _flows.Add(server.Length == 0 ? null : await JoinAsync(ServerAddress.Parse(server, 0), i, socket, stop));
        }
    }

    private static async Task<DatagramFlow> JoinAsync(ServerAddress server, int number, Socket socket, CancellationToken stop)
    {
        RelaySeat seat = await RelaySeat.TakeAsync(server, $"V{number}", watches: true, stop);
        var flow = new DatagramFlow(seat.Admission.Session, Convert.FromBase64String(seat.Admission.Secret), "video", atServer: false, peer: null);
        // The hub learns where to send to.
        flow.TrySend(socket, new IPEndPoint(IPAddress.Loopback, seat.VideoPort).Serialize(), DatagramLayout.Ping, new byte[sizeof(long)]);
        return flow;
    }

    private void Drain(CancellationToken stop)
    {
        using var receiver = new ManySockets();
        ManySockets.Arrived take = Take;
        while (!stop.IsCancellationRequested)
        {
            lock (_gate)
                for (int i = 0; i < _sockets.Count; i++) receiver.Drain(i, _sockets[i], take);
            Nanosleep.For(Rest);
        }
    }

    // What is shorter is the shell's own.
    private void Take(int socket, ReadOnlySpan<byte> first, long at, ReadOnlySpan<int> lengths)
    {
        foreach (int length in lengths) _packets += length / DatagramLimits.MaxDatagram;
        if (first.Length < DatagramLimits.MaxDatagram) return;
        if (Body(_flows[socket], first[..DatagramLimits.MaxDatagram], out long sentAt)) _delays.Add((at - sentAt) / 1e6);
        else _damaged++;
    }

    private bool Body(DatagramFlow? flow, ReadOnlySpan<byte> datagram, out long sentAt)
    {
        const int rtpHeader = 12;
        if (flow is null) return RelayWire.TryRead(datagram[rtpHeader..], out sentAt);
        sentAt = 0;
        return DatagramLayout.TryReadHeader(datagram, out _, out _, out long number) && flow.TryOpen(datagram, number, null, _payload, out int length)
            && VideoHeader.TryReadPacket(_payload.AsSpan(0, length), out _) && RelayWire.TryRead(_payload.AsSpan(VideoHeader.Bytes, length - VideoHeader.Bytes), out sentAt);
    }

    private string Told()
    {
        lock (_gate)
        {
            _delays.Sort();
            double At(double share) => _delays.Count == 0 ? 0 : _delays[Math.Min(_delays.Count - 1, (int)(_delays.Count * share))];
            string told = string.Create(CultureInfo.InvariantCulture, $"seen {_packets} {_damaged} {_delays.Count} {At(0.5)} {At(0.99)} {At(1)}");
            (_packets, _damaged) = (0, 0);
            _delays.Clear();
            return told;
        }
    }
}
