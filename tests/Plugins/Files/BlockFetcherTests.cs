using System.Collections.Concurrent;
using LanCollab.Plugins.Files;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Files;

public class BlockFetcherTests
{
    private const int Blocks = 40;
    private const int Size = (Blocks - 1) * BlockLayout.Size + 1000;

    [Fact]
    public async Task Blocks_come_whole_a_wrong_one_once_more_and_at_the_end_the_sender_knows_that_all_have_come()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        byte[] content = FilesMeeting.Bytes(Size), wrong = RawClient.Part(content, 7).ToArray();
        wrong[0]++;
        var ada = new Peer("1", "Ada", "room");
        var (hub, client) = InMemoryChannel.Pair(hubPeer: ada, clientPeer: ada, clientMaxFrame: FrameLimits.Block);
        var told = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new ConcurrentQueue<int>();
        MessageChannel atHub = new MessageChannel(hub, FilesJson.Messages, new TestLog()).On<GetBlocks>(async (get, token) =>
        {
            if (get.Blocks.Length == 0) told.SetResult(get.Got);
            foreach (int block in BlockRanges.Blocks(get.Blocks, Blocks))
            {
                byte[] data = block == 7 && !asked.Contains(7) ? wrong : RawClient.Part(content, block).ToArray();
                asked.Enqueue(block);
                byte[] frame = new byte[BlockLayout.DataAt + data.Length];
                BlockLayout.WriteHeader(frame, block);
                data.CopyTo(frame, BlockLayout.DataAt);
                await hub.SendAsync(new Frame(FrameKind.Binary, frame), token);
            }
            return null;
        });
        byte[] got = new byte[Size];
        using var fetcher = new BlockFetcher(Size, RawClient.Hashes(content), (block, data, _) =>
        {
            data.CopyTo(got.AsMemory((int)BlockLayout.Offset(block)));
            return ValueTask.CompletedTask;
        });
        MessageChannel atClient = new MessageChannel(client, FilesJson.Messages, new TestLog())
            .OnBinary((frame, token) => { fetcher.Receive(client, frame, token); return ValueTask.CompletedTask; });
        Task running = Task.WhenAny(atHub.RunAsync(stop), atClient.RunAsync(stop));
        Task fetched = fetcher.RunAsync(atClient, [.. Enumerable.Range(0, Blocks)], 16, stop);
        await await Task.WhenAny(fetched, running);
        await fetched;
        Assert.True(got.AsSpan().SequenceEqual(content));
        Assert.Equal(Blocks + 1, asked.Count);
        Assert.Equal(Blocks + 1, await told.Task.WaitAsync(stop));
    }
}
