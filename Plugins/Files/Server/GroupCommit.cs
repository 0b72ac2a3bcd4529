using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Files;

/// <summary>Whoever waits for blocks to be durable.</summary>
internal interface ICommitListener
{
    /// <summary>These blocks are on the disk for good; in the order of their numbers.</summary>
    void Committed(IReadOnlyList<StoredBlock> blocks);

    /// <summary>This block was known when it was announced, and has gone since: it has to be sent after all.</summary>
    void Vanished(int block);

    /// <summary>None of what was given is there.</summary>
    void Failed(UserErrorException reason);
}

/// <summary>
/// Makes written blocks last, those of all uploads together: while one fsync runs, the next group gathers. Nothing is acknowledged before.
/// The queue is bounded by what the uploads may have under way.
/// </summary>
internal sealed class GroupCommit(FileStore store, ILogger log)
{
    // Waited on as a monitor, which sleeps at once.
    private readonly object _any = new();
    private List<(ICommitListener Listener, StoredBlock Block)> _gathering = [];

    /// <summary>Queues a block.</summary>
    public void Add(ICommitListener listener, StoredBlock block)
    {
        lock (_any)
        {
            _gathering.Add((listener, block));
            if (_gathering.Count == 1) Monitor.Pulse(_any);
        }
    }

    /// <summary>Commits until the program stops, on a thread of its own: an fsync would stop one of the pool's few or of those that hash.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.Factory.StartNew(() => Run(cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration stopping = cancellationToken.UnsafeRegister(static me => ((GroupCommit)me!).Wake(), this);
        List<(ICommitListener Listener, StoredBlock Block)> group = [];
        while (true)
        {
            lock (_any)
            {
                while (_gathering.Count == 0 && !cancellationToken.IsCancellationRequested) Monitor.Wait(_any);
                if (cancellationToken.IsCancellationRequested) return;
                (group, _gathering) = (_gathering, group);
            }
            Commit(group);
            group.Clear();
        }
    }

    private void Wake()
    {
        lock (_any) Monitor.Pulse(_any);
    }

    private void Commit(List<(ICommitListener Listener, StoredBlock Block)> group)
    {
        try
        {
            HashSet<StoredBlock> lost = [.. store.Commit([.. group.Select(item => item.Block)])];
            foreach (var mine in group.GroupBy(item => item.Listener))
            {
                foreach (var (_, block) in mine.Where(item => lost.Contains(item.Block))) mine.Key.Vanished(block.Block);
                mine.Key.Committed([.. mine.Where(item => !lost.Contains(item.Block)).Select(item => item.Block).OrderBy(block => block.Block)]);
            }
        }
        catch (Exception e) when (StoreFailure.Is(e) || e is UserErrorException)
        {
            FilesLog.StoreFailed(log, e);
            UserErrorException reason = e as UserErrorException ?? StoreFailure.Refusal(e);
            foreach (ICommitListener listener in group.Select(item => item.Listener).Distinct()) listener.Failed(reason);
        }
    }
}
