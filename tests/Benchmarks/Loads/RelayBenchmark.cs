using LanCollab.Plugins.Media.Video;
using Microsoft.Extensions.Logging.Abstractions;

namespace LanCollab.Benchmarks.Loads;

/// <summary>One camera's packets to fifty people: open once, look up, seal and send fifty times.</summary>
internal static class RelayBenchmark
{
    private const int Runs = 5, Bursts = 25, Burst = 20, Subscribers = 50;
    private const uint StreamNumber = 1;

    public static async Task RunAsync()
    {
        var forwarder = new VideoForwarder(NullLogger.Instance);
        await using var server = new HeldServer(datagrams => (from, packet) => forwarder.Receive(datagrams, from, packet));
        var publisher = new Peer("ada", "Ada", "room");
        Peer[] watching = [.. Enumerable.Range(0, Subscribers).Select(i => new Peer($"{i}", $"P{i}", "room"))];
        using VideoStream stream = Publish(publisher, watching);
        forwarder.Add(stream);
        using UdpClient camera = server.Join(publisher);
        UdpClient[] viewers = [.. watching.Select(server.Join)];
        await RunAsync(server, camera, viewers);
        var runs = new List<Cost>();
        for (int i = 0; i < Runs; i++) runs.Add(await RunAsync(server, camera, viewers));
        foreach (UdpClient viewer in viewers) viewer.Dispose();
        Print(runs);
    }

    private static void Print(List<Cost> runs)
    {
        const int packets = Bursts * Burst;
        Result.Print("relay", ("subscribers", Subscribers), ("packetBytes", DatagramLimits.MaxDatagram),
            ("cpuUsPerPacket", runs.Select(r => r.MicrosecondsPer(packets)).Median()),
            ("cpuUsPerCopy", runs.Select(r => r.MicrosecondsPer(packets * Subscribers)).Median()),
            ("allocatedBytesPerPacket", runs.Select(r => (double)r.Allocated / packets).Median()));
    }

    private static async Task<Cost> RunAsync(HeldServer server, UdpClient camera, UdpClient[] viewers)
    {
        byte[] packet = Packet();
        Cost sum = default;
        for (int i = 0; i < Bursts; i++)
        {
            sum += (await server.BurstAsync(camera, packet, Burst)).Receiving;
            int arrived = viewers.Sum(v => v.Drain());
            if (arrived != Burst * Subscribers) throw new IOException($"{arrived} of {Burst * Subscribers} packets arrived");
        }
        return sum;
    }

    private static VideoStream Publish(Peer publisher, Peer[] watching)
    {
        KeyFrameRequests Nobody() => new(TimeProvider.System, () => { });
        var info = new VideoStarted(publisher.Id, publisher.Name, StreamNumber, VideoCodec.Vp8, 640, 360, [VideoLayer.Large]);
        var stream = new VideoStream(publisher, info, Nobody(), Nobody());
        foreach (Peer peer in watching) stream.Set(peer, VideoLayer.Large);
        return stream;
    }

    private static byte[] Packet()
    {
        byte[] packet = new byte[DatagramLimits.MaxPayload];
        var header = new VideoHeader(
            VideoCodec.Vp8, VideoLayer.Large, Key: true, StreamNumber, Frame: 1, Timestamp: 0, Fragment: 0, Fragments: 2, 640, 360);
        header.Write(packet);
        return packet;
    }
}
