namespace LanCollab.Contracts;

/// <summary>
/// An authenticated, encrypted, ordered stream of frames. Sends from several threads are allowed and keep their order;
/// receives are for one loop at a time.
/// </summary>
public interface IChannel : IAsyncDisposable
{
    /// <summary>On the hub: who is at the other end. On a client: this client itself, or null before a join.</summary>
    Peer? Peer { get; }

    /// <summary>True on the hub's end.</summary>
    bool AtHub { get; }

    /// <summary>The address at the other end, for logs and for limits per address.</summary>
    System.Net.IPEndPoint Remote { get; }

    /// <summary>Ends when the channel has closed, for whatever reason.</summary>
    CancellationToken Closed { get; }

    /// <summary>Bytes that were queued and are not written yet, in order. A payload that is not among them any more is not looked at again: its memory is the sender's.</summary>
    long Queued { get; }

    /// <summary>The next frame, or null when the other side has closed in good order.</summary>
    /// <exception cref="ProtocolErrorException">The other side broke the framing or a limit.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    ValueTask<Frame?> ReceiveAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Keeps the frame that was received last beyond the next receive, without a copy where the channel can. The caller gives a buffer for it.
    /// </summary>
    /// <param name="payload">The frame's payload, as it was received.</param>
    /// <param name="spare">At least as long as any payload here; the channel's from now on, unless the result lies in it.</param>
    /// <returns>The payload, in a buffer that is the caller's from now on: <paramref name="spare"/>, or another, perhaps shorter one.</returns>
    Memory<byte> Keep(ReadOnlyMemory<byte> payload, byte[] spare)
    {
        payload.CopyTo(spare);
        return spare.AsMemory(0, payload.Length);
    }

    /// <summary>
    /// Queues a frame and waits while the queue is full: the sender feels the receiver's speed.
    /// Returns before the frame is on the wire.
    /// </summary>
    /// <exception cref="IOException">The channel has closed.</exception>
    ValueTask SendAsync(Frame frame, CancellationToken cancellationToken);

    /// <summary>Queues a frame and never waits. False when the queue is full or the channel closed: what to do then is the caller's policy.</summary>
    bool TryPost(Frame frame);

    /// <summary>
    /// Queues several frames in their order, woken for once: for news that go to many at once, in batches. Short ones may be written within the call, which never waits for the receiver. False when
    /// they did not all fit, or the channel has closed.
    /// </summary>
    bool TryPost(ReadOnlySpan<Frame> frames)
    {
        foreach (Frame frame in frames)
            if (!TryPost(frame)) return false;
        return true;
    }

    /// <summary>
    /// Closes after the queue has drained (or 2 s), telling the other side why. Does not wait, and runs nothing that waits for the channel's
    /// end on the caller's thread: it may be called under a lock.
    /// </summary>
    /// <param name="reason">One sentence; goes to the other side's log.</param>
    void Close(string reason);
}
