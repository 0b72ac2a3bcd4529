using System.Net;
using System.Net.Sockets;
using LanCollab.Host.Datagrams;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Host.Datagrams;

/// <summary>Many datagrams in one call, over real sockets on loopback.</summary>
public sealed class SegmentedSendTests : IDisposable
{
    private static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private readonly Socket _hub = UdpSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0)), _viewer = UdpSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly DatagramFlow _sends = new(7, Secret, "video", atServer: true, null), _receives = new(7, Secret, "video", atServer: false, null);
    private readonly SocketAddress _to;
    private readonly byte[] _buffer = new byte[2048], _payload = new byte[2048];

    public SegmentedSendTests()
    {
        _viewer.ReceiveTimeout = 10_000;
        _to = ((IPEndPoint)_viewer.LocalEndPoint!).Serialize();
    }

    public void Dispose()
    {
        _hub.Dispose();
        _viewer.Dispose();
        _sends.Dispose();
        _receives.Dispose();
    }

    [Theory]
    [InlineData(1, DatagramLimits.MaxPayload, 0)]
    [InlineData(4, DatagramLimits.MaxPayload, 300)]
    [InlineData(10, DatagramLimits.MaxPayload, 1172)]
    [InlineData(130, DatagramLimits.MaxPayload, 1)]
    [InlineData(20, 1, 0)]
    public void Each_payload_comes_as_a_datagram_of_its_own_in_order(int full, int size, int rest)
    {
        byte[] payloads = new byte[(full * size) + rest];
        new Random(full).NextBytes(payloads);
        Assert.True(_sends.TrySendMany(_hub, _to, payloads, size));
        for (int at = 0; at < payloads.Length; at += size)
            Assert.Equal(payloads.AsSpan(at, Math.Min(size, payloads.Length - at)), Receive());
    }

    [Fact]
    public void The_portable_way_sends_the_same()
    {
        byte[] datagrams = [1, 2, 3, 4, 5];
        Assert.Equal(3, SegmentedSend.SendEach(_hub, _to, datagrams, 2));
        foreach (byte[] expected in (byte[][])[[1, 2], [3, 4], [5]]) Assert.Equal(expected, _buffer.AsSpan(0, _viewer.Receive(_buffer)));
    }

    [Fact]
    public void A_listener_that_has_gone_does_not_swallow_what_is_for_another()
    {
        Socket gone = UdpSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        SocketAddress nobody = ((IPEndPoint)gone.LocalEndPoint!).Serialize();
        gone.Dispose();
        byte[] payloads = new byte[4000];
        for (int i = 0; i < 20; i++)
        {
            _sends.TrySendMany(_hub, nobody, payloads, 1000);
            Assert.True(_sends.TrySendMany(_hub, _to, payloads, 1000));
            for (int n = 0; n < 4; n++) Receive();
        }
    }

    [Fact]
    public void Sending_allocates_nothing()
    {
        byte[] payloads = new byte[4 * DatagramLimits.MaxPayload];
        Assert.Equal(0, Allocated.Least(100, () =>
        {
            _sends.TrySendMany(_hub, _to, payloads, DatagramLimits.MaxPayload);
            for (int n = 0; n < 4; n++) _viewer.Receive(_buffer);
        }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(DatagramLimits.MaxPayload + 1)]
    public void Size_that_is_none_is_refused(int size) => Assert.Throws<ArgumentException>(() => _sends.TrySendMany(_hub, _to, new byte[10], size));

    private Span<byte> Receive()
    {
        Span<byte> datagram = _buffer.AsSpan(0, _viewer.Receive(_buffer));
        Assert.True(DatagramLayout.TryReadHeader(datagram, out _, out _, out long number));
        Assert.True(_receives.TryOpen(datagram, number, null, _payload, out int length));
        return _payload.AsSpan(0, length);
    }
}
