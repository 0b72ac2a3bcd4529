using System.Net.Sockets;
using System.Security.Authentication;
using LanCollab.Host.Net.Tls;

namespace LanCollab.Benchmarks.Files;

/// <summary>
/// The Host's <see cref="OpenSslEngine"/> over a socket that is read and written where one waits for it, 256 KiB at a time: what <see cref="OpenSslStream"/> could be at best. For
/// <see cref="BareEnd"/> only: whoever answers is believed.
/// </summary>
internal sealed class BareOpenSsl : Stream
{
    private const int Size = 256 * 1024, Piece = 15 * OpenSslEngine.RecordSize;

    private readonly Socket _socket;
    private readonly OpenSslEngine _engine;
    private readonly byte[] _in = new byte[Size], _out = new byte[Size];
    private int _start, _end;

    /// <param name="socket">Owned.</param>
    /// <param name="context">A server's or a client's.</param>
    /// <param name="host">Whom a client calls; null for a server.</param>
    public BareOpenSsl(Socket socket, OpenSslContext context, string? host)
    {
        (_socket, _engine) = (socket, new OpenSslEngine(context, host));
        TlsState state;
        while ((state = Handshake()) == TlsState.NeedsMore) Receive();
        if (state != TlsState.Done) throw new AuthenticationException(OpenSsl.TakeError());
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            TlsStep step = _engine.Read(_in.AsSpan(_start, _end - _start), buffer, _out);
            _start += step.Taken;
            if (step.Made > 0) _socket.Send(_out.AsSpan(0, step.Made));
            if (step.State == TlsState.Failed) throw new IOException(_engine.TakeError());
            if (step.State == TlsState.Ended || (step.State == TlsState.NeedsMore && !Receive())) return 0;
            if (step.Plain > 0) return step.Plain;
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        for (int count; !buffer.IsEmpty; buffer = buffer[count..])
        {
            count = Math.Min(buffer.Length, Piece);
            TlsStep step = _engine.Write(buffer[..count], _out);
            if (step.State != TlsState.Done) throw new IOException(_engine.TakeError());
            _socket.Send(_out.AsSpan(0, step.Made));
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _socket.Dispose();
            _engine.Dispose();
        }
        base.Dispose(disposing);
    }

    private TlsState Handshake()
    {
        TlsStep step = _engine.Handshake(_in.AsSpan(_start, _end - _start), _out);
        _start += step.Taken;
        if (step.Made > 0) _socket.Send(_out.AsSpan(0, step.Made));
        return step.State;
    }

    private bool Receive()
    {
        (_start, _end) = (0, _socket.Receive(_in));
        return _end > 0;
    }
}
