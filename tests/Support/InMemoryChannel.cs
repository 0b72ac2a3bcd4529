using System.Net;
using System.Threading.Channels;

namespace LanCollab.Tests.Support;

/// <summary>
/// One end of a channel without a network. As on the real one a received payload is valid until the next receive only (its buffer is then
/// overwritten, so that a plugin that keeps it fails its test), a sent payload is not copied until it is received, and queues are bounded.
/// </summary>
public sealed class InMemoryChannel : IChannel
{
    private const byte Stale = 0xDD;

    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<Frame> _incoming;
    private readonly int _maxFrame;
    private InMemoryChannel _other = null!;
    private byte[] _buffer = [];
    private long _queuedTowardsMe;
    private volatile bool _cut, _ended;

    private InMemoryChannel(Peer? peer, int maxFrame, int capacity, string service)
    {
        Peer = peer;
        Service = service;
        _maxFrame = maxFrame;
        _incoming = System.Threading.Channels.Channel.CreateBounded<Frame>(capacity);
    }

    /// <summary>Makes both ends.</summary>
    /// <param name="service">The service's name.</param>
    /// <param name="hubPeer">The peer as the hub's end shows it.</param>
    /// <param name="clientPeer">The peer as the client's end shows it.</param>
    /// <param name="hubMaxFrame">The longest payload the hub takes.</param>
    /// <param name="clientMaxFrame">The longest payload the client takes.</param>
    /// <param name="capacity">Frames that wait in each direction before a send waits.</param>
    /// <param name="clientAddress">The client's address as the hub sees it.</param>
    public static (InMemoryChannel Hub, InMemoryChannel Client) Pair(
        string service = "test", Peer? hubPeer = null, Peer? clientPeer = null,
        int hubMaxFrame = FrameLimits.Control, int clientMaxFrame = FrameLimits.Control, int capacity = 64, IPAddress? clientAddress = null)
    {
        var hub = new InMemoryChannel(hubPeer, hubMaxFrame, capacity, service) 
        {
            AtHub = true,
            Remote = new(clientAddress ?? IPAddress.Loopback, 50000),
        };
        var client = new InMemoryChannel(clientPeer, clientMaxFrame, capacity, service) { _other = hub };
        hub._other = client;
        return (hub, client);
    }

    /// <summary>The service this channel was opened for.</summary>
    public string Service { get; }

    /// <inheritdoc />
    public Peer? Peer { get; }

    /// <inheritdoc />
    public bool AtHub { get; private init; }

    /// <inheritdoc />
    public IPEndPoint Remote { get; init; } = new(IPAddress.Loopback, 50000);

    /// <inheritdoc />
    public CancellationToken Closed => _closed.Token;

    /// <summary>Done when this end was disposed: at the hub when whoever served it has read what there was and has returned.</summary>
    public Task Left => _left.Task;

    /// <inheritdoc />
    public long Queued => Interlocked.Read(ref _other._queuedTowardsMe);

    /// <summary>Why the channel closed, as either side told it; null while it is open or when it was cut.</summary>
    public string? CloseReason { get; private set; }

    /// <inheritdoc />
    public async ValueTask<Frame?> ReceiveAsync(CancellationToken cancellationToken)
    {
        _buffer.AsSpan().Fill(Stale);
        while (await _incoming.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_cut) throw new IOException("The connection was cut.");
            if (_incoming.Reader.TryRead(out Frame frame)) return Take(frame);
        }
        if (_cut) throw new IOException("The connection was cut.");
        End();
        return null;
    }

    /// <inheritdoc />
    public async ValueTask SendAsync(Frame frame, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        Interlocked.Add(ref _other._queuedTowardsMe, frame.Payload.Length);
        try
        {
            await _other._incoming.Writer.WriteAsync(frame, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Interlocked.Add(ref _other._queuedTowardsMe, -frame.Payload.Length);
            if (e is ChannelClosedException) throw new IOException("The channel has closed.", e);
            throw;
        }
    }

    /// <inheritdoc />
    public bool TryPost(Frame frame)
    {
        if (_cut || _ended || !_other._incoming.Writer.TryWrite(frame)) return false;
        Interlocked.Add(ref _other._queuedTowardsMe, frame.Payload.Length);
        return true;
    }

    /// <inheritdoc />
    public void Close(string reason)
    {
        CloseReason ??= reason;
        _other.CloseReason ??= reason;
        _other._incoming.Writer.TryComplete();
        _incoming.Writer.TryComplete();
        // What the other side still had for us is of no use: our own receive ends now, theirs after it has drained the queue.
        while (_incoming.Reader.TryRead(out _)) { }
        End();
    }

    /// <summary>True when the two are the ends of one channel.</summary>
    public bool IsOtherEndOf(InMemoryChannel channel) => _other == channel;

    /// <summary>What a pulled cable does: both ends fail with an <see cref="IOException"/>, what was queued is lost.</summary>
    public void Cut()
    {
        _other.CutHere();
        CutHere();
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        if (!_ended && !_cut) Close("disposed");
        _left.TrySetResult();
        return ValueTask.CompletedTask;
    }

    private void CutHere()
    {
        _cut = true;
        _incoming.Writer.TryComplete();
        _ended = true;
        // A test pulls the cable, under no plugin's lock, and goes on when that is known.
        _closed.Cancel();
    }

    private void End()
    {
        _ended = true;
        // As on the real one what waits for this token goes on elsewhere: who closes may hold a lock and be in the middle of a loop.
        _ = _closed.CancelAsync();
    }

    private Frame Take(Frame frame)
    {
        if (frame.Payload.Length > _maxFrame)
            throw new ProtocolErrorException($"A frame of {frame.Payload.Length} bytes came; {Service} takes at most {_maxFrame}.");
        // A buffer of its own for each frame, so that a plugin that kept the last one reads what was filled in above.
        _buffer = frame.Payload.ToArray();
        // Only now: what is not queued any more is its sender's again.
        Interlocked.Add(ref _queuedTowardsMe, -frame.Payload.Length);
        return frame with { Payload = _buffer };
    }

    private void ThrowIfClosed()
    {
        if (_cut || _ended) throw new IOException("The channel has closed.");
    }
}
