namespace LanCollab.Tests.Support.Tests;

public class InMemoryChannelTests
{
    [Fact]
    public async Task A_received_payload_is_stale_after_the_next_receive()
    {
        var (hub, client) = InMemoryChannel.Pair();
        await client.SendAsync(Bytes(1), CancellationToken.None);
        await client.SendAsync(Bytes(2), CancellationToken.None);
        Frame first = (await hub.ReceiveAsync(CancellationToken.None))!.Value;
        Assert.Equal(1, first.Payload.Span[0]);
        await hub.ReceiveAsync(CancellationToken.None);
        Assert.Equal(0xDD, first.Payload.Span[0]);
    }

    [Fact]
    public async Task A_full_queue_refuses_posts_and_makes_sends_wait()
    {
        var (hub, client) = InMemoryChannel.Pair(capacity: 1);
        Assert.True(client.TryPost(Bytes(1)));
        Assert.False(client.TryPost(Bytes(2)));
        Assert.Equal(1, client.Queued);
        ValueTask waiting = client.SendAsync(Bytes(3), CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        await hub.ReceiveAsync(CancellationToken.None);
        await waiting;
        Assert.Equal(3, (await hub.ReceiveAsync(CancellationToken.None))!.Value.Payload.Span[0]);
        Assert.Equal(0, client.Queued);
    }

    [Fact]
    public async Task A_close_lets_the_queue_drain_and_tells_both_ends()
    {
        var (hub, client) = InMemoryChannel.Pair();
        await client.SendAsync(Bytes(1), CancellationToken.None);
        client.Close("enough");
        Assert.True(client.Closed.IsCancellationRequested);
        Assert.NotNull(await hub.ReceiveAsync(CancellationToken.None));
        Assert.Null(await hub.ReceiveAsync(CancellationToken.None));
        Assert.True(hub.Closed.IsCancellationRequested);
        Assert.Equal("enough", hub.CloseReason);
        Assert.False(hub.TryPost(Bytes(2)));
        await Assert.ThrowsAsync<IOException>(() => hub.SendAsync(Bytes(2), CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task A_cut_breaks_both_ends_and_loses_what_was_queued()
    {
        var (hub, client) = InMemoryChannel.Pair();
        await client.SendAsync(Bytes(1), CancellationToken.None);
        client.Cut();
        await Assert.ThrowsAsync<IOException>(() => hub.ReceiveAsync(CancellationToken.None).AsTask());
        await Assert.ThrowsAsync<IOException>(() => client.ReceiveAsync(CancellationToken.None).AsTask());
        Assert.True(hub.Closed.IsCancellationRequested);
    }

    private static Frame Bytes(params byte[] bytes) => new(FrameKind.Binary, bytes);
}
