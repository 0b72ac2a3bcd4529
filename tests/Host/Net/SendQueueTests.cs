using LanCollab.Host.Net;

namespace LanCollab.Tests.Host.Net;

public class SendQueueTests
{
    private static Frame Of(int size) => new(FrameKind.Binary, new byte[size]);

    [Fact]
    public void A_full_queue_refuses_a_post_and_takes_one_again_after_it_was_written()
    {
        var queue = new SendQueue(1000);
        Assert.True(queue.TryAdd(Of(600)));
        Assert.False(queue.TryAdd(Of(600)));
        queue.Written(600 + FrameLayout.HeaderSize);
        Assert.True(queue.TryAdd(Of(600)));
    }

    [Fact]
    public async Task A_send_waits_for_room_and_goes_on_when_there_is_some()
    {
        var queue = new SendQueue(1000);
        queue.TryAdd(Of(900));
        Task waiting = queue.AddAsync(Of(900), CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        queue.Written(900 + FrameLayout.HeaderSize);
        await waiting;
    }

    [Fact]
    public void A_frame_longer_than_the_limit_goes_when_it_is_alone() => Assert.True(new SendQueue(10).TryAdd(Of(5000)));

    [Fact]
    public async Task After_completion_what_waits_is_still_given_out_and_then_the_end()
    {
        var queue = new SendQueue(1000);
        queue.TryAdd(Of(1));
        queue.Complete();
        Assert.False(queue.TryAdd(Of(1)));
        Assert.Single((await queue.TakeAsync(new()))!);
        Assert.Null(await queue.TakeAsync(new()));
        await Assert.ThrowsAsync<IOException>(() => queue.AddAsync(Of(1), CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task A_cancelled_send_leaves_the_queue_as_it_was()
    {
        var queue = new SendQueue(100);
        queue.TryAdd(Of(100));
        using var cancel = new CancellationTokenSource();
        Task waiting = queue.AddAsync(Of(50), cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(100 + FrameLayout.HeaderSize, queue.Bytes);
    }
}
