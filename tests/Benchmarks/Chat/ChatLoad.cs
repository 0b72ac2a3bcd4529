using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LanCollab.Host.Net;

namespace LanCollab.Benchmarks.Chat;

/// <summary>
/// The load generator, a process of its own: one sender and many receivers of one server. Prints <c>full …</c> (lines at full rate), <c>paced …</c> (at a human
/// rate) and <c>stuck …</c> (the same, with one more who reads nothing) for the benchmark to read.
/// </summary>
internal sealed class ChatLoad : IDisposable
{
    private const int LineBytes = 128, MaxLine = 512;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>
    /// With TLS one receiver of so many deciphers, counts for all of them and takes the times; of the others the bytes are read and counted. People have machines of their own: a thousand of
    /// them deciphering on one core would be measured instead of the server.
    /// </summary>
    private const int Sample = 20;

    private readonly IChatWire _wire;
    private readonly int _receivers, _serverProcess, _slowest;
    private readonly Flow _flow = new();
    private readonly Beats _beats = new(LanCollabWire.SignOfLife, LanCollabWire.BeatInterval);
    private readonly EpollReceivers _plain;
    private readonly StreamReceivers _secure;
    private readonly List<LineCounter> _counters = [];
    private readonly List<CipherCounter> _unread = [];
    private readonly List<Stream> _streams = [];
    private readonly CancellationTokenSource _stop = new();
    private Stream? _sender;
    private long _sent;

    private ChatLoad(Settings settings)
    {
        string address = settings.Word("server", "");
        bool tls = bool.Parse(settings.Word("tls", "true"));
        _wire = settings.Word("target", "") switch
        {
            "nats" => new NatsWire(IPEndPoint.Parse(address)),
            "mosquitto" or "mosquitto-tls" => new MqttWire(IPEndPoint.Parse(address), tls),
            _ => new LanCollabWire(IPEndPoint.Parse(address), tls, Sit),
        };
        (_receivers, _serverProcess, _slowest) = (settings.Number("receivers", 100), settings.Number("pid", 0), settings.Number("slowest", 0));
        (_plain, _secure) = (new EpollReceivers(_flow, _beats), new StreamReceivers(_flow, Sample));
    }

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var settings = new Settings(arguments);
        using var load = new ChatLoad(settings);
        await load.ConnectAsync();
        for (int run = 0; run <= settings.Number("runs", 0); run++) await load.FullAsync(settings.Number("lines", 1000), settings.Number("window", 1000), run == 0 ? null : "full");
        if (settings.Number("seconds", 0) is not (> 0 and var seconds)) return;
        int rate = settings.Number("rate", 20);
        // Other code than at full rate, and the just-in-time compiler comes to it late.
        await load.PacedAsync(rate, settings.Number("warmup", 8), null);
        await load.PacedAsync(rate, seconds, "paced");
        for (int turn = 0; turn < settings.Number("stuck", 0); turn++)
        {
            if (turn > 0) await load.PacedAsync(rate, seconds, "paced");
            using (await load.StickAsync(load._receivers + turn)) await load.PacedAsync(rate, seconds, "stuck");
        }
    }

    private async Task ConnectAsync()
    {
        for (int number = 0; number < _receivers; number++)
        {
            Stream stream = await _wire.SubscribeAsync(number, _stop.Token);
            _streams.Add(stream);
            Receive(stream, number);
        }
        _sender = await _wire.OpenSenderAsync(_stop.Token);
        // What comes to the sender, acknowledgements too, is read and forgotten.
        _plain.AddSocket(SocketOf(_sender), new CipherCounter());
    }

    /// <summary>One who never reads again, and has little room for what comes.</summary>
    private async Task<Stream> StickAsync(int number)
    {
        Stream stream = await _wire.SubscribeAsync(number, _stop.Token);
        SocketOf(stream).ReceiveBufferSize = 4096;
        return stream;
    }

    /// <summary>Somebody's seat: what is told there is read and forgotten.</summary>
    private void Sit(Stream seat)
    {
        _streams.Add(seat);
        _beats.Add(seat);
        _plain.AddSocket(SocketOf(seat), new CipherCounter());
    }

    private static Socket SocketOf(Stream stream) => stream is TlsStream secure ? secure.Inner.Socket : ((OwnStream)stream).Socket;

    private void Receive(Stream stream, int number)
    {
        if (stream is TlsStream secure && number % Sample != 0)
        {
            var unread = new CipherCounter();
            _unread.Add(unread);
            _plain.AddSocket(SocketOf(secure), unread);
            return;
        }
        LineCounter counter = _wire.NewCounter();
        _counters.Add(counter);
        if (stream is TlsStream deciphered) _secure.Add(deciphered, counter);
        else _plain.AddSocket(SocketOf(stream), counter);
    }

    /// <summary>Sends as fast as receivers take, with at most a window of lines under way. The first time, in which code is compiled and buffers grow, has no name and is not printed.</summary>
    private async Task FullAsync(int lines, int window, string? name)
    {
        long begin = _flow.Total, start = Stopwatch.GetTimestamp();
        Mark();
        TimeSpan server = ServerCpu(), own = Environment.CpuUsage.TotalTime;
        using var patience = new CancellationTokenSource(Patience);
        int half = Math.Max(window / 2, 1);
        for (int done = 0; done < lines; done += half)
        {
            await _flow.ReachedAsync(begin + (long)Math.Max(done - half, 0) * _receivers, patience.Token);
            await SendAsync(Math.Min(half, lines - done));
        }
        await ArrivedAsync(begin + (long)lines * _receivers, patience.Token);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (name is not null) Print(name, lines, seconds, server, own);
    }

    private async Task ArrivedAsync(long total, CancellationToken cancellationToken)
    {
        try
        {
            await _flow.ReachedAsync(total, cancellationToken);
            // As many bytes as those who decipher have read, the others must have got at least.
            while (_unread.Any(unread => unread.SinceMark < _counters[0].SinceMark)) await Task.Delay(1, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{total - _flow.Total} deliveries are missing; {_plain.Closed + _secure.Closed} receivers were disconnected.");
        }
    }

    private void Mark()
    {
        foreach (LineCounter counter in _counters.Concat(_unread)) counter.Mark();
    }

    private async Task SendAsync(int lines)
    {
        byte[] buffer = new byte[lines * MaxLine];
        int used = 0;
        for (int i = 0; i < lines; i++) used += _wire.Encode(buffer.AsSpan(used), ++_sent, LineBytes, out _);
        await _sender!.WriteAsync(buffer.AsMemory(0, used));
    }

    /// <summary>Sends stamped lines at an even rate.</summary>
    private async Task PacedAsync(int rate, int seconds, string? name)
    {
        int lines = rate * seconds;
        var delays = new Delays(lines * _receivers);
        foreach (LineCounter counter in _counters) counter.Delays = delays;
        Mark();
        long begin = _flow.Total, start = Stopwatch.GetTimestamp();
        TimeSpan server = ServerCpu(), own = Environment.CpuUsage.TotalTime;
        byte[] buffer = new byte[MaxLine];
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / rate));
        for (int i = 0; i < lines; i++)
        {
            await timer.WaitForNextTickAsync();
            int size = _wire.Encode(buffer, ++_sent, LineBytes, out Range text);
            Delays.Write(buffer.AsSpan()[text]);
            await _sender!.WriteAsync(buffer.AsMemory(0, size));
        }
        using var patience = new CancellationTokenSource(Patience);
        await ArrivedAsync(begin + (long)lines * _receivers, patience.Token);
        if (name is null) return;
        foreach ((long sent, double first, double median, double last) in delays.Slowest(_slowest))
            Console.WriteLine($"line sentNs={F(sent * (1e9 / Stopwatch.Frequency))} firstMs={F(first)} medianMs={F(median)} lastMs={F(last)}");
        Print(name, lines, Stopwatch.GetElapsedTime(start).TotalSeconds, server, own, $"p50={F(delays.Percentile(0.5))} p99={F(delays.Percentile(0.99))}");
    }

    private void Print(string what, int lines, double seconds, TimeSpan server, TimeSpan own, string more = "")
    {
        double deliveries = (double)lines * _receivers;
        Console.WriteLine($"{what} rate={F(deliveries / seconds)} cpu={F((ServerCpu() - server).TotalMicroseconds / deliveries)} loadCpu={F((Environment.CpuUsage.TotalTime - own).TotalMicroseconds / deliveries)} {more}");
    }

    /// <summary>User and system time of the server's process.</summary>
    private TimeSpan ServerCpu()
    {
        if (_serverProcess == 0) return TimeSpan.Zero;
        using var process = Process.GetProcessById(_serverProcess);
        return process.TotalProcessorTime;
    }

    private static string F(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _stop.Cancel();
        _plain.Dispose();
        foreach (Stream stream in _streams) stream.Dispose();
        _sender?.Dispose();
        _stop.Dispose();
    }
}
