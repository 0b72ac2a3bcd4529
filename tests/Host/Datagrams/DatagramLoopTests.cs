using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using LanCollab.Host.Datagrams;
using Microsoft.Extensions.Logging.Abstractions;

namespace LanCollab.Tests.Host.Datagrams;

public sealed class DatagramLoopTests : IDisposable
{
    private static readonly TimeSpan Patience = Support.Recorded<int>.Patience;

    private readonly Socket _receiver = UdpSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly Socket _sender = UdpSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _stop = new();

    [Fact]
    public async Task Datagrams_are_handed_over_in_order_on_one_thread_that_is_none_of_the_pool()
    {
        var arrived = Channel.CreateUnbounded<(int Size, bool Pool, int Thread)>();
        Task loop = Run((datagram, _) => arrived.Writer.TryWrite((datagram.Length, Thread.CurrentThread.IsThreadPoolThread, Environment.CurrentManagedThreadId)));
        for (int size = 1; size <= 20; size++) Send(size);
        var got = new List<(int Size, bool Pool, int Thread)>();
        for (int i = 0; i < 20; i++) got.Add(await arrived.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal(Enumerable.Range(1, 20), got.Select(g => g.Size));
        Assert.All(got, g => Assert.False(g.Pool));
        Assert.Single(got.Select(g => g.Thread).Distinct());
        await EndAsync(loop);
    }

    [Fact]
    public async Task What_was_sent_in_one_call_is_handed_over_one_by_one()
    {
        var arrived = Channel.CreateUnbounded<byte[]>();
        Task loop = Run((datagram, from) => arrived.Writer.TryWrite([.. datagram, (byte)(from.Equals(_sender.LocalEndPoint!.Serialize()) ? 1 : 0)]));
        byte[] datagrams = [.. Enumerable.Range(0, 4500).Select(i => (byte)(i / 7))];
        for (int round = 0; round < 3; round++)
        {
            Assert.Equal(5, SegmentedSend.Send(_sender, _receiver.LocalEndPoint!.Serialize(), datagrams, 1000));
            for (int at = 0; at < datagrams.Length; at += 1000) Assert.Equal([.. datagrams[at..Math.Min(at + 1000, datagrams.Length)], 1], await NextAsync(arrived));
            Send(33 + round);
            Assert.Equal(34 + round, (await NextAsync(arrived)).Length);
        }
        await EndAsync(loop);
    }

    [Fact]
    public async Task Empty_and_overlong_datagrams_end_nothing()
    {
        var arrived = Channel.CreateUnbounded<byte[]>();
        Task loop = Run((datagram, _) => arrived.Writer.TryWrite(datagram.ToArray()));
        Send(0);
        Send(60_000);
        Send(7);
        Assert.True((await NextAsync(arrived)).Length > DatagramLimits.MaxDatagram);
        Assert.Equal(7, (await NextAsync(arrived)).Length);
        await EndAsync(loop);
    }

    [Fact]
    public async Task A_loop_that_waits_ends_when_its_socket_is_disposed() => await EndAsync(Run((_, _) => { }));

    [Fact]
    public async Task After_its_token_was_cancelled_nothing_is_handed_over()
    {
        int handed = 0;
        Task loop = Run((_, _) => handed++);
        await _stop.CancelAsync();
        Send(10);
        await loop.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(0, handed);
    }

    [Fact]
    public async Task Nothing_is_allocated_for_a_datagram()
    {
        const int burst = 50; // fits any socket's buffer
        var costs = new List<long>();
        int count = 0;
        long before = 0;
        using var taken = new SemaphoreSlim(0);
        Task loop = Run((_, _) =>
        {
            if (count++ % burst == 0) before = GC.GetAllocatedBytesForCurrentThread();
            if (count % burst != 0) return;
            costs.Add(GC.GetAllocatedBytesForCurrentThread() - before);
            taken.Release();
        });
        for (int bursts = 0; bursts < 20; bursts++)
        {
            for (int i = 0; i < burst; i++) Send(100);
            Assert.True(await taken.WaitAsync(Patience, TestContext.Current.CancellationToken));
        }
        // What is compiled on the way falls into some bursts, what a datagram costs, into each.
        Assert.Equal(0, costs.Min());
        await EndAsync(loop);
    }

    private static Task<byte[]> NextAsync(Channel<byte[]> arrived) =>
        arrived.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);

    private Task Run(DatagramArrived arrived) => DatagramLoop.RunAsync(_receiver, "test", arrived, NullLogger.Instance, _stop.Token);

    private void Send(int size) => _sender.SendTo(new byte[size], _receiver.LocalEndPoint!);

    private async Task EndAsync(Task loop)
    {
        _receiver.Dispose();
        await loop.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        _receiver.Dispose();
        _sender.Dispose();
        _stop.Dispose();
    }
}
