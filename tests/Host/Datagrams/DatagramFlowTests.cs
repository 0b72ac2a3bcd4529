using System.Net;
using System.Net.Sockets;
using LanCollab.Host.Datagrams;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Host.Datagrams;

/// <summary>Both ends of a flow over a real socket pair on loopback.</summary>
public sealed class DatagramFlowTests : IDisposable
{
    private static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private readonly Socket _socket = UdpSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly DatagramFlow _client = new(7, Secret, "audio", atServer: false, peer: null);
    private readonly DatagramFlow _server = new(7, Secret, "audio", atServer: true, new Peer("1", "Ann", "R"));

    public void Dispose()
    {
        _socket.Dispose();
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public void What_is_sealed_at_one_end_opens_at_the_other_once()
    {
        byte[] datagram = Send(_client, [1, 2, 3]);
        Assert.Equal([1, 2, 3], Open(_server, datagram));
        Assert.Null(Open(_server, datagram));
    }

    [Fact]
    public void Every_single_flipped_bit_and_every_truncation_is_refused()
    {
        byte[] datagram = Send(_client, [1, 2, 3, 4, 5]);
        for (int bit = 0; bit < datagram.Length * 8; bit++)
        {
            byte[] flipped = [.. datagram];
            flipped[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.Null(Open(_server, flipped));
        }
        for (int length = 0; length < datagram.Length; length++) Assert.Null(Open(_server, datagram[..length]));
        Assert.NotNull(Open(_server, datagram));
    }

    [Fact]
    public void Another_service_direction_or_secret_does_not_open_it()
    {
        using var otherService = new DatagramFlow(7, Secret, "video", atServer: true, null);
        using var otherSecret = new DatagramFlow(7, [.. Secret.Reverse()], "audio", atServer: true, null);
        using var sameDirection = new DatagramFlow(7, Secret, "audio", atServer: false, null);
        byte[] datagram = Send(_client, [9]);
        foreach (DatagramFlow wrong in (DatagramFlow[])[otherService, otherSecret, sameDirection]) Assert.Null(Open(wrong, datagram));
    }

    [Fact]
    public void The_address_follows_only_an_authentic_packet_that_is_newer_than_all_before()
    {
        SocketAddress home = new IPEndPoint(IPAddress.Parse("10.0.0.1"), 1).Serialize(), moved = new IPEndPoint(IPAddress.Parse("10.0.0.2"), 2).Serialize();
        byte[] first = Send(_client, [1]), second = Send(_client, [2]), third = Send(_client, [3]);
        Assert.NotNull(Open(_server, second, home));
        Assert.NotNull(Open(_server, first, moved));
        Assert.Equal(home, _server.Remote);
        Assert.Null(Open(_server, second, moved));
        Assert.Equal(home, _server.Remote);
        Assert.NotNull(Open(_server, third, moved));
        Assert.Equal(moved, _server.Remote);
    }

    [Fact]
    public void Sealing_and_opening_allocate_nothing_per_packet()
    {
        byte[] payload = new byte[1000], target = new byte[DatagramLayout.MaxSize], datagram = new byte[DatagramLayout.MaxSize];
        using var seal = new DatagramCipher(Secret, "audio", toServer: true);
        using var open = new DatagramCipher(Secret, "audio", toServer: true);
        var window = new ReplayWindow();
        long number = 0;
        Assert.Equal(0, Allocated.Least(1000, () =>
        {
            DatagramLayout.WriteHeader(datagram, DatagramLayout.Data, 7, ++number);
            int size = seal.Seal(number, payload, datagram);
            Assert.True(open.TryOpen(number, datagram.AsSpan(0, size), target, out _) && window.TryAccept(number));
        }));
    }

    private byte[] Send(DatagramFlow flow, byte[] payload)
    {
        Assert.True(flow.TrySend(_socket, _socket.LocalEndPoint!.Serialize(), DatagramLayout.Data, payload));
        byte[] buffer = new byte[2048];
        return buffer[.._socket.Receive(buffer)];
    }

    private static byte[]? Open(DatagramFlow flow, byte[] datagram, SocketAddress? from = null)
    {
        byte[] payload = new byte[DatagramLayout.MaxSize];
        return DatagramLayout.TryReadHeader(datagram, out _, out uint session, out long number) && session == flow.Session
            && flow.TryOpen(datagram, number, from, payload, out int length) ? payload[..length] : null;
    }
}
