using LanCollab.Plugins.Media.Video;

namespace LanCollab.Tests.Plugins.Media.Video;

public class VideoHeaderTests
{
    private static readonly VideoHeader Header = new(VideoCodec.Vp8, VideoLayer.Small, true, 0x01020304, 0x05060708, 0x090A0B0C, 0, 1, 0x0140, 0x00B4);

    [Fact]
    public void Layout_is_as_drawn()
    {
        byte[] packet = [.. new byte[VideoHeader.Bytes], 0xEE];
        Header.Write(packet);
        Assert.Equal("1007010203040506" + "0708090A0B0C0000" + "0001014000B4EE", Convert.ToHexString(packet));
        Assert.True(VideoHeader.TryReadPacket(packet, out VideoHeader read));
        Assert.Equal(Header, read);
    }

    [Fact]
    public void Full_datagram_has_1200_bytes() =>
        Assert.Equal(DatagramLimits.MaxDatagram, DatagramLimits.Overhead + VideoHeader.Bytes + VideoHeader.FragmentBytes);

    [Theory]
    [InlineData(0, 0x11, "another kind")]
    [InlineData(0, 0x20, "another version")]
    [InlineData(1, 0x0F, "an unknown flag")]
    [InlineData(1, 0x00, "a JPEG that is no key frame")]
    [InlineData(15, 1, "fragment 1 of 1")]
    [InlineData(17, 0, "no fragments")]
    [InlineData(16, 0x7F, "too many fragments, and too short a one")]
    [InlineData(18, 0xFF, "too wide")]
    [InlineData(21, 0, "no height")]
    public void Impossible_header_is_refused(int at, byte value, string why)
    {
        byte[] packet = [.. new byte[VideoHeader.Bytes], 1];
        Header.Write(packet);
        packet[at] = value;
        Assert.False(VideoHeader.TryReadPacket(packet, out _), why);
    }

    [Fact]
    public void Fragment_that_is_not_the_last_must_be_full()
    {
        byte[] packet = Packets.Of(Packets.Header(), Packets.Bytes(0, 3000))[0];
        Assert.True(VideoHeader.TryReadPacket(packet, out _));
        Assert.False(VideoHeader.TryReadPacket(packet.AsSpan(0, packet.Length - 1), out _));
    }

    [Fact]
    public void Short_packets_are_refused()
    {
        byte[] packet = Packets.One(Packets.Header());
        for (int length = 0; length <= VideoHeader.Bytes; length++) Assert.False(VideoHeader.TryReadPacket(packet.AsSpan(0, length), out _));
    }
}
