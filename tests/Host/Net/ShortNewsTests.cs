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
}
