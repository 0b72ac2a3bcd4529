using System.Collections.Concurrent;
using LanCollab.Plugins.Files;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Files;

public class BlockSenderTests
{
    private const int Size = (2 * BlockLayout.Size) + 1000;

    private readonly byte[] _content = FilesMeeting.Bytes(Size);
    private readonly ConcurrentBag<BlockHash> _hashes = [];
    private readonly ConcurrentBag<int> _sent = [];

    /// <summary>Of the hub: blocks that it does not have; blocks whose hash it asks for; those of them that it does not have then; those that it refuses once.</summary>
    private readonly record struct Hub(int[] Wants, int[] Likely, int[] WantsThen, int[] Refuses);

    private sealed class CountedContent(byte[] content) : IContent
    {
        public ConcurrentBag<long> Reads { get; } = [];

        public long Size => content.Length;

        public void Read(long offset, Memory<byte> target)
        {
            Reads.Add(offset);
            content.AsMemory((int)offset, target.Length).CopyTo(target);
        }

        public void Dispose()
        {
            // Memory.
        }
    }

    [Fact]
    public async Task What_is_new_is_sent_without_a_hash()
    {
        using var source = new CountedContent(_content);
        await SendAsync(source, new KnownBlocks(3), new Hub([0, 1, 2], [], [], []));
        Assert.Equal([0, BlockLayout.Size, 2L * BlockLayout.Size], source.Reads.Order());
        Assert.Equal([0, 1, 2], _sent.Order());
        Assert.Empty(_hashes);
    }

    [Fact]
    public async Task What_the_hub_may_have_is_hashed_and_sent_only_if_it_does_not()
    {
        using var source = new CountedContent(_content);
        await SendAsync(source, new KnownBlocks(3), new Hub([], [0, 1, 2], [2], []));
        Assert.Equal(3, source.Reads.Count);
        Assert.Equal([2], _sent);
        Assert.Equal(RawClient.Hashes(_content).ToHashSet(), _hashes.ToHashSet());
    }

    [Fact]
    public async Task After_a_lost_connection_only_what_the_hub_wants_is_read_again()
    {
        using var source = new CountedContent(_content);
        var known = new KnownBlocks(3);
        await SendAsync(source, known, new Hub([0, 1], [2], [2], []));
        source.Reads.Clear();
        // The middle one is wanted at once, the last one is known by its hash, which is not computed again.
        await SendAsync(source, known, new Hub([1], [2], [], []));
        Assert.Equal([BlockLayout.Size], source.Reads);
    }

    [Fact]
    public async Task What_is_refused_is_read_and_announced_anew()
    {
        using var source = new CountedContent(_content);
        // As if the source had been another one when it was read.
        var known = new KnownBlocks(3);
        known.Checksums[1] = BlockChecksum.Of([1]);
        known.Hashes[1] = BlockHash.Of([1]);
        await SendAsync(source, known, new Hub([0, 2], [1], [1], [1]));
        Assert.Equal([0, 1, 1, 2], _sent.Order());
        Assert.Equal(RawClient.Checksums(_content)[1], known.Checksums[1]);
        Assert.Equal(RawClient.Hashes(_content)[1], known.Hashes[1]);
    }

    [Fact]
    public async Task A_hub_that_asks_for_hashes_of_blocks_that_were_not_announced_is_not_answered()
    {
        using var source = new CountedContent(_content);
        var known = new KnownBlocks(40);
        using var large = new CountedContent(FilesMeeting.Bytes(40 * BlockLayout.Size));
        Exception error = await Assert.ThrowsAsync<ProtocolErrorException>(() => SendAsync(large, known, new Hub([], [39], [], []), large.Size, asksBeyond: true));
        Assert.Contains("39", error.Message);
        Assert.Empty(_hashes);
    }

    /// <summary>A hub that has what it does not want, and checks what comes.</summary>
    private async Task SendAsync(IContent source, KnownBlocks known, Hub wants, long size = Size, bool asksBeyond = false)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        var ada = new Peer("1", "Ada", "room");
        int count = BlockLayout.Count(size);
        var refused = new ConcurrentDictionary<int, bool>();
        var (hub, client) = InMemoryChannel.Pair(hubPeer: ada, clientPeer: ada, hubMaxFrame: FrameLimits.Block);
        BlockSender? sender = null;
        MessageChannel atClient = new MessageChannel(client, FilesJson.Messages, new TestLog())
            .On<Acknowledged>(ack => sender!.Acknowledge(ack))
            .On<SendAgain>((again, token) => { sender!.Again(again, token); return new((object?)null); });
        MessageChannel? atHub = null;
        atHub = new MessageChannel(hub, FilesJson.Messages, new TestLog())
            .On<BlockChecksums>(part =>
            {
                int[] announced = [.. Enumerable.Range(part.First, PackedValues.Unpack<BlockChecksum>(part.Xxh128, "xxh128").Length)];
                int[] likely = [.. asksBeyond ? wants.Likely : announced.Intersect(wants.Likely)];
                return Answer(announced, [.. announced.Intersect(wants.Wants)], likely);
            })
            .On<BlockHashes>(part =>
            {
                BlockHash[] hashes = BlockHash.Unpack(part.Sha256);
                foreach (BlockHash hash in hashes) _hashes.Add(hash);
                int[] announced = [.. Enumerable.Range(part.First, hashes.Length)];
                return Answer(announced, [.. announced.Intersect(wants.WantsThen)], []);
            })
            .OnBinary((frame, _) =>
            {
                (int block, ReadOnlyMemory<byte> data) = BlockLayout.Read(frame, size);
                Assert.True(data.Span.SequenceEqual(RawClient.Part(_content, block)));
                _sent.Add(block);
                bool refuse = wants.Refuses.Contains(block) && refused.TryAdd(block, true);
                atHub!.TryPost(refuse ? new SendAgain(block, "Once.") : new Acknowledged([[block, block]]));
                return ValueTask.CompletedTask;
            });
        sender = new BlockSender(source, atClient, 4, known);
        Task running = Task.WhenAny(atHub.RunAsync(stop), atClient.RunAsync(stop));
        Task sent = sender.RunAsync(stop);
        // A failed check ends its channel; then the sender would wait for ever.
        await await Task.WhenAny(sent, running);
        await sent;

        WantBlocks Answer(int[] announced, int[] wanted, int[] likely)
        {
            int[] have = [.. announced.Except(wanted).Except(likely).Where(block => block < count)];
            if (have.Length > 0) atHub!.TryPost(new Acknowledged(BlockRanges.Of(have)));
            return new WantBlocks(BlockRanges.Of(wanted), likely.Length > 0 ? BlockRanges.Of(likely) : null);
        }
    }
}
