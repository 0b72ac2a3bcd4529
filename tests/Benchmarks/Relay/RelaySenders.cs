using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LanCollab.Host.Datagrams;
using LanCollab.Host.Net;
using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Video;

namespace LanCollab.Benchmarks.Relay;

/// <summary>
/// Cameras in a process of their own: <c>relay-senders --server host:port --count 10 --frame 4</c>, or <c>--rtp port</c> for one that sends plain RTP. Says
/// <c>ready</c>; for each number on its input says how many packets it has sent since the last one, and sends so many a second from then on, whole frames,
/// the cameras' evenly between each other.
/// </summary>
internal static class RelaySenders
{
    private static long _sent;
    private static volatile int _rate;

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var settings = new Settings(arguments);
        int frame = settings.Number("frame", 4), rtp = settings.Number("rtp", 0);
        using var stop = new CancellationTokenSource();
        Action<int>[] cameras = rtp > 0 ? [Rtp(rtp)] : await JoinAsync(settings, frame, stop.Token);
        var sending = new Thread(() => Send(cameras, frame, stop.Token));
        sending.Start();
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync(CancellationToken.None) is { } line)
        {
            _rate = int.Parse(line, CultureInfo.InvariantCulture);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sent {Interlocked.Exchange(ref _sent, 0)}"));
        }
        await stop.CancelAsync();
        sending.Join();
    }

    private static void Send(Action<int>[] cameras, int frame, CancellationToken stop)
    {
        (int rate, long start, long frames) = (0, 0, 0);
        while (!stop.IsCancellationRequested)
        {
            if (rate != _rate) (rate, start, frames) = (_rate, Stopwatch.GetTimestamp(), 0);
            TimeSpan wait = rate == 0 ? TimeSpan.FromMilliseconds(5) : TimeSpan.FromSeconds((double)frames * frame / rate) - Stopwatch.GetElapsedTime(start);
            if (wait > TimeSpan.Zero) Nanosleep.For(wait < TimeSpan.FromMilliseconds(5) ? wait : TimeSpan.FromMilliseconds(5));
            if (rate == 0 || wait > TimeSpan.FromMilliseconds(5)) continue;
            cameras[frames++ % cameras.Length](frame);
            Interlocked.Add(ref _sent, frame);
        }
    }

    private static async Task<Action<int>[]> JoinAsync(Settings settings, int frame, CancellationToken stop)
    {
        ServerAddress server = ServerAddress.Parse(settings.Word("server", ""), 0);
        var cameras = new List<Action<int>>();
        for (int i = 0; i < settings.Number("count", 1); i++)
        {
            RelaySeat seat = await RelaySeat.TakeAsync(server, $"S{i}", watches: false, stop);
            VideoGranted granted = await seat.Media.RequestAsync<VideoGranted>(new VideoOn(VideoCodec.Jpeg, 640, 360, [VideoLayer.Large]), stop);
            cameras.Add(Camera(seat, granted.Stream, frame));
        }
        return [.. cameras];
    }

    // A frame a call, as clients send.
    private static Action<int> Camera(RelaySeat seat, uint stream, int frame)
    {
        Socket socket = UdpSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var flow = new DatagramFlow(seat.Admission.Session, Convert.FromBase64String(seat.Admission.Secret), "video", atServer: false, peer: null);
        SocketAddress hub = new IPEndPoint(IPAddress.Loopback, seat.VideoPort).Serialize();
        byte[] packets = new byte[frame * DatagramLimits.MaxPayload];
        uint number = 0;
        return count =>
        {
            for (int i = 0; i < count; i++)
            {
                Span<byte> packet = packets.AsSpan(i * DatagramLimits.MaxPayload, DatagramLimits.MaxPayload);
                RelayWire.Header(stream, number++, frame).Write(packet);
                RelayWire.Write(packet[VideoHeader.Bytes..]);
            }
            flow.TrySendMany(socket, hub, packets, DatagramLimits.MaxPayload);
        };
    }

    // RFC 3550, with what Janus takes for the first stream of a publisher that is somewhere else.
    private static Action<int> Rtp(int port)
    {
        const int header = 12;
        Socket socket = UdpSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        SocketAddress janus = new IPEndPoint(IPAddress.Loopback, port).Serialize();
        byte[] packet = new byte[DatagramLimits.MaxDatagram];
        (packet[0], packet[1]) = (0x80, JanusRelay.PayloadType);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), JanusRelay.Source);
        ushort number = 0;
        uint picture = 0;
        return count =>
        {
            picture += 3000;
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), picture);
            for (int i = 0; i < count; i++)
            {
                BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), number++);
                packet[1] = (byte)(JanusRelay.PayloadType | (i == count - 1 ? 0x80 : 0));
                RelayWire.Write(packet.AsSpan(header));
                socket.SendTo(packet, SocketFlags.None, janus);
            }
        };
    }
}
