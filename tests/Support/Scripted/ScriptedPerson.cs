using LanCollab.Host.Net;
using LanCollab.Plugins.Chat;
using Microsoft.Extensions.Logging.Abstractions;

namespace LanCollab.Tests.Support.Scripted;

/// <summary>What a person does.</summary>
/// <param name="Number">Its number in the trial.</param>
/// <param name="Server">Where the session service is.</param>
/// <param name="Room">The room.</param>
/// <param name="Lines">Lines to say.</param>
/// <param name="UnderWay">Lines that may wait for their acknowledgement at a time.</param>
/// <param name="Seed">For waits and the device.</param>
internal sealed record PersonScript(int Number, ServerAddress Server, string Room, int Lines, int UnderWay, int Seed);

/// <summary>
/// A light client over the real wire, without a bridge and a page: says its lines in order, each until it is acknowledged, the same key after a broken
/// connection; catches up by number; records everything. Independent of the product's own client half, so that one mistake cannot hide another.
/// </summary>
internal sealed class ScriptedPerson
{
    /// <summary>A hub that does not answer for so long is taken for gone.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    /// <summary>So long a silence makes it ask whether it has missed something: the only way to find out that a link it only listens on is half-open.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    private const int Page = 200;

    private readonly PersonScript _script;
    private readonly Dialer _dialer;
    private readonly Random _random;
    private readonly Action _acknowledged;
    private readonly Lock _lock = new();
    private readonly bool[] _done;
    private readonly List<(long Count, TaskCompletionSource Reached)> _waiting = [];
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _store;
    private string _trouble = "", _phase = "";
    private long _highest;

    /// <param name="script">What it does.</param>
    /// <param name="dialer">Opens its channels.</param>
    /// <param name="acknowledged">Called for each line of its own that is acknowledged, once.</param>
    public ScriptedPerson(PersonScript script, Dialer dialer, Action acknowledged)
    {
        (_script, _dialer, _acknowledged) = (script, dialer, acknowledged);
        _random = new Random(script.Seed * 1009 + script.Number);
        _done = new bool[script.Lines];
        Seat = new ScriptedSeat(script.Server, script.Room, $"P{script.Number}", dialer, new Random(script.Seed * 2003 + script.Number));
        Record = new ChatRecord(script.Number);
    }

    /// <summary>All that happened; complete once it has ended.</summary>
    public ChatRecord Record { get; }

    /// <summary>Its place in the room.</summary>
    public ScriptedSeat Seat { get; }

    /// <summary>Refusals that no script expects.</summary>
    public List<string> Refusals { get; } = [];

    /// <summary>Chat channels it has had.</summary>
    public int Channels { get; private set; }

    /// <inheritdoc />
    public override string ToString() =>
        $"P{_script.Number}: {Record.Shown.Count} shown, {Record.Acknowledged.Count} of {_script.Lines} acknowledged, {Channels} channels, now {_phase}; chat ended by \"{_trouble}\", seat by \"{Seat.Trouble}\" {Seat.Count}";

    /// <summary>Waits until it is in for the first time: seat, chat channel and history.</summary>
    public Task CaughtUpAsync() => _caughtUp.Task;

    /// <summary>Waits until so many lines were shown.</summary>
    public Task ShownAsync(long count, CancellationToken cancellationToken)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (Record.Shown.Count >= count) return Task.CompletedTask;
            _waiting.Add((count, reached));
        }
        return reached.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Plays its part until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Task seat = Seat.RunAsync(cancellationToken);
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), _random);
        while (!cancellationToken.IsCancellationRequested)
        {
            _trouble = await Faults.ToleratedAsync(() => ConnectAsync(backoff, cancellationToken));
            await Task.Delay(backoff.Next(), cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await seat;
    }

    private async Task ConnectAsync(Backoff backoff, CancellationToken cancellationToken)
    {
        _phase = "waiting for a seat";
        Admission admission = await Seat.AdmittedAsync(cancellationToken);
        _phase = "dialling";
        int port = admission.Services.First(s => s.Name == ChatWire.Service).Port;
        var hello = new Hello(Hello.CurrentVersion, ChatWire.Service, admission.Token);
        (FrameChannel channel, _) = await _dialer.DialAsync(_script.Server with { Port = port }, null, hello, ChatWire.MaxFrame, cancellationToken);
        await using (channel)
        {
            Channels++;
            backoff.Reset();
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            MessageChannel messages = new MessageChannel(channel, ChatWire.Messages, NullLogger.Instance)
                .On((Said line) => Take(line.Seq, ScriptLine.Read(line.Id, line.Text))).On((Lines lines) => TakeAll(lines)).On((Hidden hidden) => Take(hidden.Seq, ScriptLine.Phantom));
            Task[] work = [messages.RunAsync(ended.Token), WorkAsync(messages, ended.Token)];
            Task first = await Task.WhenAny(work);
            await ended.CancelAsync();
            await first;
        }
    }

    private async Task WorkAsync(MessageChannel messages, CancellationToken cancellationToken)
    {
        _phase = "catching up";
        await CatchUpAsync(messages, cancellationToken);
        _caughtUp.TrySetResult();
        _phase = "talking";
        Task saying = SayAsync(messages, cancellationToken), listening = ListenAsync(messages, cancellationToken);
        await (await Task.WhenAny(saying, listening));
        await listening;
    }

    /// <summary>Asks for what is missing: behind a gap, and after a silence.</summary>
    private async Task ListenAsync(MessageChannel messages, CancellationToken cancellationToken)
    {
        while (true)
        {
            long before = Interlocked.Read(ref _highest);
            await Task.Delay(Silence, cancellationToken);
            if (HasGap || Interlocked.Read(ref _highest) == before) await CatchUpAsync(messages, cancellationToken);
        }
    }

    private bool HasGap
    {
        get { lock (_lock) return _highest > Record.Shown.Count; }
    }

    private async Task CatchUpAsync(MessageChannel messages, CancellationToken cancellationToken)
    {
        bool more = true;
        while (more)
        {
            int last;
            lock (_lock) last = Record.Shown.Count == 0 ? 0 : (int)Record.Shown[^1].Seq;
            HistoryOk page = await messages.RequestAsync<HistoryOk>(new History(After: last, Limit: Page), cancellationToken).WaitAsync(Patience, cancellationToken);
            if ((_store ??= page.Store) != page.Store) throw new InvalidOperationException("The hub has another history than before.");
            foreach (Said line in page.Items) Take(line.Seq, ScriptLine.Read(line.Id, line.Text));
            more = page.More;
        }
    }

    private void TakeAll(Lines lines)
    {
        for (int i = 0; i < lines.Items.Count; i++) Take(lines.First + i, ScriptLine.Read(lines.Items[i].Id, lines.Items[i].Text));
    }

    /// <summary>What a client must do with a line, in the simplest way: show it when it is the next one, drop it when it was there, leave it to the history when something is missing before it.</summary>
    private void Take(long seq, ScriptLine line)
    {
        lock (_lock)
        {
            _highest = Math.Max(_highest, seq);
            long last = Record.Shown.Count == 0 ? 0 : Record.Shown[^1].Seq;
            if (seq == last + 1) Show(new Told(seq, line));
            else if (seq <= last && Record.Shown[(int)seq - 1] is var shown && shown != new Told(seq, line)) Record.Contradicted.Add(new Told(seq, line));
        }
    }

    private void Show(Told told)
    {
        Record.Shown.Add(told);
        foreach ((long count, TaskCompletionSource reached) in _waiting)
            if (Record.Shown.Count == count) reached.SetResult();
    }

    private async Task SayAsync(MessageChannel messages, CancellationToken cancellationToken)
    {
        var underWay = new Queue<Task>();
        for (int number = 0; number < _script.Lines; number++)
        {
            if (_done[number]) continue;
            if (underWay.Count == _script.UnderWay) await underWay.Dequeue();
            underWay.Enqueue(SayAsync(messages, new ScriptLine(_script.Number, number), cancellationToken));
        }
        await Task.WhenAll(underWay);
    }

    private async Task SayAsync(MessageChannel messages, ScriptLine line, CancellationToken cancellationToken)
    {
        try
        {
            Task<SayOk> saying = messages.RequestAsync<SayOk>(new Say(line.Text, Key: line.Key), cancellationToken);
            SayOk ok = await saying.WaitAsync(Patience, cancellationToken);
            lock (_lock) Record.Acknowledged.Add(new Told(ok.Seq, line));
            if (!Volatile.Read(ref _done[line.Number])) _acknowledged();
            Volatile.Write(ref _done[line.Number], true);
        }
        catch (UserErrorException e) when (e.Code != "connection-lost")
        {
            lock (_lock) Refusals.Add($"{e.Code}: {e.Message}");
            throw;
        }
    }
}
