using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>A connection for one download, with the list of its blocks.</summary>
internal sealed class FileFetch : IAsyncDisposable
{
    private readonly TransferChannel _channel;
    private readonly SharedFile _file;
    private readonly Receiver _receiver;
    private readonly int _window;

    private sealed class Receiver
    {
        public BlockFetcher? Current { get; set; }
    }

    private FileFetch(TransferChannel channel, SharedFile file, Receiver receiver, BlockHash[] hashes, int window) =>
        (_channel, _file, _receiver, Hashes, _window) = (channel, file, receiver, hashes, window);

    /// <summary>Of the content's blocks, checked against what was announced.</summary>
    public BlockHash[] Hashes { get; }

    /// <summary>Opens it.</summary>
    /// <exception cref="UserErrorException">The hub refuses, or cannot be reached.</exception>
    /// <exception cref="IOException">The connection has gone.</exception>
    public static async Task<FileFetch> OpenAsync(ClientServices services, SharedFile file, CancellationToken cancellationToken)
    {
        var receiver = new Receiver();
        TransferChannel channel = await TransferChannel.OpenAsync(
            services, messages => messages.OnBinary((frame, token) => Take(receiver, messages.Channel, frame, token)), cancellationToken).ConfigureAwait(false);
        try
        {
            return await channel.DuringAsync(async token =>
            {
                FetchStarted started = await channel.Messages.RequestAsync<FetchStarted>(new FetchFile(file.Id), token).ConfigureAwait(false);
                if (started.Size != file.Size || started.Root != file.Root) throw new ProtocolErrorException("The server sends another file than the one it has announced.");
                BlockHash[] hashes = await BlockFetcher.ManifestAsync(channel.Messages, BlockLayout.Count(file.Size), file.Root, token).ConfigureAwait(false);
                return new FileFetch(channel, file, receiver, hashes, started.Window);
            }, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await channel.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Returns when these blocks have been taken.</summary>
    /// <exception cref="UserErrorException"><c>hash-mismatch</c>, or what the taker throws.</exception>
    /// <exception cref="IOException">The connection has gone.</exception>
    public async Task GetAsync(IReadOnlyCollection<int> blocks, TakeBlock take, CancellationToken cancellationToken)
    {
        using var fetcher = new BlockFetcher(_file.Size, Hashes, take, _receiver.Current?.Got ?? 0);
        _receiver.Current = fetcher;
        await _channel.DuringAsync(async token =>
        {
            await fetcher.RunAsync(_channel.Messages, blocks, _window, token).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a part into memory.</summary>
    /// <exception cref="UserErrorException"><c>hash-mismatch</c>.</exception>
    public async Task<byte[]> ReadAsync(long offset, int length, CancellationToken cancellationToken)
    {
        byte[] part = new byte[length];
        if (length == 0) return part;
        int first = (int)(offset / BlockLayout.Size), last = (int)((offset + length - 1) / BlockLayout.Size);
        await GetAsync([.. Enumerable.Range(first, last - first + 1)], (block, data, _) =>
        {
            long from = Math.Max(offset, BlockLayout.Offset(block)), to = Math.Min(offset + length, BlockLayout.Offset(block) + data.Length);
            data.Span[(int)(from - BlockLayout.Offset(block))..(int)(to - BlockLayout.Offset(block))].CopyTo(part.AsSpan((int)(from - offset)));
            return ValueTask.CompletedTask;
        }, cancellationToken).ConfigureAwait(false);
        return part;
    }

    public ValueTask DisposeAsync() => _channel.DisposeAsync();

    private static ValueTask Take(Receiver receiver, IChannel channel, ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        (receiver.Current ?? throw new ProtocolErrorException("A block came that was not asked for.")).Receive(channel, frame, cancellationToken);
        return ValueTask.CompletedTask;
    }
}
