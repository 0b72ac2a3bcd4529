using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Authentication;

namespace LanCollab.Host.Net.Tls;

/// <summary>
/// TLS of OpenSSL over a socket. A write is encrypted on the thread that writes and handed to the kernel in one piece; a read takes what has come in one piece and decrypts as much as the reader has
/// room for. Between the two ends of a byte lie one copy into OpenSSL's record and one out of it each way, where SslStream has three or four (docs/decisions/021).
/// </summary>
/// <remarks>
/// One reader and one writer at a time, as with any stream; both may be disposed of by anybody at any moment. OpenSSL's connection is used under <c>_lock</c> alone, which is held for as long as a
/// few records take, and never while the network is waited for. The <c>_turn</c> to send is the writer's, but for the rare time when TLS itself has something to say to what was read.
/// </remarks>
/// <param name="inner">The socket. Owned.</param>
/// <param name="engine">OpenSSL's connection. Owned.</param>
internal sealed class OpenSslStream(PromptStream inner, OpenSslEngine engine) : AsyncStream, ILongFrames
{
    /// <summary>What is moved at a time while a long frame goes through.</summary>
    private const int Size = 256 * 1024;

    /// <summary>What is read at a time otherwise.</summary>
    private const int UsualSize = 64 * 1024;

    /// <summary>The longest flight of a handshake that this end sends; all are below 4 KiB.</summary>
    private const int FlightSize = 16 * 1024;

    /// <summary>What TLS itself has to say to what one read decrypts: an alert, an answer to a request for new keys (27 bytes). Who makes it say more at once is no client.</summary>
    private const int AnswerSize = 512;

    /// <summary>Ciphertext of up to so many bytes is sent under the lock, by a call that does not wait.</summary>
    private const int ShortSend = 20 * 1024;

    private readonly Lock _lock = new();

    // Never disposed: who waits for the turn when the stream is disposed of finds that out with it, and there is nothing to free.
    [SuppressMessage("Usage", "CA2213", Justification = "See the comment.")]
    private readonly SemaphoreSlim _turn = new(1);

    // The reader's.
    private byte[]? _in;
    private int _inStart, _inEnd;
    private bool _ended, _mayHaveMore, _sessionKept;

    // Under the lock.
    private byte[]? _out;
    private int _outStart, _outEnd;
    private bool _gathers, _inFlight, _disposed;
    private string? _failure;

    public bool ReadsAhead { get; set; }

    /// <summary>Does the handshake, before anything else.</summary>
    /// <exception cref="AuthenticationException">The other end speaks no TLS, or one that is not taken.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task HandshakeAsync(CancellationToken cancellationToken)
    {
        byte[] flight = ArrayPool<byte>.Shared.Rent(FlightSize);
        while (true)
        {
            TlsStep step = Handshake(flight);
            if (step.Made > 0) await inner.WriteAsync(flight.AsMemory(0, step.Made), cancellationToken).ConfigureAwait(false);
            if (step.State == TlsState.Done) break;
            if (step.State != TlsState.NeedsMore) throw new AuthenticationException($"The TLS handshake failed: {_failure}");
            if (!await FillAsync(cancellationToken).ConfigureAwait(false)) throw new EndOfStreamException("The connection ended within the TLS handshake.");
        }
        ArrayPool<byte>.Shared.Return(flight);
    }

    /// <summary>The writer: what follows may wait until <see cref="ReleaseAsync"/>.</summary>
    public void Gather()
    {
        lock (_lock) _gathers = true;
    }

    public ValueTask ReleaseAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _gathers = false;
            if (_out is null && !_inFlight) return ValueTask.CompletedTask;
        }
        return SendAsync(cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The connection broke, or ended within a record.</exception>
    /// <exception cref="ObjectDisposedException">After its disposal.</exception>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return _inStart < _inEnd || _mayHaveMore || _ended ? new(0) : inner.ReadAsync(buffer, cancellationToken);
        int read = Decrypt(buffer.Span, out bool answers);
        return (read > 0 || _ended) && !answers ? new(read) : ReadMoreAsync(buffer, read, answers, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="ObjectDisposedException">After its disposal.</exception>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return ValueTask.CompletedTask;
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled(cancellationToken);
        lock (_lock)
        {
            buffer = buffer[Encrypt(buffer.Span)..];
            if (buffer.IsEmpty && (_gathers || TrySendNow())) return ValueTask.CompletedTask;
        }
        return WriteMoreAsync(buffer, cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => ReleaseAsync(cancellationToken).AsTask();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lock (_lock)
            {
                if (_disposed) return;
                _disposed = true;
                SayEnd();
                // Whoever comes later finds it disposed of; buffers are left to the collector, since the socket may still be at work in them.
                engine.Dispose();
            }
            inner.Dispose();
        }
        base.Dispose(disposing);
    }

    private TlsStep Handshake(byte[] flight)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            TlsStep step = engine.Handshake(_in.AsSpan(_inStart, _inEnd - _inStart), flight);
            if (step.State is TlsState.Failed or TlsState.Ended) _failure = engine.TakeError();
            Taken(step.Taken);
            return step;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadMoreAsync(Memory<byte> buffer, int read, bool answers, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (answers) await SendAsync(cancellationToken).ConfigureAwait(false);
            if (read > 0 || _ended) return read;
            if (!await FillAsync(cancellationToken).ConfigureAwait(false)) return EndWithoutNotice();
            read = Decrypt(buffer.Span, out answers);
        }
    }

    /// <summary>Takes what has come; false at the end.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        // A connection on which nothing comes holds no buffer.
        if (!ReadsAhead) await inner.ReadAsync(Memory<byte>.Empty, cancellationToken).ConfigureAwait(false);
        int size = ReadsAhead ? Size : UsualSize;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(size);
        int read = await inner.ReadAsync(buffer.AsMemory(0, size), cancellationToken).ConfigureAwait(false);
        if (read == 0) ArrayPool<byte>.Shared.Return(buffer);
        else (_in, _inStart, _inEnd) = (buffer, 0, read);
        return read > 0;
    }

    /// <summary>Decrypts as much as there is room for. 0: nothing has come, or <c>_ended</c>.</summary>
    private int Decrypt(Span<byte> plain, out bool answers)
    {
        int read = 0;
        answers = false;
        Span<byte> answer = stackalloc byte[AnswerSize];
        for (TlsStep step = new(TlsState.Done, 0, 0); step.State == TlsState.Done && read < plain.Length && !_ended; read += step.Plain)
        {
            lock (_lock)
            {
                // What was decrypted before is given out first.
                if (read > 0 && _failure is not null) return read;
                ThrowIfUnusable();
                step = engine.Read(_in.AsSpan(_inStart, _inEnd - _inStart), plain[read..], answer);
                if (step.Plain > 0 && !_sessionKept) KeepSession();
                if (step.State == TlsState.Failed) _failure = $"TLS: {engine.TakeError()}";
                answers |= Append(answer[..step.Made]);
            }
            Taken(step.Taken);
            (_ended, _mayHaveMore) = (step.State == TlsState.Ended, step.State == TlsState.Done);
            if (step.State == TlsState.Failed && read == 0) return Fail();
        }
        return read;
    }

    /// <summary>Tells the other end why, as far as it takes it at once.</summary>
    private int Fail()
    {
        lock (_lock)
        {
            TrySendNow();
            throw new IOException(_failure);
        }
    }

    private void KeepSession()
    {
        engine.KeepSession();
        _sessionKept = true;
    }

    private void Taken(int count)
    {
        _inStart += count;
        if (_inStart < _inEnd || _in is null) return;
        ArrayPool<byte>.Shared.Return(_in);
        (_in, _inStart, _inEnd) = (null, 0, 0);
    }

    /// <summary>The other end has gone without a word, which TLS forbids and every process that is killed does. Frames tell whether something is missing; a record that is cut tells it here.</summary>
    private int EndWithoutNotice()
    {
        lock (_lock)
        {
            ThrowIfUnusable();
            if (engine.IsWithinRecord) throw new EndOfStreamException("The connection ended within a TLS record.");
        }
        _ended = true;
        return 0;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WriteMoreAsync(ReadOnlyMemory<byte> rest, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await SendAsync(cancellationToken).ConfigureAwait(false);
                if (rest.IsEmpty) return;
                lock (_lock)
                {
                    rest = rest[Encrypt(rest.Span)..];
                    if (rest.IsEmpty && _gathers) return;
                }
            }
        }
        catch
        {
            // A part of what was to be written may have gone: nothing can follow it.
            lock (_lock) _failure ??= "Writing was given up before.";
            throw;
        }
    }

    /// <summary>Sends all that was encrypted, in turn.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (TakeOut(out ReadOnlyMemory<byte> flight) is { } buffer)
            {
                await inner.WriteAsync(flight, cancellationToken).ConfigureAwait(false);
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
        catch
        {
            // A part of a record may have gone: nothing can follow it.
            lock (_lock) _failure ??= "Writing failed before.";
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    private byte[]? TakeOut(out ReadOnlyMemory<byte> flight)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            byte[]? buffer = _out;
            flight = buffer.AsMemory(_outStart, _outEnd - _outStart);
            _inFlight = buffer is not null;
            (_out, _outStart, _outEnd) = (null, 0, 0);
            return buffer;
        }
    }

    /// <summary>Under the lock: encrypts as much as there is room for, whole records; 0 when what waits must go first.</summary>
    private int Encrypt(ReadOnlySpan<byte> plain)
    {
        ThrowIfUnusable();
        _out ??= ArrayPool<byte>.Shared.Rent(_gathers ? Size : Math.Min(Size, Room(plain.Length)));
        Span<byte> room = _out.AsSpan(_outEnd);
        const int whole = OpenSslEngine.RecordSize + OpenSslEngine.RecordOverhead;
        int fits = Room(plain.Length) <= room.Length ? plain.Length : Math.Max(0, room.Length / whole - 1) * OpenSslEngine.RecordSize;
        if (fits == 0) return 0;
        TlsStep step = engine.Write(plain[..fits], room);
        if (step.State != TlsState.Done) throw new IOException(_failure = $"TLS: {engine.TakeError()}");
        _outEnd += step.Made;
        return fits;
    }

    private static int Room(int plain) => plain + (plain / OpenSslEngine.RecordSize + 2) * OpenSslEngine.RecordOverhead;

    /// <summary>Under the lock: what TLS has to say goes out behind what waits.</summary>
    private bool Append(ReadOnlySpan<byte> answer)
    {
        if (answer.IsEmpty) return false;
        _out ??= ArrayPool<byte>.Shared.Rent(AnswerSize);
        if (_out.Length - _outEnd < answer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(_outEnd + answer.Length);
            _out.AsSpan(0, _outEnd).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_out);
            _out = larger;
        }
        answer.CopyTo(_out.AsSpan(_outEnd));
        _outEnd += answer.Length;
        return true;
    }

    /// <summary>Under the lock: sends what waits if it is short and nothing is before it. False: there is more to send.</summary>
    private bool TrySendNow()
    {
        if (_out is null || _inFlight || _outEnd - _outStart > ShortSend) return false;
        _outStart += inner.TrySend(_out.AsSpan(_outStart, _outEnd - _outStart));
        if (_outStart < _outEnd) return false;
        ArrayPool<byte>.Shared.Return(_out);
        (_out, _outStart, _outEnd) = (null, 0, 0);
        return true;
    }

    /// <summary>Under the lock: close_notify, where nothing is before it and the kernel takes it at once.</summary>
    private void SayEnd()
    {
        if (_failure is not null || _out is not null || _inFlight) return;
        Span<byte> last = stackalloc byte[AnswerSize];
        try
        {
            inner.TrySend(last[..engine.End(last).Made]);
        }
        catch (ObjectDisposedException)
        {
            // Somebody has closed the socket itself: there is nobody to tell.
        }
    }

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_failure is not null) throw new IOException(_failure);
    }
}
