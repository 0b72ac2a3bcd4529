using System.Collections.Concurrent;
using LanCollab.Plugins.Files;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Files;

public class BlockSenderTests
{
    private const int Size = (2 * BlockLayout.Size) + 1000;

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
    public async Task After_a_lost_connection_only_what_the_hub_wants_is_read_again()
    {
        byte[] content = FilesMeeting.Bytes(Size);
        using var source = new CountedContent(content);
        var known = new KnownHashes(3);
        await SendAsync(source, content, known, wants: [[0, 2]]);
        Assert.Equal([0, BlockLayout.Size, 2L * BlockLayout.Size], source.Reads.Order());
        source.Reads.Clear();
        await SendAsync(source, content, known, wants: [[1, 1]]);
        Assert.Equal([BlockLayout.Size], source.Reads);
    }

    /// <summary>A hub that wants these blocks of each announcement, checks them, and has the others.</summary>
    private static async Task SendAsync(IContent source, byte[] content, KnownHashes known, int[][] wants)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        var ada = new Peer("1", "Ada", "room");
        var (hub, client) = InMemoryChannel.Pair(hubPeer: ada, clientPeer: ada, hubMaxFrame: FrameLimits.Block);
        BlockSender? sender = null;
        MessageChannel atClient = new MessageChannel(client, FilesJson.Messages, new TestLog()).On<Acknowledged>(ack => sender!.Acknowledge(ack));
        MessageChannel? atHub = null;
        atHub = new MessageChannel(hub, FilesJson.Messages, new TestLog())
            .On<BlockHashes>(part =>
            {
                int[] announced = [.. Enumerable.Range(part.First, BlockHash.Unpack(part.Sha256).Length)];
                int[] wanted = [.. announced.Intersect(BlockRanges.Blocks(wants, 3))];
                atHub!.TryPost(new Acknowledged(BlockRanges.Of([.. announced.Except(wanted)])));
                return new WantBlocks(BlockRanges.Of(wanted));
            })
            .OnBinary((frame, _) =>
            {
                (int block, ReadOnlyMemory<byte> data) = BlockLayout.Read(frame, content.Length);
                Assert.True(data.Span.SequenceEqual(RawClient.Part(content, block)));
                atHub!.TryPost(new Acknowledged([[block, block]]));
                return ValueTask.CompletedTask;
            });
        sender = new BlockSender(source, atClient, 4, known);
        Task running = Task.WhenAny(atHub.RunAsync(stop), atClient.RunAsync(stop));
        Task sent = sender.RunAsync(stop);
        // A failed check ends its channel; then the sender would wait for ever.
        await await Task.WhenAny(sent, running);
        await sent;
    }
}
