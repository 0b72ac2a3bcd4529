using LanCollab.Host.Net;

namespace LanCollab.Tests.Host.Net;

/// <summary>On which thread a sleeping writer writes, and that who tells never waits for a receiver.</summary>
public class ShortNewsTests
{
    private const int Short = 1000;

    [ThreadStatic]
    private static bool _telling;

    [Theory]
    [InlineData(Short - FrameLayout.HeaderSize, true)]
    [InlineData(Short - FrameLayout.HeaderSize + 1, false)]
    public async Task What_is_short_is_written_within_the_call_and_what_is_longer_by_the_pool(int payload, bool within)
    {
        var queue = new SendQueue(100_000);
        var wrote = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task writing = new FrameWriter(Stream.Null, queue, _ => wrote.TrySetResult(_telling)).RunAsync(CancellationToken.None);
        Tell(queue, payload);
        Assert.Equal(within, await wrote.Task);
        queue.Complete();
        await writing;
    }

    [Fact]
    public async Task Who_tells_does_not_wait_for_a_receiver_that_takes_nothing_and_it_gets_all_in_order()
    {
        var queue = new SendQueue(100_000);
        var stream = new StuckStream();
        Task writing = new FrameWriter(stream, queue, _ => { }).RunAsync(CancellationToken.None);
        for (int size = 1; size <= 3; size++) Tell(queue, size);
        Assert.Equal(1 + 2 + 3 + (3 * FrameLayout.HeaderSize), queue.Bytes);
        stream.GoOn.SetResult();
        queue.Complete();
        await writing;
        Assert.Equal([1, 2, 3], stream.Lengths);
    }

    [Fact]
    public async Task Short_and_long_news_of_many_who_tell_come_in_each_ones_order_and_nothing_waits_after_the_last()
    {
        const int Tellers = 4, Each = 3000;
        var queue = new SendQueue(long.MaxValue);
        var stream = new SometimesLaterStream();
        Task writing = new FrameWriter(stream, queue, _ => { }).RunAsync(CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(0, Tellers).Select(teller => Task.Run(() =>
        {
            // Every seventh is too long for the teller's own thread, every fifth asks for the pool.
            for (int i = 0; i < Each; i++) Assert.True(queue.TryAdd([Numbered(teller, i, i % 7 == 0 ? Short : 8)], i % 5 == 0 ? 0 : Short));
        })));
        queue.Complete();
        await writing;
        Assert.Equal(0, queue.Bytes);
        int[] next = new int[Tellers];
        foreach ((int teller, int number) in stream.Numbers()) Assert.Equal(next[teller]++, number);
        Assert.All(next, told => Assert.Equal(Each, told));
    }

    [Fact]
    public async Task What_was_written_within_the_call_leaves_the_loop_asleep_until_there_is_more()
    {
        var queue = new SendQueue(100_000);
        var stream = new MemoryStream();
        Task writing = new FrameWriter(stream, queue, _ => { }).RunAsync(CancellationToken.None);
        Tell(queue, 1);
        Assert.Equal(0, queue.Bytes);
        Tell(queue, 2);
        queue.Complete();
        await writing;
        Assert.Equal((2 * FrameLayout.HeaderSize) + 1 + 2, stream.Length);
        Assert.False(queue.TryAdd([new Frame(FrameKind.Json, new byte[1])], Short));
    }

    [Fact]
    public async Task A_write_that_fails_within_the_call_ends_the_loop_and_not_the_one_who_tells()
    {
        var queue = new SendQueue(100_000);
        var closed = new MemoryStream();
        await closed.DisposeAsync();
        Task writing = new FrameWriter(closed, queue, _ => { }).RunAsync(CancellationToken.None);
        Tell(queue, 1);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => writing);
    }

    private static Frame Numbered(int teller, int number, int length)
    {
        byte[] payload = new byte[length];
        BitConverter.TryWriteBytes(payload, teller);
        BitConverter.TryWriteBytes(payload.AsSpan(sizeof(int)), number);
        return new Frame(FrameKind.Binary, payload);
    }

    private static void Tell(SendQueue queue, int payload)
    {
        _telling = true;
        Assert.True(queue.TryAdd([new Frame(FrameKind.Json, new byte[payload])], Short));
        _telling = false;
    }

    /// <summary>Takes nothing before it is told to.</summary>
    private sealed class StuckStream : MemoryStream
    {
        public TaskCompletionSource GoOn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The payloads' lengths of all frames that were written.</summary>
        public IEnumerable<int> Lengths
        {
            get
            {
                byte[] all = ToArray();
                for (int at = 0; FrameLayout.TryReadHeader(all.AsSpan(at), int.MaxValue, out _, out int length); at += FrameLayout.HeaderSize + length) yield return length;
            }
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await GoOn.Task.WaitAsync(cancellationToken);
            await base.WriteAsync(buffer, cancellationToken);
        }
    }

    /// <summary>Takes every third write on another thread, as a socket does that is full at times.</summary>
    private sealed class SometimesLaterStream : MemoryStream
    {
        private int _writes;

        public IEnumerable<(int Teller, int Number)> Numbers()
        {
            byte[] all = ToArray();
            for (int at = 0; FrameLayout.TryReadHeader(all.AsSpan(at), int.MaxValue, out _, out int length); at += FrameLayout.HeaderSize + length)
                yield return (BitConverter.ToInt32(all, at + FrameLayout.HeaderSize), BitConverter.ToInt32(all, at + FrameLayout.HeaderSize + sizeof(int)));
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_writes++ % 3 == 0) await Task.Yield();
            Write(buffer.Span);
        }
    }
}
