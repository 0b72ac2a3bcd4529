using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LanCollab.Host.Datagrams;
using LanCollab.Plugins.Media;
using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Benchmarks.Audio;

/// <summary>
/// What the hub adds: from the packet with the beginning of a click on its way in to the packet with it on its way out, through the real mixer process. One
/// talker, at a new place between the hub's beats in each run.
/// </summary>
internal static class ServerShareBenchmark
{
    private const int Runs = 8, Frames = 250, Every = 25, FirstCounted = 75;
    private const byte Loud = 15, Soft = 60;

    public static async Task RunAsync()
    {
        var delays = new List<double>();
        (byte[][] opus, byte[] levels) = Encode();
        using Socket socket = UdpSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.ReceiveTimeout = 1000;
        await using IMixer mixer = await MixerProcess.StartAsync(socket, 2, 0);
        for (int run = 0; run < Runs; run++) delays.AddRange(Run(socket, mixer, opus, levels, run));
        delays.Sort();
        Result.Print("latency-server", ("clicks", delays.Count), ("p50_ms", delays[delays.Count / 2]), ("p95_ms", delays[(int)(delays.Count * 0.95)]), ("most_ms", delays[^1]));
    }

    private static List<double> Run(Socket socket, IMixer mixer, byte[][] opus, byte[] levels, int run)
    {
        var sent = new double[Frames];
        var heard = new List<double>();
        using var done = new CancellationTokenSource();
        var listening = new Thread(() => Listen(socket, mixer, heard, done.Token));
        listening.Start();
        long start = Stopwatch.GetTimestamp() + (long)(run * 1e-3 * Stopwatch.Frequency);
        for (int frame = 0; frame < Frames; frame++)
        {
            for (TimeSpan due = frame * AudioFormat.FrameDuration, now; (now = Stopwatch.GetElapsedTime(start)) < due;) Nanosleep.For(due - now);
            sent[frame] = Now;
            mixer.Send(0, (uint)(run * 10_000 + frame), levels[frame], opus[frame]);
        }
        done.Cancel();
        listening.Join();
        return [.. from click in Enumerable.Range(0, Frames) where click >= FirstCounted && click % Every == 0
                   let at = heard.FirstOrDefault(h => h > sent[click], double.PositiveInfinity) - sent[click] where at < 0.3 select at * 1000];
    }

    private static double Now => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;

    // The level in the header of what comes out is that of the mix: the first loud frame has the click.
    private static void Listen(Socket socket, IMixer mixer, List<double> heard, CancellationToken done)
    {
        byte[] buffer = new byte[2048];
        var from = new SocketAddress(AddressFamily.InterNetwork);
        var receiver = ((MixerProcess)mixer).FlowOf(1);
        byte[] payload = new byte[DatagramLayout.MaxSize];
        bool loud = false;
        while (!done.IsCancellationRequested)
        {
            try
            {
                int length = socket.ReceiveFrom(buffer, SocketFlags.None, from);
                if (mixer.ReceiverOf(buffer.AsSpan(0, length), fromPort: 0) != 1) continue;
                DatagramLayout.TryReadHeader(buffer.AsSpan(0, length), out _, out _, out long number);
                if (!receiver.TryOpen(buffer.AsSpan(0, length), number, null, payload, out int size) || !AudioPacket.TryRead(payload.AsSpan(0, size), out AudioPacket packet, out _)) continue;
                if (packet.Level < 40 && !loud) heard.Add(Now);
                loud = packet.Level < 40;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.TimedOut)
            {
                // Between two runs.
            }
        }
    }

    // Soft noise, and each half second a frame that begins with a click.
    private static (byte[][], byte[]) Encode()
    {
        using IOpusEncoder encoder = new LibOpus().CreateEncoder(new MediaOptions().Bitrate, new MediaOptions().Complexity);
        var random = new Random(1);
        var opus = new byte[Frames][];
        var levels = new byte[Frames];
        byte[] space = new byte[AudioPacket.MaxOpus];
        for (int i = 0; i < Frames; i++)
        {
            var frame = new float[AudioFormat.FrameSize];
            for (int s = 0; s < frame.Length; s++)
                frame[s] = 0.001f * random.NextSingle() + (i % Every == 0 && s < 480 ? 0.6f * MathF.Sin(2 * MathF.PI * 1000 * s / AudioFormat.SampleRate) : 0);
            opus[i] = space[..encoder.Encode(frame, space)];
            levels[i] = i % Every == 0 ? Loud : Soft;
        }
        return (opus, levels);
    }
}
