using System.Security.Cryptography;
using CsCheck;
using LanCollab.Plugins.Files;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Files;

public class WholeHashTests
{
    private static readonly IChannel Channel = InMemoryChannel.Pair().Hub;

    [Fact]
    public Task In_whatever_order_blocks_come_whoever_hashes_them_and_whatever_was_there_before_it_is_the_hash_of_all_and_no_memory_is_kept() =>
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
                bool here = random.Next(2) == 0;
                if (here && whole.TryTakeHere(block, blocks[block], out BlockHash taken)) own.Add((block, Task.FromResult(taken)));
                if (here)
                {
                    if (random.Next(2) == 0) whole.Stored([block]);
                    continue;
                }
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_takes_a_block_in_comes_after_those_that_were_offered_before_or_not_at_all(bool ends)
    {
        byte[][] blocks = [[1, 2, 3], [4, 5]];
        using var whole = new WholeHash(blocks.Length, (_, _) => 0);
        using var goOn = new ManualResetEventSlim();
        // As when all threads for blocks wait for a disk.
        Task[] busy = [.. Enumerable.Range(0, Environment.ProcessorCount + 1).Select(_ => BlockWork.RunFirst(() => goOn.Wait(Recorded<int>.Patience)))];
        ReceivedBlock first = ReceivedBlock.Keep(Channel, (byte[])[0, 0, 0, 0, .. blocks[0]]);
        Assert.True(whole.Offer(0, first, _ => first.Release()));
        bool taken = false;
        BlockHash own = default;
        var receiver = new Thread(() => taken = whole.TryTakeHere(1, blocks[1], out own));
        receiver.Start();
        Assert.True(SpinWait.SpinUntil(() => receiver.ThreadState.HasFlag(ThreadState.WaitSleepJoin), Recorded<int>.Patience));
        if (ends)
        {
            whole.Dispose();
            receiver.Join();
            Assert.False(taken);
        }
        goOn.Set();
        await Task.WhenAll(busy);
        receiver.Join();
        if (ends) return;
        Assert.Equal((true, BlockHash.Of(blocks[1])), (taken, own));
        Assert.Equal(FilesMeeting.Hash([.. blocks[0], .. blocks[1]]), await whole.FinishAsync(TestContext.Current.CancellationToken));
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
