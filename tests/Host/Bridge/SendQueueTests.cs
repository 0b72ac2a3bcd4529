using LanCollab.Host.Bridge;

namespace LanCollab.Tests.Host.Bridge;

public sealed class SendQueueTests
{
    [Fact]
    public void Texts_overflow_by_number()
    {
        var queue = new SendQueue();
        for (int i = 0; i < SendQueue.MaxTexts; i++) Assert.True(queue.TryText([1]));
        Assert.False(queue.TryText([1]));
        Assert.Equal((SendQueue.MaxTexts, (long)SendQueue.MaxTexts), queue.WaitingTexts);
    }

    [Fact]
    public void Texts_overflow_by_length()
    {
        var queue = new SendQueue();
        Assert.True(queue.TryText(new byte[SendQueue.MaxTextBytes]));
        Assert.False(queue.TryText([1]));
    }

    [Fact]
    public void Lanes_and_texts_do_not_take_each_others_room()
    {
        var queue = new SendQueue();
        Assert.True(queue.TryLane(1, new byte[SendQueue.MaxLaneBytes])); // longer than all the room, but alone
        Assert.False(queue.TryLane(1, [1]));
        Assert.True(queue.TryText([1]));
    }

    [Fact]
    public async Task What_was_sent_gives_its_room_back_and_order_is_kept()
    {
        var queue = new SendQueue();
        queue.TryLane(7, new byte[SendQueue.MaxLaneBytes]);
        queue.TryText([1]);
        ValueTask waiting = queue.LaneAsync(8, new byte[] { 5 }, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        SendQueue.Outgoing first = (await queue.TakeAsync())!.Value;
        Assert.Equal(7, first.Bytes.Span[0]);
        queue.Sent(first);
        await waiting;
        Assert.Equal([1], (await queue.TakeAsync())!.Value.Bytes.ToArray());
        Assert.Equal([8, 5], (await queue.TakeAsync())!.Value.Bytes.ToArray());
    }

    [Fact]
    public async Task A_completed_queue_gives_out_what_waits_and_takes_no_more()
    {
        var queue = new SendQueue();
        queue.TryText([1]);
        queue.Complete();
        Assert.True(queue.TryText([2])); // forgotten: no overflow to report
        Assert.False(queue.TryLane(1, [2]));
        Assert.Equal([1], (await queue.TakeAsync())!.Value.Bytes.ToArray());
        Assert.Null(await queue.TakeAsync());
    }

    [Fact]
    public async Task A_wait_for_room_can_be_cancelled()
    {
        var queue = new SendQueue();
        queue.TryLane(1, new byte[SendQueue.MaxLaneBytes]);
        using var cancel = new CancellationTokenSource();
        Task waiting = queue.LaneAsync(1, new byte[1], cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
