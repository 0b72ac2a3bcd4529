using LanCollab.Host.Net;
using LanCollab.Tests.Support.Faults;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.Support.Scripted;

/// <summary>How hard it is.</summary>
/// <param name="People">Scripted clients, all in one room.</param>
/// <param name="Lines">Lines in all, spread over them.</param>
/// <param name="Kills">How often the server is killed (-9) and started again.</param>
/// <param name="Disturbances">How often the whole network is cut, stalled or half-opened; beside that connections break by themselves.</param>
/// <param name="Seed">Decides what breaks, in which order, after how many lines.</param>
internal sealed record TrialOptions(int People, int Lines, int Kills, int Disturbances, int Seed)
{
    /// <summary>Lines of one person that may wait for their acknowledgement.</summary>
    public int UnderWay { get; init; } = 8;

    /// <summary>For the whole trial.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(20);
}

/// <summary>What came of it.</summary>
/// <param name="Verdict">Over the full records of all clients, and of one who comes last and reads everything.</param>
/// <param name="Channels">Chat channels that were opened.</param>
/// <param name="Resumed">Seats taken up again.</param>
/// <param name="Entered">Seats entered.</param>
/// <param name="Strikes">Connections that broke by their seed.</param>
/// <param name="Refusals">What the hub refused; nothing should be.</param>
internal sealed record TrialResult(Verdict Verdict, int Channels, int Resumed, int Entered, int Strikes, IReadOnlyList<string> Refusals);

/// <summary>
/// A real server process behind a network that breaks in all ways, people who write without pause, and the checker over what each of them was shown.
/// </summary>
internal sealed class ChatTrial : IAsyncDisposable
{
    private const string Room = "trial";

    private readonly TrialOptions _options;
    private readonly Action<string> _print;
    private readonly TempFolder _folder = new();
    private readonly CancellationTokenSource _stop;
    private readonly Progress _progress = new();
    private readonly Dialer _dialer = new(TimeProvider.System);
    private ServerProcess? _server;
    private FaultyNetwork? _network;

    private ChatTrial(TrialOptions options, Action<string> print)
    {
        (_options, _print) = (options, print);
        _stop = new CancellationTokenSource(options.Patience);
    }

    /// <summary>Runs one and prints what it does.</summary>
    public static async Task<TrialResult> RunAsync(TrialOptions options, Action<string> print)
    {
        print($"seed={options.Seed}");
        await using var trial = new ChatTrial(options, print);
        return await trial.RunAsync();
    }

    private async Task<TrialResult> RunAsync()
    {
        _server = await ServerProcess.StartAsync(_folder.Folder("server"), Settings);
        var faults = new FaultOptions { Seed = _options.Seed, Breaks = 0.3, BreakWithin = 1024 * 1024, LongestStall = TimeSpan.FromSeconds(3) };
        _network = new FaultyNetwork(_server, faults);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        ScriptedPerson[] people = [.. Enumerable.Range(0, _options.People).Select(NewPerson)];
        Task[] playing = [.. people.Select(p => p.RunAsync(ended.Token))];
        Task disturbing = DisturbAsync();
        await TellingAsync(people, () => FirstFailureAsync(playing, disturbing));
        ScriptedPerson last = new(new PersonScript(people.Length, ServerAddress.Parse(_server.Address, 0), Room, 0, 1, _options.Seed), _dialer, () => { });
        Task[] all = [.. playing, last.RunAsync(ended.Token)];
        await TellingAsync([.. people, last], () => FirstFailureAsync(all, Task.WhenAll(people.Append(last).Select(p => p.ShownAsync(Total, _stop.Token)))));
        await ended.CancelAsync();
        await Task.WhenAll(all);
        return Judge([.. people, last]);
    }

    /// <summary>Who hangs, and where, when a trial does not end.</summary>
    private async Task TellingAsync(IEnumerable<ScriptedPerson> people, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException)
        {
            foreach (ScriptedPerson person in people) _print($"{person}");
            throw new TimeoutException($"After {_options.Patience} the trial was not over.");
        }
    }

    private int LinesEach => _options.Lines / _options.People;

    private int Total => LinesEach * _options.People;

    private static IEnumerable<string> Settings =>
    [
        "--Plugins:Files:Enabled=false", "--Plugins:Screen:Enabled=false", "--Plugins:Media:Enabled=false",
        "--Plugins:Chat:LinesPerSecond=10000", "--Plugins:Chat:Burst=100000", "--Plugins:Chat:HistoryLines=10000000", "--Plugins:Chat:ReadsPerSecond=10000",
        "--Server:MaxHandshakes=1000", "--Server:MaxHandshakesPerAddress=1000",
    ];

    private ScriptedPerson NewPerson(int number) =>
        new(new PersonScript(number, ServerAddress.Parse(_network!.Address, 0), Room, LinesEach, _options.UnderWay, _options.Seed), _dialer, _progress.Add);

    private static async Task FirstFailureAsync(Task[] playing, Task until)
    {
        Task failed = Task.WhenAny(playing);
        if (await Task.WhenAny(until, failed) != until) await await Task.WhenAny(playing);
        await until;
    }

    /// <summary>Kills and network faults, in a seeded order, each after a seeded number of acknowledged lines; returns when all lines are acknowledged.</summary>
    private async Task DisturbAsync()
    {
        var random = new Random(_options.Seed);
        int count = _options.Kills + _options.Disturbances;
        bool[] kills = [.. Enumerable.Range(0, count).Select(i => i < _options.Kills)];
        random.Shuffle(kills);
        for (int i = 0; i < count; i++)
        {
            await _progress.ReachedAsync((int)(Total * (i + random.NextDouble()) / count), _stop.Token);
            await (kills[i] ? KillAsync() : SpoilAsync(random));
        }
        await _progress.ReachedAsync(Total, _stop.Token);
    }

    private async Task KillAsync()
    {
        _print($"{_progress.Count} lines acknowledged: kill -9");
        string[] ports = [.. _server!.Process.Lines.All.Where(l => l.StartsWith("listening ", StringComparison.Ordinal)).Select(PortSetting)];
        await _server.Process.KillAsync();
        await _server.DisposeAsync();
        _server = await ServerProcess.StartAsync(_folder.Folder("server"), [.. Settings, .. ports]);
    }

    /// <summary><c>listening chat tcp 127.0.0.1:5871</c> as a setting.</summary>
    private static string PortSetting(string listening)
    {
        string[] words = listening.Split(' ');
        return $"--Plugins:{char.ToUpperInvariant(words[1][0])}{words[1][1..]}:Port={words[3].Split(':')[^1]}";
    }

    private async Task SpoilAsync(Random random)
    {
        var direction = (Direction)random.Next(2);
        TimeSpan duration = TimeSpan.FromSeconds(0.2 + 3 * random.NextDouble());
        int kind = random.Next(3);
        _print($"{_progress.Count} lines acknowledged: {kind switch { 0 => $"cut for {duration}", 1 => $"nothing passes {direction} for {duration}", _ => $"half-open, {direction} ends" }}");
        if (kind == 2) _network!.HalfOpen(direction);
        else if (kind == 0) _network!.Cut();
        else _network!.Stall(direction);
        if (kind != 2) await Task.Delay(duration, _stop.Token);
        _network!.Mend();
        _network.Flow(direction);
    }

    private TrialResult Judge(ScriptedPerson[] people) => new(
        ChatChecker.Check([.. people.Select(p => p.Record)]),
        people.Sum(p => p.Channels), people.Sum(p => p.Seat.Count.Resumed), people.Sum(p => p.Seat.Count.Entered),
        _network!.Tcp.Values.Sum(p => p.Strikes.Count), [.. people.SelectMany(p => p.Refusals)]);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_network is not null) await _network.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
        _folder.Dispose();
        _stop.Dispose();
    }

    /// <summary>Acknowledged lines of everybody.</summary>
    private sealed class Progress
    {
        private readonly Lock _lock = new();
        private int _awaited = int.MaxValue;
        private TaskCompletionSource _reached = new();

        public int Count { get; private set; }

        public void Add()
        {
            lock (_lock)
                if (++Count >= _awaited) _reached.TrySetResult();
        }

        public Task ReachedAsync(int count, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                if (Count >= count) return Task.CompletedTask;
                _awaited = count;
                _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
                return _reached.Task.WaitAsync(cancellationToken);
            }
        }
    }
}
