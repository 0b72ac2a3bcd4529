using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Session;

/// <summary>
/// Writes the house to its file after each change, in the background. Changes that come while one is written go together into the next
/// one: 500 people who join at once cost a few writes, not 500.
/// </summary>
/// <param name="save">Writes what there is now.</param>
/// <param name="log">For a disk that does not take it.</param>
internal sealed class Keeper(Action save, ILogger log)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _change = New(), _round = New();
    private long _changes, _saved;
    private bool _failed, _ended;

    /// <summary>Something has changed.</summary>
    public void Touch()
    {
        lock (_gate)
        {
            _changes++;
            _change.TrySetResult();
        }
    }

    /// <summary>
    /// Ends when all changes so far are on the disk, or could not be brought there: then the log says so, and people come in all the same,
    /// but a restart would forget them.
    /// </summary>
    public async Task SavedAsync(CancellationToken cancellationToken)
    {
        long mine;
        lock (_gate) mine = _changes;
        while (true)
        {
            Task round;
            lock (_gate)
            {
                if (_ended || _saved >= mine) return;
                round = _round.Task;
            }
            await round.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Works until the token ends, then once more.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                Task change;
                lock (_gate) change = _change.Task;
                await change.WaitAsync(cancellationToken).ConfigureAwait(false);
                SaveOnce(ended: false);
            }
        }
        finally
        {
            SaveOnce(ended: true);
        }
    }

    private void SaveOnce(bool ended)
    {
        long upTo;
        lock (_gate) (upTo, _change) = (_changes, New());
        Save();
        TaskCompletionSource round;
        lock (_gate) (_saved, _ended, round, _round) = (upTo, ended, _round, New());
        round.SetResult();
    }

    private void Save()
    {
        try
        {
            save();
            if (_failed) SessionLog.KeptAgain(log);
            _failed = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_failed) SessionLog.NotKept(log, e.Message);
            _failed = true;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
