using System.Security.Cryptography;
using LanCollab.Contracts;
using Microsoft.Win32.SafeHandles;

namespace LanCollab.Plugins.Files;

/// <summary>
/// The sending end of a transfer, on either side: reads a file and sends it in blocks, never more than a window ahead of what is
/// acknowledged. Nothing is sent before the first <see cref="Acknowledge"/>.
/// </summary>
/// <remarks>
/// A channel queues what it is given, so a buffer is free only when its bytes are known to have arrived. Block k uses buffer k modulo
/// (window / chunk); the window makes sure that block k - (window / chunk) is acknowledged by then. The buffers belong to this transfer
/// and are left to the collector: after a broken one they may still stand in the channel's queue.
/// </remarks>
internal sealed class BlockSender : IDisposable
{
    private readonly SafeFileHandle _source;
    private readonly IChannel _channel;
    private readonly long _size;
    private readonly int _chunk;
    private readonly int _window;
    private readonly byte[]?[] _buffers;
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Lock _lock = new();
    private long _sent;
    private long _acknowledged;
    private long _limit;
    private int _block;

    /// <param name="source">The file.</param>
    /// <param name="channel">Takes the blocks.</param>
    /// <param name="offset">Where to begin.</param>
    /// <param name="size">Where to end.</param>
    /// <param name="chunk">Bytes of data in a block.</param>
    /// <param name="window">Bytes, as in <see cref="UploadCreated"/>.</param>
    public BlockSender(SafeFileHandle source, IChannel channel, long offset, long size, int chunk, int window)
    {
        (_source, _channel, _size, _chunk) = (source, channel, size, Math.Clamp(chunk, 1, Math.Min(BlockLayout.MaxData, window)));
        _buffers = new byte[window / _chunk][];
        _window = _buffers.Length * _chunk;
        _sent = _acknowledged = _limit = offset;
    }

    /// <summary>Takes the bytes in their order, when set.</summary>
    public IncrementalHash? Hash { get; init; }

    /// <summary>Called before each block with its length; may wait.</summary>
    public Func<int, CancellationToken, ValueTask>? Pace { get; init; }

    /// <summary>Everything below has arrived.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>The receiver has everything below the offset.</summary>
    /// <exception cref="ProtocolErrorException">It cannot have that.</exception>
    public void Acknowledge(long offset)
    {
        lock (_lock)
        {
            long sent = Interlocked.Read(ref _sent);
            if (offset < _acknowledged || offset > sent)
                throw new ProtocolErrorException($"Offset {offset} is acknowledged; it must be {_acknowledged} to {sent}.");
            Interlocked.Exchange(ref _acknowledged, offset);
            Interlocked.Exchange(ref _limit, offset + _window);
            if (_wake.CurrentCount == 0) _wake.Release();
        }
    }

    /// <summary>Sends to the end.</summary>
    /// <exception cref="EndOfStreamException">The file is shorter than its size.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (_sent < _size)
        {
            // A whole chunk must fit, even if the last block is shorter: see the remarks.
            while (_sent + _chunk > Interlocked.Read(ref _limit)) await _wake.WaitAsync(cancellationToken).ConfigureAwait(false);
            await SendBlockAsync((int)Math.Min(_chunk, _size - _sent), cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _wake.Dispose();

    private async ValueTask SendBlockAsync(int length, CancellationToken cancellationToken)
    {
        if (Pace is { } pace) await pace(length, cancellationToken).ConfigureAwait(false);
        byte[] buffer = _buffers[_block % _buffers.Length] ??= new byte[BlockLayout.DataAt + length];
        Memory<byte> data = buffer.AsMemory(BlockLayout.DataAt, length);
        await ReadAsync(data, cancellationToken).ConfigureAwait(false);
        BlockLayout.WriteHeader(buffer, _sent);
        Hash?.AppendData(data.Span);
        // Before the send: an acknowledgement may come while it still waits.
        Interlocked.Add(ref _sent, length);
        _block++;
        await _channel.SendAsync(new Frame(FrameKind.Binary, buffer.AsMemory(0, BlockLayout.DataAt + length)), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask ReadAsync(Memory<byte> data, CancellationToken cancellationToken)
    {
        for (int got = 0; got < data.Length;)
        {
            int read = await RandomAccess.ReadAsync(_source, data[got..], _sent + got, cancellationToken).ConfigureAwait(false);
            if (read == 0) throw new EndOfStreamException($"The file ends at {_sent + got}; {_size} bytes were expected.");
            got += read;
        }
    }
}
