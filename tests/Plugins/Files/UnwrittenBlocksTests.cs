using CsCheck;
using LanCollab.Plugins.Files;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Files;

/// <summary>Whose memory a block's is.</summary>
public class UnwrittenBlocksTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_block_is_written_when_it_has_gone_and_never_before_whatever_else_is_sent() =>
        await Gen.Select(Gen.Int[0, 3], Gen.Int[1, 100]).Array[1, 40].SampleAsync(async steps =>
        {
            var (near, far) = InMemoryChannel.Pair(clientMaxFrame: 1000, capacity: 100);
            var written = new List<int>();
            var unwritten = new UnwrittenBlocks<int>(near, written.Add);
            var queue = new Queue<int?>();
            int sent = 0, gone = 0;
            foreach (var (kind, length) in steps)
            {
                if (kind == 0)
                {
                    queue.Enqueue(null);
                    await near.SendAsync(new Frame(FrameKind.Json, new byte[length]), Cancelled);
                }
                else if (kind is 1 or 2)
                {
                    queue.Enqueue(sent);
                    await unwritten.SendAsync(sent++, new byte[length], Cancelled);
                }
                else if (queue.TryDequeue(out int? next))
                {
                    await far.ReceiveAsync(Cancelled);
                    if (next is not null) gone++;
                    unwritten.Release();
                }
                Assert.True(written.Count <= gone, $"{written.Count} are said to be written, {gone} have gone.");
                Assert.Equal(Enumerable.Range(0, written.Count), written);
                if (queue.Count == 0) Assert.Equal(gone, written.Count);
            }
        }, iter: 300);

    [Fact]
    public async Task A_block_that_the_channel_did_not_take_is_never_said_to_be_written()
    {
        var (near, _) = InMemoryChannel.Pair();
        var written = new List<int>();
        var unwritten = new UnwrittenBlocks<int>(near, written.Add);
        near.Cut();
        await Assert.ThrowsAsync<IOException>(async () => await unwritten.SendAsync(1, new byte[10], Cancelled));
        unwritten.Release();
        Assert.Empty(written);
    }
}
