using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>
/// One upload or download that goes on until it is done: over lost connections, and over the client's restarts by its entry in the
/// journal. Given up only by a person, or by a reason that does not pass; a person may let it rest for a while.
/// </summary>
internal abstract class Transfer(ClientServices services, string id, string name, string direction, bool paused)
{
    private static readonly HashSet<string> Passing = new(StringComparer.Ordinal)
    {
        "connection-lost", "not-joined", "unreachable", "disk-full", "storage-error", "too-many-transfers", "too-many-uploads", "too-many-channels",
    };

    private readonly CancellationTokenSource _cancel = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private TaskCompletionSource? _rest = paused ? new(TaskCreationOptions.RunContinuationsAsynchronously) : null;
    private CancellationTokenSource? _attempt;

    /// <summary>The id on the bridge.</summary>
    public string Id { get; } = id;

    /// <summary>The file's name.</summary>
    public string Name { get; } = name;

    /// <summary>Ends when the transfer is done, has failed or was cancelled, or when the program stops.</summary>
    public Task Ended => _ended.Task;

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

    /// <summary>Remembers over a restart whether it rests.</summary>
    protected abstract void Remember(bool resting);

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

    /// <summary>Lets it rest: its connection is closed, what it has is kept.</summary>
    public void Pause()
    {
        CancellationTokenSource? attempt;
        lock (_lock)
        {
            _rest ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            attempt = _attempt;
        }
        Remember(resting: true);
        attempt?.Cancel();
    }

    /// <summary>Goes on after <see cref="Pause"/>.</summary>
    public void Resume()
    {
        TaskCompletionSource? rest;
        lock (_lock) (rest, _rest) = (_rest, null);
        Remember(resting: false);
        rest?.TrySetResult();
    }

    private async Task RepeatAsync(CancellationToken cancellationToken)
    {
        var backoff = new Backoff();
        while (true)
        {
            await RestAsync(cancellationToken).ConfigureAwait(false);
            using CancellationTokenSource attempt = Begin(cancellationToken);
            try
            {
                if (await TryAsync(attempt.Token).ConfigureAwait(false)) return;
                await Task.Delay(backoff.Next(), services.Time, attempt.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // A person has paused it.
                backoff.Reset();
            }
            finally
            {
                lock (_lock) _attempt = null;
            }
        }
    }

    private async Task RestAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task rest;
            lock (_lock)
            {
                if (_rest is null) return;
                rest = _rest.Task;
            }
            Become("paused");
            await rest.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private CancellationTokenSource Begin(CancellationToken cancellationToken)
    {
        var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        lock (_lock)
        {
            _attempt = attempt;
            if (_rest is not null) attempt.Cancel();
        }
        return attempt;
    }

    /// <returns>True when it is over.</returns>
    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!Ready(cancellationToken, out Task ready))
            {
                Become("waiting", "Waits for the server.");
                await ready.ConfigureAwait(false);
            }
            await AttemptAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (UserErrorException e) when (!Passing.Contains(e.Code))
        {
            Fail(e.Message);
            return true;
        }
        catch (Exception e) when (e is IOException or ProtocolErrorException or UserErrorException)
        {
            FilesLog.TransferWaits(services.Log, Name, e.Message);
            Become("waiting", e.Message);
            return false;
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
