using LanCollab.Host.Net;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Host.Net;

[Collection(AloneCollection.Name)]
public class FrameWriterAllocationTests
{
    /// <summary>What is short is written on the teller's thread, and allocates nothing there.</summary>
    [Fact]
    public async Task A_short_delivery_on_the_tellers_thread_allocates_nothing()
    {
        var queue = new SendQueue(long.MaxValue);
        var line = new Frame(FrameKind.Json, new byte[300]);
        int written = 0;
        Task writing = new FrameWriter(Stream.Null, queue, n => written += n).RunAsync(CancellationToken.None);
        Assert.Equal(0, Allocated.Least(1000, () => queue.TryAdd(new ReadOnlySpan<Frame>(in line), FrameWriter.Short)));
        Assert.NotEqual(0, written);
        queue.Complete();
        await writing;
    }

    /// <summary>A line to a thousand people: adding it to a queue, waking the writer, gathering and writing allocate nothing for each of them.</summary>
    [Fact]
    public async Task A_delivery_allocates_nothing()
    {
        const int Channels = 1000, Lines = 20, Rounds = 10;
        SendQueue[] queues = [.. Enumerable.Range(0, Channels).Select(_ => new SendQueue(long.MaxValue))];
        var line = new Frame(FrameKind.Json, new byte[300]);
        long written = 0;
        Task[] writers = [.. queues.Select(q => new FrameWriter(Stream.Null, q, n => Interlocked.Add(ref written, n)).RunAsync(CancellationToken.None))];
        int said = 0;
        for (int warm = 0; warm < 3; warm++) await SayAsync(++said);
        double each = double.MaxValue;
        // What is compiled and what the rest of the process does falls into some rounds, what a delivery costs, into each.
        for (int round = 0; round < Rounds && each > 8; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < Lines; i++) await SayAsync(++said);
            each = Math.Min(each, (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / (Channels * Lines));
        }
        // One object for each delivery would be 24 bytes at least; the rest of the process is not quite silent.
        Assert.InRange(each, 0, 8);
        foreach (SendQueue queue in queues) queue.Complete();
        await Task.WhenAll(writers);

        async Task SayAsync(int count)
        {
            foreach (SendQueue queue in queues) Assert.True(queue.TryAdd(line));
            while (Interlocked.Read(ref written) < (long)count * Channels * (300 + FrameLayout.HeaderSize)) await Task.Yield();
        }
    }
}
