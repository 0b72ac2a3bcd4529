using System.Net;
using System.Threading.Channels;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Files;

/// <summary>How a source has ended.</summary>
internal enum SourceEnd
{
    /// <summary>It is not needed any more.</summary>
    Done,

    /// <summary>It does not answer, not in time, or has closed.</summary>
    Dead,

    /// <summary>What it sent is none of the file.</summary>
    Wrong,
}

/// <summary>Another client that blocks of one file are fetched from. One wrong block ends it.</summary>
/// <param name="peer">Where it is.</param>
/// <param name="file">The file.</param>
/// <param name="hashes">Of its blocks.</param>
/// <param name="take">Where blocks go.</param>
/// <param name="patience">How long it may send nothing of what it was asked for.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed class PeerSource(PeerBlocks peer, SharedFile file, BlockHash[] hashes, TakeBlock take, TimeSpan patience, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan DialTime = TimeSpan.FromSeconds(3);

    private readonly Channel<int> _wanted = Channel.CreateUnbounded<int>(new UnboundedChannelOptions { SingleReader = true });
    private readonly HashSet<int> _open = [];
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _window = new(PeerServing.Window);
    private Exception? _fault;
    private long _heard;
    private bool _keeping; // a block is being written here: that the source is not read meanwhile is not its silence
    private int _got;

    /// <summary>Its name in the swarm.</summary>
    public string Key => peer.Peer;

    /// <summary>Asks for blocks, now or when it is connected. False when it has ended.</summary>
    public bool Ask(IEnumerable<int> blocks)
    {
        lock (_lock)
        {
            foreach (int block in blocks)
            {
                if (!_wanted.Writer.TryWrite(block)) return false;
                if (_open.Count == 0) _heard = time.GetTimestamp();
                _open.Add(block);
            }
            return true;
        }
    }

    /// <summary>Fetches what is asked for until the token ends or the source does.</summary>
    /// <returns>How it ended, and the blocks that did not come.</returns>
    /// <exception cref="UserErrorException">Whatever <c>take</c> throws.</exception>
    public async Task<(SourceEnd End, int[] Missing)> RunAsync(IDirectLinks links, CancellationToken cancellationToken)
    {
        SourceEnd end = await EndAsync(links, cancellationToken).ConfigureAwait(false);
        _wanted.Writer.TryComplete();
        if (_fault is not null) throw _fault;
        lock (_lock) return (end, [.. _open]);
    }

    private async Task<SourceEnd> EndAsync(IDirectLinks links, CancellationToken cancellationToken)
    {
        try
        {
            await FetchAsync(links, cancellationToken).ConfigureAwait(false);
            FilesLog.SourceEnded(log, file.Id, peer.Peer, "It has closed.");
            return SourceEnd.Dead;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return SourceEnd.Done;
        }
        catch (ProtocolErrorException e)
        {
            FilesLog.SourceEnded(log, file.Id, peer.Peer, e.Message);
            return SourceEnd.Wrong;
        }
        // No way through a firewall, another certificate, a token that has ended, a cable that was pulled: for this file it is the same.
        catch (Exception e) when (e is IOException or UserErrorException or OperationCanceledException or TimeoutException)
        {
            FilesLog.SourceEnded(log, file.Id, peer.Peer, e.Message);
            return SourceEnd.Dead;
        }
    }

    private async Task FetchAsync(IDirectLinks links, CancellationToken cancellationToken)
    {
        await using IChannel channel = await DialAsync(links, cancellationToken).ConfigureAwait(false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        lock (_lock) _heard = time.GetTimestamp();
        MessageChannel messages = new MessageChannel(channel, FilesJson.Messages, log).OnBinary(TakeAsync);
        Task[] work = [messages.RunAsync(stop.Token), AskAsync(messages, stop.Token), WatchAsync(stop.Token)];
        try
        {
            await (await Task.WhenAny(work).ConfigureAwait(false)).ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            channel.Close("done");
            await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<IChannel> DialAsync(IDirectLinks links, CancellationToken cancellationToken)
    {
        if (!IPAddress.TryParse(peer.Address, out IPAddress? address) || peer.Port is < 1 or > 65535) throw new UserErrorException("unreachable", "It has no address.");
        using var limit = new CancellationTokenSource(DialTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var service = new StreamService(FilesServerPlugin.Service, peer.Port) { MaxFrame = FrameLimits.Block };
        return await links.DialAsync(new IPEndPoint(address, peer.Port), peer.Fingerprint, service, peer.Token, either.Token).ConfigureAwait(false);
    }

    private async Task AskAsync(MessageChannel messages, CancellationToken cancellationToken)
    {
        await foreach (int block in _wanted.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            await _window.WaitAsync(cancellationToken).ConfigureAwait(false);
            await messages.SendAsync(new GetBlocks([[block, block]], Volatile.Read(ref _got)), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan left;
            lock (_lock) left = _open.Count == 0 || _keeping ? patience : patience - time.GetElapsedTime(_heard);
            if (left <= TimeSpan.Zero) throw new TimeoutException("It sent nothing for too long.");
            await Task.Delay(left, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask TakeAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        (int block, ReadOnlyMemory<byte> data) = BlockLayout.Read(frame, file.Size);
        lock (_lock)
        {
            if (!_open.Contains(block)) throw new ProtocolErrorException($"Block {block} was not asked for.");
        }
        if (BlockHash.Of(data.Span) != hashes[block]) throw new ProtocolErrorException($"Block {block} is not what was shared.");
        lock (_lock) _keeping = true;
        await KeepAsync(block, data, cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            _open.Remove(block);
            (_keeping, _heard) = (false, time.GetTimestamp());
        }
        Interlocked.Increment(ref _got);
        _window.Release();
    }

    private async ValueTask KeepAsync(int block, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        try
        {
            await take(block, data, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // This machine's fault, and not the source's.
            _fault = e;
            throw;
        }
    }
}
