using System.Net;
using System.Text;
using LanCollab.Contracts;
using LanCollab.Host.Metrics;

namespace LanCollab.Host.Net;

/// <summary>A channel over a (TLS) stream: <see cref="FrameReader"/> in, <see cref="SendQueue"/> and <see cref="FrameWriter"/> out.</summary>
internal sealed class FrameChannel : IChannel
{
    /// <summary>Bytes that may wait for a receiver before senders feel it.</summary>
    public const long QueueLimit = 4 * 1024 * 1024;

    /// <summary>
    /// News of up to so many bytes are written on the thread that tells them, when nothing waits: to hand them to the pool would cost about a tenth of what the send does, for each receiver of
    /// each line. Longer ones are worth other cores' help.
    /// </summary>
    private const int ShortNews = FrameWriter.Short;

    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);

    private readonly Stream _stream;
    private readonly FrameWriter _writer;
    private readonly FrameReader _reader;
    private readonly TimeProvider _time;
    private readonly SendQueue _queue = new(QueueLimit);

    // Never disposed: people go on asking Closed after the end, and without a timer there is nothing to free.
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2213", Justification = "See the comment.")]
    private readonly CancellationTokenSource _closed = new();

    private readonly Task _writing;
    private CancellationTokenSource? _stop;
    private CancellationToken _stopFor;
    private volatile string? _closeReason;
    private int _closing;
    private long _written;
    private volatile bool _wasAsked;

    /// <param name="stream">The (TLS) stream.</param>
    /// <param name="remote">The other side.</param>
    /// <param name="maxPayload">See <see cref="MaxPayload"/>.</param>
    /// <param name="atHub">Which end this is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="bulk">Who is to be told of long frames; null: nobody.</param>
    public FrameChannel(Stream stream, IPEndPoint remote, int maxPayload, bool atHub, TimeProvider time, ILongFrames? bulk = null)
    {
        AtHub = atHub;
        _stream = stream;
        _reader = new FrameReader(stream, maxPayload, bulk);
        _writer = new FrameWriter(stream, _queue, Written, bulk);
        _time = time;
        Remote = remote;
        _writing = WriteLoopAsync();
    }

    public Peer? Peer { get; set; }

    /// <summary>Where bytes and overflows are counted; null counts nothing.</summary>
    public ServiceTally? Tally { get; set; }

    public bool AtHub { get; }

    public IPEndPoint Remote { get; }

    public CancellationToken Closed => _closed.Token;

    public long Queued => _queue.Bytes;

    /// <summary>Why this side closed, or what the other side said when it closed; null while open.</summary>
    public string? Reason => _closeReason;

    /// <summary>See <see cref="FrameReader.Awaited"/>.</summary>
    public (long Frame, int Bytes) Awaited => _reader.Awaited;

    /// <summary>Bytes that have come and that were written, for a watch on the channel. May be read on any thread.</summary>
    public long BytesIn => _reader.BytesRead;

    /// <inheritdoc cref="BytesIn"/>
    public long BytesOut => Volatile.Read(ref _written);

    /// <summary>The other end may be asked whether it is there.</summary>
    public bool AnswersPings { get; set; }

    /// <summary>The other end has asked whether this one is there: it is one that asks.</summary>
    public bool WasAsked => _wasAsked;

    /// <summary>The longest payload the other side may send: small until it is known who it is.</summary>
    public int MaxPayload { get => _reader.MaxPayload; set => _reader.MaxPayload = value; }

    public ValueTask<Frame?> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (_reader.TryRead(out byte kind, out ReadOnlyMemory<byte> payload))
            if (!IsSignOfLife(kind)) return new(Received(kind, payload));
        return WaitAsync(cancellationToken);
    }

    private async ValueTask<Frame?> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _reader.ReadAsync(Either(cancellationToken)).ConfigureAwait(false) is { } received)
                if (!IsSignOfLife(received.Kind)) return Received(received.Kind, received.Payload);
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Closed from this side while waiting: for the reader that is a good end.
            return null;
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }

    private Frame? Received(byte kind, ReadOnlyMemory<byte> payload)
    {
        Tally?.BytesIn.Add(FrameLayout.HeaderSize + payload.Length);
        if (kind != FrameLayout.Close) return new Frame((FrameKind)kind, payload);
        _closeReason ??= FrameLayout.ReadReason(payload.Span);
        return null;
    }

    /// <summary>Asks the other end whether it is there; see <see cref="SilenceWatch"/>.</summary>
    public void Ping() => _queue.TryAdd(new Frame((FrameKind)FrameLayout.Ping, default));

    private bool IsSignOfLife(byte kind)
    {
        if (kind < FrameLayout.Ping) return false;
        Tally?.BytesIn.Add(FrameLayout.HeaderSize);
        if (kind == FrameLayout.Pong) return true;
        _wasAsked = true;
        // What waits to go out says as much as an answer, and a flood of questions fills no queue.
        if (_queue.Bytes == 0) _queue.TryAdd(new Frame((FrameKind)FrameLayout.Pong, default));
        return true;
    }

    /// <summary>The caller's token or the channel's end. One receive loop gives the same token each time: the source is made once for it.</summary>
    private CancellationToken Either(CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled) return Closed;
        if (_stop is null || _stopFor != cancellationToken)
        {
            _stop?.Dispose();
            (_stop, _stopFor) = (CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Closed), cancellationToken);
        }
        return _stop.Token;
    }

    public ValueTask SendAsync(Frame frame, CancellationToken cancellationToken) => _queue.AddAsync(frame, cancellationToken);

    public bool TryPost(Frame frame) => Counted(_queue.TryAdd(frame));

    public bool TryPost(ReadOnlySpan<Frame> frames) => Counted(_queue.TryAdd(frames, ShortNews));

    private bool Counted(bool taken)
    {
        if (taken) return true;
        if (_closing == 0) Tally?.Overflows.Add();
        return false;
    }

    public Memory<byte> Keep(ReadOnlyMemory<byte> payload, byte[] spare) => _reader.Keep(payload, spare);

    public void Close(string reason)
    {
        if (Interlocked.Exchange(ref _closing, 1) == 1) return;
        _closeReason ??= reason;
        _queue.Complete();
        _ = FinishAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Close("done");
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop?.Dispose();
    }

    private async Task FinishAsync()
    {
        // The write loop ends when the queue is drained; a receiver that does not read is not waited for longer than this.
        await Task.WhenAny(_writing, Task.Delay(DrainTime, _time, CancellationToken.None)).ConfigureAwait(false);
        await Shut().ConfigureAwait(false);
    }

    private async Task Shut()
    {
        // What others hang on this token may throw; the socket closes all the same.
        await _closed.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stream.DisposeAsync().ConfigureAwait(false);
    }

    private async Task WriteLoopAsync()
    {
        try
        {
            await _writer.RunAsync(Closed).ConfigureAwait(false);
            await WriteCloseAsync().ConfigureAwait(false);
        }
        // The connection broke: the receive side reports it; here it only ends the loop.
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            _closeReason ??= e.Message;
            _queue.Complete();
            if (Interlocked.Exchange(ref _closing, 1) == 0) await Shut().ConfigureAwait(false);
        }
    }

    private void Written(int bytes)
    {
        Volatile.Write(ref _written, _written + bytes);
        Tally?.BytesOut.Add(bytes);
    }

    private async Task WriteCloseAsync()
    {
        byte[] reason = Encoding.UTF8.GetBytes(_closeReason ?? "done");
        byte[] last = new byte[FrameLayout.HeaderSize + reason.Length];
        FrameLayout.WriteHeader(last, FrameLayout.Close, reason.Length);
        reason.CopyTo(last, FrameLayout.HeaderSize);
        await _stream.WriteAsync(last, _closed.Token).ConfigureAwait(false);
        await _stream.FlushAsync(_closed.Token).ConfigureAwait(false);
    }
}
