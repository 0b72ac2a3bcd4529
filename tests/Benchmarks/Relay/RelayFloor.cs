using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LanCollab.Host.Datagrams;
using LanCollab.Plugins.Media.Audio;

namespace LanCollab.Benchmarks.Relay;

/// <summary>
/// What sending alone costs, nothing forwarded, in a process of its own: <c>relay-floor ports…</c>. For each line <c>kind frame rate seconds</c> on its input sends
/// frames to all ports and says <c>sent packets microseconds</c>. Kinds: <c>sendto</c> one datagram a call; <c>segments</c> a frame a call; <c>sealed</c> the same
/// with each packet encrypted for its viewer; <c>seal</c> encryption alone, <c>seal-runtime</c> that of the runtime.
/// </summary>
internal static class RelayFloor
{
    public static async Task RunAsync(string[] ports)
    {
        using Socket socket = UdpSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        SocketAddress[] viewers = [.. ports.Select(p => new IPEndPoint(IPAddress.Loopback, int.Parse(p, CultureInfo.InvariantCulture)).Serialize())];
        DatagramFlow[] flows = [.. viewers.Select((_, i) => new DatagramFlow((uint)i, new byte[32], "video", atServer: true, null))];
        using DatagramCipher direct = new(new byte[32], "video", toServer: false), runtime = new(new byte[32], "video", toServer: false, portable: true);
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            string[] words = line.Split(' ');
            int[] numbers = [.. words[1..].Select(w => int.Parse(w, CultureInfo.InvariantCulture))];
            Action<int, byte[]> send = Sender(words[0], socket, viewers, flows, words[0] == "seal" ? direct : runtime);
            (long sent, double cpu) = Run(send, viewers.Length, numbers[0], numbers[1], TimeSpan.FromSeconds(numbers[2]));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sent {sent} {cpu}"));
        }
    }

    private static Action<int, byte[]> Sender(string kind, Socket socket, SocketAddress[] viewers, DatagramFlow[] flows, DatagramCipher cipher)
    {
        byte[] datagram = new byte[DatagramLimits.MaxDatagram];
        long number = 0;
        return kind switch
        {
            "sendto" => (viewer, frame) => SegmentedSend.SendEach(socket, viewers[viewer], frame, DatagramLimits.MaxDatagram),
            "segments" => (viewer, frame) => SegmentedSend.Send(socket, viewers[viewer], frame, DatagramLimits.MaxDatagram),
            "sealed" => (viewer, frame) =>
                flows[viewer].TrySendMany(socket, viewers[viewer], frame.AsSpan(0, frame.Length / DatagramLimits.MaxDatagram * DatagramLimits.MaxPayload), DatagramLimits.MaxPayload),
            _ => (_, frame) =>
            {
                for (int at = 0; at < frame.Length; at += DatagramLimits.MaxDatagram) cipher.Seal(++number, frame.AsSpan(at, DatagramLimits.MaxPayload), datagram);
            },
        };
    }

    private static (long Sent, double Microseconds) Run(Action<int, byte[]> send, int viewers, int frame, int rate, TimeSpan time)
    {
        byte[] packets = new byte[frame * DatagramLimits.MaxDatagram];
        long sent = 0, start = Stopwatch.GetTimestamp();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        for (; Stopwatch.GetElapsedTime(start) < time; sent += frame * viewers)
        {
            Nanosleep.For(TimeSpan.FromSeconds((double)sent / rate) - Stopwatch.GetElapsedTime(start));
            for (int viewer = 0; viewer < viewers; viewer++) send(viewer, packets);
        }
        return (sent, (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / sent);
    }
}
