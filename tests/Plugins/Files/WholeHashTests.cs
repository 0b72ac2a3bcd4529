using System.Security.Cryptography;
using CsCheck;
using LanCollab.Plugins.Files;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Files;

public class WholeHashTests
{
    private static readonly IChannel Channel = InMemoryChannel.Pair().Hub;

    [Fact]
    public Task In_whatever_order_blocks_come_and_whatever_was_there_before_it_is_the_hash_of_all_and_no_memory_is_kept() =>
        Gen.Select(Gen.Byte.Array[1, 50].Array[1, 12], Gen.Int, Gen.Int[0, 12]).SampleAsync(async (blocks, seed, before) =>
        {
            int[] order = [.. Enumerable.Range(0, blocks.Length)];
            var random = new Random(seed);
            // Mostly in order, as they come on a wire that is cut now and then.
            if (seed % 3 != 0) random.Shuffle(order);
            int held = 0;
            var own = new List<(int Block, Task<BlockHash> Hash)>();
            using var whole = new WholeHash(blocks.Length, (block, buffer) => { blocks[block].CopyTo(buffer, 0); return blocks[block].Length; });
            whole.Stored(order.Take(before));
            foreach (int block in order.Skip(before))
            {
                Interlocked.Increment(ref held);
                ReceivedBlock received = ReceivedBlock.Keep(Channel, (byte[])[0, 0, 0, 0, .. blocks[block]], () => Interlocked.Decrement(ref held));
                var checkedBlock = new TaskCompletionSource<BlockHash>(TaskCreationOptions.RunContinuationsAsynchronously);
                if (whole.Offer(block, received, own => { received.Release(); checkedBlock.SetResult(own); })) own.Add((block, checkedBlock.Task));
                else received.Release();
                if (random.Next(2) == 0) whole.Stored([block]);
            }
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([.. blocks.SelectMany(block => block)])), await whole.FinishAsync(TestContext.Current.CancellationToken));
            foreach (var (block, hash) in own) Assert.Equal(BlockHash.Of(blocks[block]), await hash);
            Assert.Equal(0, held);
        }, iter: ModelTests.Cases(2000));

    [Fact]
    public async Task A_block_that_cannot_be_read_is_told_at_the_end_and_tried_once_more()
    {
        bool broken = true;
        using var whole = new WholeHash(2, (block, buffer) => broken ? throw new IOException("The disk says no") : 1);
        whole.Stored([0, 1]);
        Assert.Equal("The disk says no", (await Assert.ThrowsAsync<IOException>(() => whole.FinishAsync(TestContext.Current.CancellationToken))).InnerException!.Message);
        broken = false;
        Assert.Equal(64, (await whole.FinishAsync(TestContext.Current.CancellationToken)).Length);
    }

    [Fact]
    public void Whoever_ends_early_gives_all_memory_back()
    {
        int held = 1;
        var whole = new WholeHash(3, (_, _) => 0);
        ReceivedBlock early = ReceivedBlock.Keep(Channel, (byte[])[0, 0, 0, 0, 1], () => held--);
        if (!whole.Offer(2, early, _ => early.Release())) early.Release();
        whole.Dispose();
        Assert.Equal(0, held);
    }
}
