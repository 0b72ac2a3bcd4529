using System.Net;
using System.Net.Sockets;
using LanCollab.Host.Datagrams;
using LanCollab.Plugins.Media.Video;
using Microsoft.Extensions.Logging.Abstractions;

namespace LanCollab.Benchmarks.Loads;

/// <summary>
/// One camera's frames to fifty people over real sockets, encrypted: open once, look up, number, seal and send fifty times. Frames of 4 and of 10 packets,
/// and beside them a bare loop of sends without encryption. The hub's thread is measured while clients rest; what loopback does of the receivers' work is in it.
/// </summary>
internal static class RelayBenchmark
{
    private const int Runs = 5, Bursts = 25, Packets = 20, Viewers = 50;
    private const uint StreamNumber = 1;

    public static async Task RunAsync()
    {
        foreach (int frame in (int[])[4, 10]) await RunAsync(frame);
        Result.Print("relay-sendto", ("cpu_per_kpps", Enumerable.Range(0, Runs).Select(_ => SendTo()).Median()));
    }

    private static async Task RunAsync(int frame)
    {
        var forwarder = new VideoForwarder(NullLogger.Instance, TimeProvider.System);
        await using var server = new HeldServer(datagrams => (from, packet) => forwarder.Receive(datagrams, from, packet));
        var publisher = new Peer("ada", "Ada", "room");
        Peer[] watching = [.. Enumerable.Range(0, Viewers).Select(i => new Peer($"{i}", $"P{i}", "room"))];
        using VideoStream stream = Publish(publisher, watching);
        forwarder.Add(stream);
        using UdpClient camera = server.Join(publisher);
        UdpClient[] viewers = [.. watching.Select(server.Join)];
        var load = new Camera(frame);
        await RunAsync(server, camera, viewers, load);
        var runs = new List<Cost>();
        for (int i = 0; i < Runs; i++) runs.Add(await RunAsync(server, camera, viewers, load));
        foreach (UdpClient viewer in viewers) viewer.Dispose();
        const int packets = Bursts * Packets;
        Result.Print("relay", ("senders", 1), ("viewers", Viewers), ("frame", frame),
            ("cpu_per_kpps", runs.Select(r => r.MicrosecondsPer(packets * Viewers)).Median()),
            ("allocatedBytesPerPacket", runs.Select(r => (double)r.Allocated / packets).Median()));
    }

    private static async Task<Cost> RunAsync(HeldServer server, UdpClient camera, UdpClient[] viewers, Camera load)
    {
        Cost sum = default;
        for (int i = 0; i < Bursts; i++)
        {
            sum += (await server.BurstAsync(camera, load.Next(Packets))).Receiving;
            int arrived = viewers.Sum(v => v.Drain());
            if (arrived != Packets * Viewers) throw new IOException($"{arrived} of {Packets * Viewers} packets arrived");
        }
        return sum;
    }

    private static VideoStream Publish(Peer publisher, Peer[] watching)
    {
        var info = new VideoStarted(publisher.Id, publisher.Name, StreamNumber, VideoCodec.Jpeg, 640, 360, [VideoLayer.Large]);
        var stream = new VideoStream(publisher, info, _ => new KeyFrameRequests(TimeProvider.System, () => { }), TimeProvider.System);
        foreach (Peer peer in watching) stream.Set(new Watcher(peer, TimeProvider.System), VideoLayer.Large);
        return stream;
    }

    // The same packets to the same number of sockets, one call each, nothing else.
    private static double SendTo()
    {
        using Socket from = UdpSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Socket[] to = [.. Enumerable.Range(0, Viewers).Select(_ => UdpSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0)))];
        SocketAddress[] addresses = [.. to.Select(s => ((IPEndPoint)s.LocalEndPoint!).Serialize())];
        byte[] packet = new byte[DatagramLimits.MaxDatagram];
        Cost sum = default;
        for (int burst = 0; burst < Bursts; burst++)
        {
            Cost before = Cost.Now;
            for (int i = 0; i < Packets; i++)
                foreach (SocketAddress address in addresses) from.SendTo(packet, SocketFlags.None, address);
            sum += Cost.Now - before;
            foreach (Socket socket in to)
                while (socket.Available > 0) socket.Receive(packet);
        }
        foreach (Socket socket in to) socket.Dispose();
        return sum.MicrosecondsPer(Bursts * Packets * Viewers);
    }

    /// <summary>Frames of full packets.</summary>
    private sealed class Camera(int fragments)
    {
        private uint _packet;

        public IReadOnlyList<byte[]> Next(int count) => [.. Enumerable.Range(0, count).Select(_ => Next())];

        private byte[] Next()
        {
            byte[] packet = new byte[DatagramLimits.MaxPayload];
            var header = new VideoHeader(
                VideoCodec.Jpeg, VideoLayer.Large, Key: true, StreamNumber, _packet / (uint)fragments, 0, (ushort)(_packet % (uint)fragments), (ushort)fragments, 640, 360);
            (header with { Packet = _packet++ }).Write(packet);
            ReadOnlySpan<byte> start = [0xFF, 0xD8, 0xFF];
            start.CopyTo(packet.AsSpan(VideoHeader.Bytes));
            return packet;
        }
    }
}
