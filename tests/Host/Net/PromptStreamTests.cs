using System.Net;
using System.Net.Sockets;
using LanCollab.Host.Net;

namespace LanCollab.Tests.Host.Net;

public class PromptStreamTests
{
    [Fact]
    public async Task What_the_kernel_takes_is_written_within_the_call()
    {
        (PromptStream stream, Socket other) = await PairAsync();
        await using (stream)
        using (other)
        {
            Assert.True(stream.WriteAsync(new byte[] { 1, 2, 3 }, CancellationToken.None).AsTask().IsCompletedSuccessfully);
            byte[] read = new byte[3];
            Assert.Equal(3, await other.ReceiveAsync(read));
            Assert.Equal([1, 2, 3], read);
        }
    }

    /// <summary>Writes of every length around the limit until long after the other side's buffer is full; then it reads.</summary>
    [Fact]
    public async Task What_the_kernel_does_not_take_follows_in_order_when_the_other_side_reads()
    {
        (PromptStream stream, Socket other) = await PairAsync();
        await using (stream)
        using (other)
        {
            int[] sizes = [1, 4096, PromptStream.Short - 1, PromptStream.Short, PromptStream.Short + 1, 3 * PromptStream.Short, 7];
            byte[] all = [.. Enumerable.Range(0, 20 * sizes.Sum()).Select(i => (byte)(i * 31 >> 3))];
            Task writing = Task.Run(async () =>
            {
                for (int at = 0, i = 0; at < all.Length; at += sizes[i++ % sizes.Length]) await stream.WriteAsync(all.AsMemory(at, Math.Min(sizes[i % sizes.Length], all.Length - at)), CancellationToken.None);
            });
            byte[] read = new byte[all.Length];
            for (int got = 0, some; got < read.Length; got += some)
            {
                some = await other.ReceiveAsync(read.AsMemory(got));
                Assert.NotEqual(0, some);
            }
            await writing;
            Assert.Equal(all, read);
        }
    }

    [Fact]
    public async Task A_write_after_the_other_side_has_reset_fails_and_one_after_the_end_as_well()
    {
        (PromptStream stream, Socket other) = await PairAsync();
        other.LingerState = new LingerOption(enable: true, seconds: 0);
        other.Dispose();
        // The reset has come when a read ends.
        await Assert.ThrowsAsync<IOException>(async () => await stream.ReadExactlyAsync(new byte[1]));
        await Assert.ThrowsAsync<IOException>(async () => await stream.WriteAsync(new byte[1], CancellationToken.None));
        await stream.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await stream.WriteAsync(new byte[1], CancellationToken.None));
    }

    [Fact]
    public async Task A_write_that_is_cancelled_before_it_begins_writes_nothing()
    {
        (PromptStream stream, Socket other) = await PairAsync();
        await using (stream)
        using (other)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stream.WriteAsync(new byte[1], new CancellationToken(canceled: true)));
            Assert.Equal(0, other.Available);
        }
    }

    private static async Task<(PromptStream Stream, Socket Other)> PairAsync()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var other = new Socket(SocketType.Stream, ProtocolType.Tcp);
        Task connecting = other.ConnectAsync(listener.LocalEndPoint!);
        Socket accepted = await listener.AcceptAsync();
        await connecting;
        return (new PromptStream(accepted), other);
    }
}
