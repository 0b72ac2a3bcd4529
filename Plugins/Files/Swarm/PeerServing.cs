using System.Threading.Channels;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Files;

/// <summary>Gives blocks of one holding to one other client, which asks as it would ask the hub.</summary>
/// <param name="holding">What it may have.</param>
/// <param name="channel">The way to it.</param>
/// <param name="pace">Called before each block with its bytes.</param>
/// <param name="log">The log.</param>
internal sealed class PeerServing(Holding holding, IChannel channel, Func<int, CancellationToken, ValueTask> pace, ILogger log)
{
    /// <summary>Blocks that may be asked for and not yet received.</summary>
    public const int Window = 8;

    private readonly Channel<int> _asked = Channel.CreateUnbounded<int>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Queue<byte[]> _underWay = new();
    private long _sent, _got;
    private int _open;

    /// <summary>Serves until either side closes, or a block is not here any more.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var messages = new MessageChannel(channel, FilesJson.Messages, log).On<GetBlocks>(Get);
        Task sending = SendAsync(cancellationToken);
        try
        {
            await messages.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _asked.Writer.TryComplete();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Get(GetBlocks request)
    {
        if (request.Got < _got || request.Got > Interlocked.Read(ref _sent)) throw new ProtocolErrorException($"{request.Got} blocks are said to have come; {_sent} were sent.");
        for (; _got < request.Got; _got++, _open--)
        {
            lock (_underWay) BlockBuffers.Shared.Return(_underWay.Dequeue());
        }
        foreach (int block in BlockRanges.Blocks(request.Blocks, BlockLayout.Count(holding.File.Size)))
        {
            if (++_open > Window) throw new ProtocolErrorException($"{_open} blocks are asked for at a time; {Window} is the most.");
            _asked.Writer.TryWrite(block);
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        await foreach (int block in _asked.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            byte[] buffer = BlockBuffers.Shared.Rent();
            if (!holding.TryRead(block, buffer.AsMemory(BlockLayout.DataAt), out int length))
            {
                BlockBuffers.Shared.Return(buffer);
                channel.Close($"Block {block} is not here any more.");
                return;
            }
            await pace(length, cancellationToken).ConfigureAwait(false);
            BlockLayout.WriteHeader(buffer, block);
            lock (_underWay) _underWay.Enqueue(buffer);
            // Before the send: the answer may come while it still waits.
            Interlocked.Increment(ref _sent);
            await channel.SendAsync(new Frame(FrameKind.Binary, buffer.AsMemory(0, BlockLayout.DataAt + length)), cancellationToken).ConfigureAwait(false);
        }
    }
}
