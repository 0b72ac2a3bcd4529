using LanCollab.Plugins.Files;
using LanCollab.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Files;

public class BlockTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(long.MaxValue)]
    public void A_block_reads_as_it_was_written(long offset)
    {
        byte[] frame = new byte[BlockLayout.DataAt + 3];
        BlockLayout.WriteHeader(frame, offset);
        frame[^1] = 7;
        (long read, ReadOnlyMemory<byte> data) = BlockLayout.Read(frame);
        Assert.Equal(offset, read);
        Assert.Equal([0, 0, 7], data.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(BlockLayout.DataAt + BlockLayout.MaxData + 1)]
    public void A_block_without_data_or_with_too_much_is_a_protocol_error(int length) =>
        Assert.Throws<ProtocolErrorException>(() => BlockLayout.Read(new byte[length]));

    [Fact]
    public void An_offset_beyond_all_files_is_a_protocol_error() =>
        Assert.Throws<ProtocolErrorException>(() => BlockLayout.Read(Enumerable.Repeat((byte)0xFF, 20).ToArray()));

    [Fact]
    public async Task A_sender_stays_within_the_window_and_goes_on_with_each_acknowledgement()
    {
        using var folder = new TempFolder();
        byte[] content = FilesMeeting.Bytes(1000);
        await File.WriteAllBytesAsync(folder["file"], content, TestContext.Current.CancellationToken);
        using var source = File.OpenHandle(folder["file"]);
        (InMemoryChannel near, InMemoryChannel far) = InMemoryChannel.Pair();
        using var sender = new BlockSender(source, near, 0, 1000, chunk: 100, window: 250);
        Task sending = sender.RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, near.Queued);

        // 250 bytes hold two whole blocks.
        var received = new List<byte>();
        for (long acknowledged = 0; acknowledged < 1000; acknowledged += 200)
        {
            sender.Acknowledge(acknowledged);
            for (int i = 0; i < 2; i++)
            {
                Frame? frame = await far.ReceiveAsync(TestContext.Current.CancellationToken);
                (long offset, ReadOnlyMemory<byte> data) = BlockLayout.Read(frame!.Value.Payload);
                Assert.Equal(received.Count, offset);
                received.AddRange(data.Span);
            }
            Assert.Equal(0, near.Queued);
        }
        await sending;
        Assert.Equal(content, received);
        Assert.Throws<ProtocolErrorException>(() => sender.Acknowledge(1001));
        Assert.Throws<ProtocolErrorException>(() => sender.Acknowledge(799));
    }

    [Fact]
    public async Task A_paced_stream_waits_for_its_time_and_saves_none()
    {
        var time = new FakeTimeProvider();
        var pace = new Pace(1000, time);
        CancellationToken token = TestContext.Current.CancellationToken;
        await pace.TakeAsync(500, token);
        Task next = pace.TakeAsync(500, token).AsTask();
        time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.False(next.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await next;
        time.Advance(TimeSpan.FromMinutes(1));
        await pace.TakeAsync(500, token);
        Assert.False(pace.TakeAsync(500, token).AsTask().IsCompleted);
    }
}
