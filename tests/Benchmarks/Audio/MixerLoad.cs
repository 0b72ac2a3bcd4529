using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LanCollab.Host.Datagrams;
using LanCollab.Plugins.Media.Audio;

namespace LanCollab.Benchmarks.Audio;

/// <summary>What came back.</summary>
/// <param name="Delivered">Packets of those that should have come, 0 to 1.</param>
/// <param name="Deviation">Of the distance between a listener's packets from 20 ms: its 99th percentile, in ms.</param>
internal readonly record struct Heard(double Delivered, double Deviation);

/// <summary>Everybody's clients: a thread that sends each talker's frames evenly spread, and one that takes what comes.</summary>
internal sealed class MixerLoad : IDisposable
{
    private const byte Level = 20;
    private const double BucketMs = 0.05;

    private readonly Socket _socket;
    private readonly StampedReceiver _receiver;
    private readonly Speech _speech;
    private readonly long[] _buckets = new long[4000];
    private long[] _last = [], _count = [];
    private volatile bool _stop, _counting;

    public MixerLoad(Speech speech)
    {
        _speech = speech;
        _socket = UdpSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.ReceiveTimeout = 200;
        _receiver = new StampedReceiver(_socket);
    }

    /// <summary>Through it everything goes.</summary>
    public Socket Socket => _socket;

    /// <summary>Talks for some time and listens to the middle of it.</summary>
    public async Task<Heard> RunAsync(IMixer mixer, int people, int talking, TimeSpan warmUp, TimeSpan time, Func<bool, Task> mark)
    {
        (_last, _count) = (new long[people], new long[people]);
        Array.Clear(_buckets);
        _stop = false;
        Task receiving = Start(() => Receive(mixer)), sending = Start(() => Send(mixer, talking));
        await Task.Delay(warmUp);
        await mark(false);
        long start = Stopwatch.GetTimestamp();
        _counting = true;
        await Task.Delay(time);
        _counting = false;
        double frames = Stopwatch.GetElapsedTime(start) / AudioFormat.FrameDuration;
        await mark(true);
        _stop = true;
        await Task.WhenAll(receiving, sending);
        return new Heard(_count.Sum() / (frames * people), Percentile(0.99));
    }

    private static Task Start(Action run) => Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Send(IMixer mixer, int talking)
    {
        long start = Stopwatch.GetTimestamp();
        for (uint tick = 0; !_stop; tick++)
            for (int i = 0; i < talking; i++)
            {
                TimeSpan due = (tick + (double)i / talking) * AudioFormat.FrameDuration, now;
                while ((now = Stopwatch.GetElapsedTime(start)) < due) Nanosleep.For(due - now);
                mixer.Send(i, tick, Level, _speech.OpusOf(i, tick));
            }
    }

    private void Receive(IMixer mixer)
    {
        void Take(ReadOnlySpan<byte> datagram, ushort fromPort, long at)
        {
            int person = mixer.ReceiverOf(datagram, fromPort);
            if (person >= 0) Note(person, at);
        }
        while (!_stop) _receiver.Receive(Take);
    }

    private void Note(int person, long at)
    {
        if (_counting)
        {
            _count[person]++;
            double deviation = Math.Abs((at - _last[person]) / 1e6 - AudioFormat.FrameMilliseconds);
            if (_last[person] != 0) _buckets[Math.Min((int)(deviation / BucketMs), _buckets.Length - 1)]++;
        }
        _last[person] = at;
    }

    private double Percentile(double share)
    {
        long wanted = (long)(share * _buckets.Sum()), seen = 0;
        int bucket = 0;
        while (bucket < _buckets.Length - 1 && (seen += _buckets[bucket]) < wanted) bucket++;
        return (bucket + 1) * BucketMs;
    }

    public void Dispose()
    {
        _receiver.Dispose();
        _socket.Dispose();
    }
}
