using System.Net;
using System.Net.Sockets;
using LanCollab.Contracts;
using LanCollab.Host.Metrics;

namespace LanCollab.Host.Datagrams;

/// <summary>One session's datagrams on one service: ciphers, counters, replay window, and where the other end is.</summary>
internal sealed class DatagramFlow : IDisposable
{
    private readonly Lock _sending = new();
    private readonly DatagramCipher _seal;
    private readonly DatagramCipher _open;
    private readonly ReplayWindow _window = new();
    private readonly byte[] _outgoing = new byte[DatagramLayout.MaxSize];
    private long _sent;

    // One for each thread that sends, not for each flow: there are thousands of those.
    [ThreadStatic] private static byte[]? _burst;

    private bool _disposed;

    public DatagramFlow(uint session, byte[] secret, string service, bool atServer, Peer? peer)
    {
        Session = session;
        Peer = peer;
        _seal = new DatagramCipher(secret, service, toServer: !atServer);
        _open = new DatagramCipher(secret, service, toServer: atServer);
    }

    public uint Session { get; }

    public Peer? Peer { get; }

    /// <summary>Where the service counts; null counts nothing.</summary>
    public DatagramTally? Tally { get; init; }

    /// <summary>Where an authentic packet last came from; null before the first.</summary>
    public SocketAddress? Remote { get; private set; }

    /// <summary>
    /// Checks tag and replay window and decrypts; moves <see cref="Remote"/> when this packet is newer than all before, so that a client whose address
    /// has changed is followed but an old packet sent again from elsewhere moves nothing. One thread at a time.
    /// </summary>
    public bool TryOpen(ReadOnlySpan<byte> datagram, long number, SocketAddress? from, Span<byte> payload, out int length)
    {
        long highest = _window.Highest;
        if (!_open.TryOpen(number, datagram, payload, out length)) return Refuse(Tally?.Forged);
        if (!_window.TryAccept(number)) return Refuse(Tally?.Replayed);
        if (from is not null && number > highest && !from.Equals(Remote)) Remote = Copy(from);
        return true;
    }

    /// <summary>Encrypts and sends; any thread.</summary>
    public bool TrySend(Socket socket, SocketAddress to, byte kind, ReadOnlySpan<byte> payload)
    {
        if (payload.Length > DatagramLimits.MaxPayload)
            throw new ArgumentException($"A datagram's payload is {payload.Length} bytes, {DatagramLimits.MaxPayload} are allowed.", nameof(payload));
        lock (_sending)
        {
            if (_disposed) return false;
            long number = ++_sent;
            DatagramLayout.WriteHeader(_outgoing, kind, Session, number);
            int size = _seal.Seal(number, payload, _outgoing);
            try
            {
                bool sent = socket.SendTo(_outgoing.AsSpan(0, size), SocketFlags.None, to) == size;
                Tally?.Out.Add();
                Tally?.BytesOut.Add(size);
                return sent;
            }
            // A full buffer, no route, a port nobody listens on: a lost packet, as UDP has them.
            catch (SocketException)
            {
                return Refuse(Tally?.Unsent);
            }
            catch (ObjectDisposedException)
            {
                return false;
            }
        }
    }

    /// <summary>Encrypts and sends several, see <see cref="IServerDatagrams.TrySendMany"/>; any thread.</summary>
    public bool TrySendMany(Socket socket, SocketAddress to, ReadOnlySpan<byte> payloads, int size)
    {
        if (size is < 1 or > DatagramLimits.MaxPayload)
            throw new ArgumentException($"A datagram's payload is {size} bytes, 1 to {DatagramLimits.MaxPayload} are allowed.", nameof(size));
        _burst ??= new byte[SegmentedSend.MostSegments * DatagramLayout.MaxSize];
        bool sent = true;
        lock (_sending)
        {
            for (int most = SegmentedSend.MostSegments * size; payloads.Length > 0; payloads = payloads[Math.Min(most, payloads.Length)..])
                sent &= !_disposed && SendBurst(socket, to, payloads[..Math.Min(most, payloads.Length)], size);
        }
        return sent;
    }

    private bool SendBurst(Socket socket, SocketAddress to, ReadOnlySpan<byte> payloads, int size)
    {
        int length = 0, count = 0;
        for (; payloads.Length > 0; payloads = payloads[Math.Min(size, payloads.Length)..], count++)
        {
            long number = ++_sent;
            Span<byte> datagram = _burst.AsSpan(length);
            DatagramLayout.WriteHeader(datagram, DatagramLayout.Data, Session, number);
            length += _seal.Seal(number, payloads[..Math.Min(size, payloads.Length)], datagram);
        }
        int taken = SegmentedSend.Send(socket, to, _burst.AsSpan(0, length), DatagramLayout.HeaderSize + size + DatagramLayout.TagSize);
        Tally?.Out.Add(taken);
        Tally?.BytesOut.Add(taken == count ? length : 0);
        if (taken < count) Tally?.Unsent.Add(count - taken);
        return taken == count;
    }

    public void Dispose()
    {
        lock (_sending)
        {
            _disposed = true;
            _seal.Dispose();
        }
        _open.Dispose();
    }

    private static bool Refuse(Tally? reason)
    {
        reason?.Add();
        return false;
    }

    private static SocketAddress Copy(SocketAddress from)
    {
        var copy = new SocketAddress(from.Family, from.Size);
        from.Buffer.Span[..from.Size].CopyTo(copy.Buffer.Span);
        return copy;
    }
}
