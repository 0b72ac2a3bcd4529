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
        Assert.True(await queue.WaitAsync());
        Frame[] taken = [];
        Assert.Equal(1, queue.Take(ref taken));
        Assert.False(await queue.WaitAsync());
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

    [Fact]
    public void Frames_that_come_together_are_taken_together_or_not_at_all()
    {
        var queue = new SendQueue(1000);
        Assert.True(queue.TryAdd([Of(100), Of(200)]));
        Assert.False(queue.TryAdd([Of(1), Of(900)]));
        Frame[] taken = [];
        Assert.Equal(2, queue.Take(ref taken));
        Assert.Equal([100, 200], taken.Take(2).Select(f => f.Payload.Length));
        Assert.Equal(0, queue.Take(ref taken));
    }

    [Fact]
    public async Task A_reader_that_sleeps_is_woken_by_a_frame_and_by_the_end()
    {
        var queue = new SendQueue(1000);
        Task<bool> waiting = queue.WaitAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        queue.TryAdd(Of(1));
        Assert.True(await waiting);
        Frame[] taken = [];
        queue.Take(ref taken);
        waiting = queue.WaitAsync().AsTask();
        queue.Complete();
        await waiting;
        Assert.False(await queue.WaitAsync());
    }

    [Fact]
    public async Task Frames_of_many_writers_come_out_in_each_writers_order()
    {
        const int Writers = 4, Each = 2000;
        var queue = new SendQueue(limit: 4000);
        Task writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(w => Task.Run(async () =>
        {
            for (int i = 0; i < Each; i++) await queue.AddAsync(new Frame(FrameKind.Binary, BitConverter.GetBytes(w * Each + i)), default);
        })));
        int[] next = [.. Enumerable.Range(0, Writers).Select(w => w * Each)];
        Frame[] taken = [];
        for (int got = 0; got < Writers * Each;)
        {
            Assert.True(await queue.WaitAsync());
            int count = queue.Take(ref taken);
            foreach (Frame frame in taken.AsSpan(0, count)) Assert.Equal(next[BitConverter.ToInt32(frame.Payload.Span) / Each]++, BitConverter.ToInt32(frame.Payload.Span));
            queue.Written(count * (sizeof(int) + FrameLayout.HeaderSize));
            got += count;
        }
        await writing;
        Assert.Equal(0, queue.Bytes);
    }
}
