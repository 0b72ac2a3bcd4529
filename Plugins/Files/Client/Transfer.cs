using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>
/// One upload or download that goes on until it is done: over lost connections, and over the client's restarts by its entry in the
/// journal. Given up only by a person, or by a reason that does not pass.
/// </summary>
internal abstract class Transfer(ClientServices services, string id, string name, string direction)
{
    private static readonly HashSet<string> Passing = new(StringComparer.Ordinal)
    {
        "connection-lost", "not-joined", "unreachable", "disk-full", "storage-error", "too-many-transfers", "too-many-uploads",
    };

    private readonly CancellationTokenSource _cancel = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The id on the bridge.</summary>
    public string Id { get; } = id;

    /// <summary>The file's name.</summary>
    public string Name { get; } = name;

    /// <summary>What the page sees.</summary>
    public ProgressMeter Progress { get; } = new(services.Bridge, services.Time, id, name, direction);

    /// <summary>How much is done, and of how much.</summary>
    protected abstract (long Done, long Total) Position { get; }

    /// <summary>Returns when the client is where this transfer belongs.</summary>
    protected abstract Task ReadyAsync(CancellationToken cancellationToken);

    /// <summary>One connection's worth; returns when all is done.</summary>
    protected abstract Task AttemptAsync(CancellationToken cancellationToken);

    /// <summary>Forgets the transfer and what is stored of it.</summary>
    protected abstract Task AbandonAsync(CancellationToken cancellationToken);

    /// <summary>Called when the transfer has failed for good.</summary>
    protected abstract void Forget();

    /// <summary>Runs it to its end, or until the program stops.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, _cancel.Token);
        try
        {
            await RepeatAsync(ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            await AbandonAsync(stopping).ConfigureAwait(false);
            Become("cancelled");
        }
        catch (OperationCanceledException)
        {
            // The program stops; the journal knows where to go on.
        }
        finally
        {
            _ended.SetResult();
        }
    }

    /// <summary>Gives it up; returns when that is done.</summary>
    public async Task CancelAsync(CancellationToken cancellationToken)
    {
        await _cancel.CancelAsync().ConfigureAwait(false);
        await _ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task RepeatAsync(CancellationToken cancellationToken)
    {
        var backoff = new Backoff();
        while (true)
        {
            try
            {
                if (!Ready(cancellationToken, out Task ready))
                {
                    Become("waiting", "Waits for the server.");
                    await ready.ConfigureAwait(false);
                }
                await AttemptAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (UserErrorException e) when (!Passing.Contains(e.Code))
            {
                Fail(e.Message);
                return;
            }
            catch (Exception e) when (e is IOException or ProtocolErrorException or UserErrorException)
            {
                FilesLog.TransferWaits(services.Log, Name, e.Message);
                Become("waiting", e.Message);
            }
            await Task.Delay(backoff.Next(), services.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool Ready(CancellationToken cancellationToken, out Task ready)
    {
        ready = ReadyAsync(cancellationToken);
        return ready.IsCompletedSuccessfully;
    }

    private void Fail(string reason)
    {
        FilesLog.TransferFailed(services.Log, Name, reason);
        Forget();
        Become("failed", reason);
    }

    private void Become(string state, string? reason = null) => Progress.Become(state, Position.Done, Position.Total, reason);
}
