using System.Buffers.Text;
using LanCollab.Host.Net;
using LanCollab.Plugins.Session;
using Microsoft.Extensions.Logging.Abstractions;

namespace LanCollab.Tests.Support.Scripted;

/// <summary>A place in a room, kept over the real wire: TLS, hello, enter or resume, beats; comes back by itself however the connection ends.</summary>
internal sealed class ScriptedSeat(ServerAddress server, string room, string name, Dialer dialer, Random random)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100), LongestWait = TimeSpan.FromSeconds(2);

    /// <summary>A link may be half-open from its first byte on.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly string _device = DeviceOf(random);
    private TaskCompletionSource<Admission> _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _resume, _token;

    /// <summary>Entered and resumed so far.</summary>
    public (int Entered, int Resumed) Count { get; private set; }

    /// <summary>How the last connection ended.</summary>
    public string Trouble { get; private set; } = "";

    /// <summary>The newest admission, as soon as there is one.</summary>
    public Task<Admission> AdmittedAsync(CancellationToken cancellationToken)
    {
        lock (_lock) return _admitted.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Stays until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var backoff = new Backoff(FirstWait, LongestWait, random);
        while (!cancellationToken.IsCancellationRequested)
        {
            Trouble = await Faults.ToleratedAsync(() => StayAsync(backoff, cancellationToken));
            await Task.Delay(backoff.Next(), cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task StayAsync(Backoff backoff, CancellationToken cancellationToken)
    {
        var hello = new Hello(Hello.CurrentVersion, SessionProtocol.Service.Name);
        (FrameChannel channel, _) = await dialer.DialAsync(server, null, hello, SessionProtocol.Dialled.MaxFrame, cancellationToken);
        await using (channel)
        {
            Entered? entered = null;
            MessageChannel messages = new MessageChannel(channel, SessionProtocol.Messages, NullLogger.Instance).On((Entered e) => { entered = e; });
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task receiving = messages.RunAsync(ended.Token);
            bool resumed = await TakeSeatAsync(messages, cancellationToken).WaitAsync(Patience, cancellationToken);
            Take(entered ?? throw new ProtocolErrorException("no seat came before ok"), resumed);
            backoff.Reset();
            await Task.WhenAny(receiving, BeatAsync(messages, entered.Heartbeat, ended.Token));
            await ended.CancelAsync();
            // Who ends of their own will gives the seat back.
            if (cancellationToken.IsCancellationRequested) messages.TryPost(new Leave());
        }
    }

    /// <summary>True when the seat was taken up again.</summary>
    private async Task<bool> TakeSeatAsync(MessageChannel messages, CancellationToken cancellationToken)
    {
        try
        {
            if (_resume is not null)
            {
                await messages.RequestAsync(new ResumeSeat(_resume, _device), cancellationToken);
                return true;
            }
        }
        catch (UserErrorException e) when (e.Code == "unknown-seat")
        {
            _resume = null;
        }
        await EnterAsync(messages, cancellationToken);
        return false;
    }

    private Task EnterAsync(MessageChannel messages, CancellationToken cancellationToken) =>
        messages.RequestAsync(new Enter(room, name, _device), cancellationToken);

    private void Take(Entered entered, bool resumed)
    {
        _resume = entered.Resume;
        Count = resumed ? (Count.Entered, Count.Resumed + 1) : (Count.Entered + 1, Count.Resumed);
        lock (_lock)
        {
            if (_token == entered.Admission.Token) return;
            _token = entered.Admission.Token;
            if (_admitted.Task.IsCompleted) _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _admitted.SetResult(entered.Admission);
        }
    }

    /// <summary>Ends when a beat is not answered for as long as the hub takes to call a silent client suspect.</summary>
    private static async Task BeatAsync(MessageChannel messages, Heartbeat heartbeat, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(heartbeat.IntervalMs));
        while (await timer.WaitForNextTickAsync(cancellationToken))
            await messages.RequestAsync(new Beat(), cancellationToken).WaitAsync(TimeSpan.FromMilliseconds(heartbeat.SuspectMs), cancellationToken);
    }

    private static string DeviceOf(Random random)
    {
        byte[] device = new byte[32];
        random.NextBytes(device);
        return Base64Url.EncodeToString(device);
    }
}
