using System.Threading.Channels;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Files;

/// <summary>Sends the blocks of one content over one channel, those that are asked for, in that order.</summary>
internal sealed class ServerDownload : IAsyncDisposable
{
    private readonly FilesHub _hub;
    private readonly MessageChannel _messages;
    private readonly FileRow _row;
    private readonly IReadOnlyList<BlockHash> _hashes;
    private readonly Channel<int> _asked;
    private readonly UnwrittenBlocks<CachedBlock> _unwritten;
    private readonly Task _sending;
    private long _sent;
    private long _got;
    private int _open;

    /// <param name="hub">The plugin.</param>
    /// <param name="messages">The channel.</param>
    /// <param name="row">The file.</param>
    /// <param name="ending">Ends with the channel.</param>
    public ServerDownload(FilesHub hub, MessageChannel messages, FileRow row, CancellationToken ending)
    {
        (_hub, _messages, _row, _hashes) = (hub, messages, row, hub.Store.Blocks(row.File.Root));
        Window = hub.DownloadWindow();
        _unwritten = new UnwrittenBlocks<CachedBlock>(messages.Channel, block => block.Release());
        _asked = Channel.CreateUnbounded<int>(new UnboundedChannelOptions { SingleReader = true });
        _sending = SendAsync(ending);
    }

    /// <summary>Blocks that may be asked for and not yet received.</summary>
    public int Window { get; }

    /// <summary>The hashes of some blocks.</summary>
    /// <exception cref="UserErrorException"><c>bad-offset</c>.</exception>
    public BlockHashes Hashes(AskHashes request)
    {
        const int most = 16384;
        if (request.First < 0 || request.Count is < 1 or > most || request.Count > _hashes.Count - request.First)
            throw new UserErrorException("bad-offset", $"{request.Count} hashes from block {request.First} on are asked for; the file has {_hashes.Count} blocks, and {most} may be asked for at a time.");
        return new BlockHashes(request.First, BlockHash.Pack([.. _hashes.Skip(request.First).Take(request.Count)]));
    }

    /// <summary>The receiver asks for blocks, and tells how many it has got.</summary>
    /// <exception cref="ProtocolErrorException">More than the window, or more than was sent.</exception>
    public void Get(GetBlocks request)
    {
        long sent = Interlocked.Read(ref _sent);
        if (request.Got < _got || request.Got > sent) throw new ProtocolErrorException($"{request.Got} blocks are said to have come; it must be {_got} to {sent}.");
        _open -= (int)(request.Got - _got);
        _got = request.Got;
        // What has come has been written, the last block, too.
        _unwritten.Release();
        foreach (int block in BlockRanges.Blocks(request.Blocks, _hashes.Count))
        {
            if (++_open > Window) throw new ProtocolErrorException($"{_open} blocks are asked for at a time; {Window} is the most.");
            _asked.Writer.TryWrite(block);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _asked.Writer.TryComplete();
        await _sending.ConfigureAwait(false);
        // What still stands in the channel's queue is left to the collector.
        _unwritten.Release();
        _hub.DownloadEnded();
    }

    private async Task SendAsync(CancellationToken ending)
    {
        try
        {
            await foreach (int block in _asked.Reader.ReadAllAsync(ending).ConfigureAwait(false)) await SendAsync(block, ending).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The channel has closed: the receiver has all, or comes back for the rest.
        }
        catch (IOException e) when (_messages.Channel.Closed.IsCancellationRequested)
        {
            FilesLog.DownloadEnded(_hub.Log, _row.File.Id, e.Message);
        }
        catch (IOException e)
        {
            FilesLog.StoreFailed(_hub.Log, e);
            _messages.TryPost(new TransferStopped("storage-error", "The server cannot read this file any more."));
            _messages.Channel.Close("The file cannot be read.");
        }
    }

    private async Task SendAsync(int block, CancellationToken ending)
    {
        (CachedBlock cached, int length) = await _hub.Cache.UseAsync(_row.File.Root, block, memory => Read(block, memory)).ConfigureAwait(false);
        // Before the send: the answer may come while it still waits.
        Interlocked.Increment(ref _sent);
        _hub.Sent(length);
        await _unwritten.SendAsync(cached, cached.Buffer.AsMemory(0, length), ending).ConfigureAwait(false);
    }

    private int Read(int block, Memory<byte> target)
    {
        BlockPlace place = _hub.Store.Find(_hashes[block]) ?? throw new IOException($"Block {block} is not in the store any more.");
        _hub.Store.Read(place, target.Span);
        return place.Length;
    }
}
