using System.Diagnostics;
using LanCollab.Plugins.Chat;
using LanCollab.Plugins.Chat.Server;
using Microsoft.Extensions.Logging.Abstractions;

namespace LanCollab.Benchmarks.Loads;

/// <summary>One person's lines to a hundred others: each line is on the hub's disk before it is sent out.</summary>
internal static class ChatBenchmark
{
    private const int Runs = 5, Receivers = 100, Lines = 500, UnderWay = 64;
    private static readonly string Text = new('x', 128);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task RunAsync()
    {
        await using var server = new ChatServer(NullLogger.Instance, TimeProvider.System, new Lazy<ISessions>(() => throw new NotSupportedException()));
        await using var hub = new TlsHub(o => ((ChatOptions)o).LinesPerSecond = ((ChatOptions)o).Burst = 10_000);
        await server.StartAsync(hub, CancellationToken.None);
        IChannel[] channels = await Task.WhenAll(Enumerable.Range(0, Receivers).Select(i => JoinAsync(hub, $"P{i}")));
        Receiver[] receivers = [.. channels.Select(c => new Receiver(c))];
        await using IChannel channel = await JoinAsync(hub, "Ada");
        var sender = new MessageChannel(channel, ChatWire.Messages, NullLogger.Instance);
        Task receiving = sender.RunAsync(hub.Stopping);
        await RunAsync(sender, receivers);
        var seconds = new List<double>();
        for (int i = 0; i < Runs; i++) seconds.Add(await RunAsync(sender, receivers));
        Result.Print("chat", ("receivers", Receivers), ("lineBytes", Text.Length),
            ("linesPerSecond", seconds.Select(s => Lines / s).Median()), ("deliveriesPerSecond", seconds.Select(s => Lines * Receivers / s).Median()));
        foreach (Receiver receiver in receivers) await receiver.DisposeAsync();
        channel.Close("done");
        await receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static Task<IChannel> JoinAsync(TlsHub hub, string name) => hub.JoinAsync(name, ChatWire.Service, ChatWire.MaxFrame);

    /// <summary>Seconds from the first line until everybody has the last.</summary>
    private static async Task<double> RunAsync(MessageChannel sender, Receiver[] receivers)
    {
        Task all = Task.WhenAll(receivers.Select(r => r.ExpectAsync(Lines)));
        long start = Stopwatch.GetTimestamp();
        var options = new ParallelOptions { MaxDegreeOfParallelism = UnderWay };
        await Parallel.ForAsync(0, Lines, options, async (_, token) =>
            await sender.RequestAsync<SayOk>(new Say(Text, Key: $"{Guid.NewGuid():n}"), token));
        await all.WaitAsync(Patience);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Counts what comes; nothing but lines does.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        private readonly IChannel _channel;
        private readonly Task _receiving;
        private TaskCompletionSource _done = new();
        private int _left;

        public Receiver(IChannel channel)
        {
            _channel = channel;
            _receiving = CountAsync();
        }

        public Task ExpectAsync(int lines)
        {
            _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _left, lines);
            return _done.Task;
        }

        private async Task CountAsync()
        {
            while (await _channel.ReceiveAsync(CancellationToken.None) is not null)
                if (Interlocked.Decrement(ref _left) == 0) _done.SetResult();
        }

        public async ValueTask DisposeAsync()
        {
            _channel.Close("done");
            await _receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _channel.DisposeAsync();
        }
    }
}
