using System.Net.Sockets;
using LanCollab.Host.Net;
using LanCollab.Tests.Host.Net.Tls;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Host.Net;

[Collection(AloneCollection.Name)]
public class ReadyLoopAllocationTests
{
    /// <summary>Waiting, being woken, in the loop as in the pool, and reading: nothing for each message.</summary>
    [Fact]
    public async Task A_message_that_is_waited_for_allocates_nothing()
    {
        Assert.SkipUnless(ReadyLoop.IsSupported, "It is Linux' epoll on x64.");
        const int Messages = 500, Rounds = 10;
        using var loop = new ReadyLoop(TimeProvider.System, ReadyKind.Prompt);
        (Socket near, Socket far) = await TlsPair.SocketsAsync(CancellationToken.None);
        using var stop = new CancellationTokenSource();
        await using var stream = new PromptStream(near, loop);
        int got = 0;
        Task reading = ReadAsync();
        byte[] one = new byte[1];
        double each = double.MaxValue;
        Say(Messages);
        // What is compiled and what the rest of the process does falls into some rounds, what a message costs, into each.
        for (int round = 0; round < Rounds && each > 8; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            Say(Messages);
            each = Math.Min(each, (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / Messages);
        }
        Assert.InRange(each, 0, 8);
        far.Dispose();
        await reading;

        async Task ReadAsync()
        {
            byte[] buffer = new byte[16];
            for (int read; (read = await stream.ReadAsync(buffer, stop.Token).ConfigureAwait(false)) > 0;) Interlocked.Add(ref got, read);
        }

        void Say(int count)
        {
            for (int i = 0; i < count; i++)
            {
                int next = Volatile.Read(ref got) + 1;
                far.Send(one);
                while (Volatile.Read(ref got) < next) Thread.Yield();
            }
        }
    }
}
