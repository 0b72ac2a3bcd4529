using System.Threading.Channels;
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
    private readonly Channel<(ICommitListener Listener, StoredBlock Block)> _queue =
        Channel.CreateUnbounded<(ICommitListener, StoredBlock)>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Queues a block.</summary>
    public void Add(ICommitListener listener, StoredBlock block) => _queue.Writer.TryWrite((listener, block));

    /// <summary>Commits until the program stops.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var group = new List<(ICommitListener Listener, StoredBlock Block)>();
        while (await _queue.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            group.Clear();
            while (_queue.Reader.TryRead(out var item)) group.Add(item);
            // Not on the pool, whose few threads an fsync would stop.
            await BlockWork.RunFirst(() => Commit(group)).ConfigureAwait(false);
        }
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
