using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Net;

/// <summary>One channel of a plugin that is kept open while this client is admitted: opened, run, and opened again with back-off.</summary>
internal sealed class StandingStream(
    string service, int maxFrame, Func<IChannel, CancellationToken, Task> run, Action<Exception> fault, ClientLink link, TimeProvider time, ILogger log)
{
    /// <summary>A channel that has lived this long counts as a success.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    private CancellationTokenSource? _ended;
    private TaskCompletionSource _opened = new();
    private string _reason = "left";

    /// <summary>The work so far; complete when the stream has ended.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Complete when the plugin has got its first channel since <see cref="Begin"/>, or the first attempt has failed.</summary>
    public Task Opened => _opened.Task;

    public void Begin(ClientLink.Admitted admitted)
    {
        Task before = Completion;
        _opened.TrySetResult();
        var opened = _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new CancellationTokenSource();
        _ended = ended;
        Completion = Task.Run(async () =>
        {
            // The previous run ends first: the plugin is never run twice at a time.
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await KeepAsync(admitted, opened, ended.Token).ConfigureAwait(false);
            opened.TrySetResult();
        }, CancellationToken.None);
    }

    public void End(string reason)
    {
        _reason = reason;
        _ended?.Cancel();
    }

    private async Task KeepAsync(ClientLink.Admitted admitted, TaskCompletionSource opened, CancellationToken ended)
    {
        // A hub without this service (its plugin was left out) is not asked again.
        if (ClientLink.Port(admitted, service, "tcp") is null) return;
        var backoff = new Backoff();
        while (!ended.IsCancellationRequested)
        {
            string reason = await TryOnceAsync(admitted, backoff, opened, ended).ConfigureAwait(false);
            opened.TrySetResult();
            if (ended.IsCancellationRequested) return;
            TimeSpan wait = backoff.Next();
            HostLog.ChannelRetry(log, service, reason, wait);
            await Task.Delay(wait, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<string> TryOnceAsync(ClientLink.Admitted admitted, Backoff backoff, TaskCompletionSource opened, CancellationToken ended)
    {
        try
        {
            FrameChannel channel = await link.ConnectAsync(admitted, service, maxFrame, ended).ConfigureAwait(false);
            long opening = time.GetTimestamp();
            await using (channel.ConfigureAwait(false))
            {
                string reason = await RunAsync(channel, opened, ended).ConfigureAwait(false);
                // A channel that breaks as soon as it is open (a plugin that fails each time) must not come back at full speed.
                if (time.GetElapsedTime(opening) > Settled) backoff.Reset();
                return reason;
            }
        }
        // Whatever it is, the next attempt comes: a standing stream that gave up would be missing until the next join.
        catch (Exception e)
        {
            return e.Message;
        }
    }

    private async Task<string> RunAsync(FrameChannel channel, TaskCompletionSource opened, CancellationToken ended)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ended, channel.Closed);
        try
        {
            Task running = run(channel, either.Token);
            opened.TrySetResult();
            await running.ConfigureAwait(false);
        }
        catch (ProtocolErrorException e)
        {
            channel.Close(e.Message);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            channel.Close(ended.IsCancellationRequested ? _reason : e.Message);
        }
        // A plugin's fault: told by name; the channel is opened again after a while.
        catch (Exception e)
        {
            fault(e);
            channel.Close("The client made a mistake.");
        }
        return channel.Reason ?? "the server closed it";
    }
}
