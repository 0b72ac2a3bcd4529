using System.Net.Security;
using System.Runtime.InteropServices;
using LanCollab.Contracts;

namespace LanCollab.Host.Net;

/// <summary>
/// Cuts a byte stream into frames. One buffer that grows to the longest frame seen (never beyond the limit, which is checked on the header
/// before anything is allocated); small frames are read many at a time. A channel that says nothing costs little: the buffer begins small, and between
/// frames TLS is asked for nothing but whether there is something, so that it holds no buffer of its own meanwhile.
/// </summary>
/// <param name="stream">The other side.</param>
/// <param name="maxPayload">See <see cref="MaxPayload"/>.</param>
/// <param name="bulk">Who is to be told of long frames.</param>
internal sealed class FrameReader(Stream stream, int maxPayload, ILongFrames? bulk = null)
{
    private const int FirstSize = 4 * 1024;
    private const int BusySize = 16 * 1024;

    private readonly bool _secure = stream is SslStream;
    private byte[] _buffer = new byte[FirstSize];
    private int _start;
    private int _end;

    private long _taken, _read;
    private volatile int _awaiting;

    public int MaxPayload { get; set; } = maxPayload;

    /// <summary>
    /// How many frames have been taken and, while the rest of a begun one is waited for, how many of its bytes are here (else 0). May be read on any
    /// thread, for a watch on peers that keep a frame half sent.
    /// </summary>
    public (long Frame, int Bytes) Awaited => (Volatile.Read(ref _taken), _awaiting);

    /// <summary>Bytes that have come, of whole frames or not. May be read on any thread.</summary>
    public long BytesRead => Volatile.Read(ref _read);

    /// <summary>The next frame's kind and payload; null at the end of the stream between two frames.</summary>
    /// <exception cref="ProtocolErrorException">See <see cref="FrameLayout.TryReadHeader"/>.</exception>
    /// <exception cref="IOException">The stream broke or ended within a frame.</exception>
    public async ValueTask<(byte Kind, ReadOnlyMemory<byte> Payload)?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryRead(out byte kind, out ReadOnlyMemory<byte> payload, out int needed)) return (kind, payload);
            MakeRoom(needed);
            if (_secure && _start == _end) await stream.ReadAsync(Memory<byte>.Empty, cancellationToken).ConfigureAwait(false);
            _awaiting = _end - _start;
            if (bulk is not null) bulk.ReadsAhead = needed - _awaiting > BulkStream.LongFrame;
            int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            _awaiting = 0;
            if (read == 0) return _start == _end ? null : throw new EndOfStreamException("The connection ended within a frame.");
            _end += read;
            Volatile.Write(ref _read, _read + read);
        }
    }

    /// <summary>The next frame when all of it is here already.</summary>
    /// <exception cref="ProtocolErrorException">See <see cref="FrameLayout.TryReadHeader"/>.</exception>
    public bool TryRead(out byte kind, out ReadOnlyMemory<byte> payload) => TryRead(out kind, out payload, out _);

    /// <summary>See <see cref="IChannel.Keep"/>.</summary>
    public Memory<byte> Keep(ReadOnlyMemory<byte> payload, byte[] spare)
    {
        // A small frame in a large buffer is copied, and what has come behind a long one is little.
        bool mine = MemoryMarshal.TryGetArray(payload, out ArraySegment<byte> segment) && ReferenceEquals(segment.Array, _buffer);
        if (!mine || payload.Length < BulkStream.LongFrame || spare.Length < _buffer.Length)
        {
            payload.CopyTo(spare);
            return spare.AsMemory(0, payload.Length);
        }
        int left = _end - _start;
        _buffer.AsSpan(_start, left).CopyTo(spare);
        (_buffer, _start, _end) = (spare, 0, left);
        return segment;
    }

    private bool TryRead(out byte kind, out ReadOnlyMemory<byte> payload, out int needed)
    {
        needed = FrameLayout.HeaderSize;
        payload = default;
        if (!FrameLayout.TryReadHeader(_buffer.AsSpan(_start, _end - _start), MaxPayload, out kind, out int length)) return false;
        needed += length;
        if (_end - _start < needed) return false;
        payload = Take(length);
        return true;
    }

    private ReadOnlyMemory<byte> Take(int length)
    {
        ReadOnlyMemory<byte> payload = _buffer.AsMemory(_start + FrameLayout.HeaderSize, length);
        _start += FrameLayout.HeaderSize + length;
        _taken++;
        return payload;
    }

    private void MakeRoom(int needed)
    {
        // A read that filled it up: more comes at a time than it can hold.
        if (_end == _buffer.Length) needed = Math.Max(needed, BusySize);
        if (_start == _end) _start = _end = 0;
        if (_buffer.Length - _start >= needed && _end < _buffer.Length) return;
        byte[] target = _buffer.Length >= needed ? _buffer : new byte[Math.Max(needed, Math.Min(_buffer.Length * 2, MaxPayload + FrameLayout.HeaderSize))];
        _buffer.AsSpan(_start, _end - _start).CopyTo(target);
        _end -= _start;
        _start = 0;
        _buffer = target;
    }
}
