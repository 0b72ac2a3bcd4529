using System.Threading.Channels;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>
/// Fetches blocks of one file from the hub and from other clients side by side, by the hub's advice. What a source owes when it ends is asked of the
/// hub at once, and when no advice comes for a while the hub is asked for more: the swarm can make a download faster, and never stop it.
/// </summary>
/// <param name="swarm">The client's part.</param>
/// <param name="hub">The way to the hub.</param>
/// <param name="holding">What has come is given to others from there.</param>
/// <param name="take">Where blocks go.</param>
/// <param name="services">What the plugin has.</param>
internal sealed class SwarmFetch(SwarmClient swarm, FileFetch hub, Holding holding, TakeBlock take, ClientServices services)
{
    private const int MostBusy = 12;
    private const int FromHubAtOnce = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Stalled = TimeSpan.FromSeconds(3);

    private readonly Channel<int> _fromHub = Channel.CreateUnbounded<int>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, PeerSource> _sources = [];
    private readonly List<Task> _work = [];
    private readonly HashSet<int> _missing = [];
    private readonly HashSet<int> _busy = [];
    private readonly Lock _lock = new();
    private long _moved = services.Time.GetTimestamp();
    private int _open;

    private SharedFile File => holding.File;

    /// <summary>Returns when all of these blocks have been taken.</summary>
    /// <exception cref="UserErrorException">What the taker throws, or the hub refuses.</exception>
    /// <exception cref="IOException">The connection to the hub has gone.</exception>
    public async Task RunAsync(IReadOnlyCollection<int> blocks, CancellationToken cancellationToken)
    {
        _missing.UnionWith(blocks);
        _open = blocks.Count;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Start(HubAsync(stop.Token));
        try
        {
            while (!_done.Task.IsCompleted)
            {
                await AdviseAsync(stop.Token).ConfigureAwait(false);
                await Task.WhenAny(_done.Task, Task.Delay(Pause, services.Time, stop.Token)).ConfigureAwait(false);
                stop.Token.ThrowIfCancellationRequested();
            }
            await _done.Task.ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            Task[] work;
            lock (_lock) work = [.. _work];
            await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task AdviseAsync(CancellationToken cancellationToken)
    {
        int[] busy;
        lock (_lock)
        {
            if (_busy.Count >= MostBusy || _busy.Count >= _missing.Count) return;
            busy = [.. _busy.Order()];
        }
        BlockPlan? plan = await swarm.PlanAsync(File.Id, MostBusy - busy.Length, BlockRanges.Of(busy), cancellationToken).ConfigureAwait(false);
        if (plan is null || plan.Alone) FromHub(Unasked(int.MaxValue));
        else Follow(plan, cancellationToken);
        if (services.Time.GetElapsedTime(Volatile.Read(ref _moved)) > Stalled)
        {
            Move();
            FromHub(Unasked(FromHubAtOnce));
        }
    }

    private void Follow(BlockPlan plan, CancellationToken cancellationToken)
    {
        int count = BlockLayout.Count(File.Size);
        FromHub(Claim(BlockRanges.Blocks(plan.Hub, count)));
        foreach (PeerBlocks peer in plan.Peers)
        {
            int[] blocks = Claim(BlockRanges.Blocks(peer.Blocks, count));
            if (blocks.Length > 0 && !Source(peer, cancellationToken).Ask(blocks)) FromHub(blocks);
        }
    }

    private PeerSource Source(PeerBlocks peer, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_sources.TryGetValue(peer.Peer, out PeerSource? known)) return known;
            var source = new PeerSource(peer, File, hub.Hashes, TakeAsync, swarm.Patience, services.Time, services.Log);
            _sources[peer.Peer] = source;
            Start(PeerAsync(source, cancellationToken));
            return source;
        }
    }

    private void Start(Task work)
    {
        lock (_lock) _work.Add(work);
    }

    private async Task PeerAsync(PeerSource source, CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            (SourceEnd end, int[] owed) = await source.RunAsync(services.Context.Direct, cancellationToken).ConfigureAwait(false);
            lock (_lock) _sources.Remove(source.Key);
            if (end == SourceEnd.Done) return;
            // The hub's wire is the sure one: what this source owes does not wait for another plan.
            FromHub(owed);
            await swarm.AvoidAsync(File.Id, source.Key, end == SourceEnd.Wrong, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _done.TrySetException(e);
        }
    }

    /// <summary>Over the hub's channel one batch goes after the other.</summary>
    private async Task HubAsync(CancellationToken cancellationToken)
    {
        var batch = new List<int>();
        try
        {
            while (await _fromHub.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                batch.Clear();
                while (_fromHub.Reader.TryRead(out int block)) batch.Add(block);
                int[] wanted;
                lock (_lock) wanted = [.. batch.Where(_missing.Contains).Distinct()];
                await hub.GetAsync(wanted, TakeAsync, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            _done.TrySetException(e);
        }
    }

    private void FromHub(IEnumerable<int> blocks)
    {
        foreach (int block in blocks) _fromHub.Writer.TryWrite(block);
    }

    /// <summary>Those of these blocks that are on their way from nowhere yet; from now on they are.</summary>
    private int[] Claim(IEnumerable<int> blocks)
    {
        lock (_lock) return [.. blocks.Where(block => _missing.Contains(block) && _busy.Add(block))];
    }

    private int[] Unasked(int most)
    {
        lock (_lock)
        {
            int[] blocks = [.. _missing.Where(block => !_busy.Contains(block)).Order().Take(most)];
            _busy.UnionWith(blocks);
            return blocks;
        }
    }

    private async ValueTask TakeAsync(int block, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // It came from elsewhere meanwhile.
            if (!_missing.Remove(block)) return;
        }
        await take(block, data, cancellationToken).ConfigureAwait(false);
        lock (_lock) _busy.Remove(block);
        Move();
        holding.Add(block);
        swarm.Tell();
        if (Interlocked.Decrement(ref _open) == 0) _done.TrySetResult();
    }

    private void Move() => Volatile.Write(ref _moved, services.Time.GetTimestamp());
}
