using LanCollab.Plugins.Media.Video;

namespace LanCollab.Tests.Plugins.Media.Video;

public class VideoHeaderTests
{
    private static readonly VideoHeader Header = new(VideoCodec.Vp8, VideoLayer.Small, true, 0x01020304, 0x05060708, 0x090A0B0C, 0, 1, 0x0140, 0x00B4) { Packet = 0x0D0E0F10 };

    [Fact]
    public void Layout_is_as_drawn()
    {
        byte[] packet = [.. new byte[VideoHeader.Bytes], 0xEE];
        Header.Write(packet);
        Assert.Equal("20110100" + "01020304" + "05060708" + "090A0B0C" + "0D0E0F10" + "00000001" + "014000B4" + "EE", Convert.ToHexString(packet));
        Assert.True(VideoHeader.TryReadPacket(packet, out VideoHeader read));
        Assert.Equal(Header, read);
    }

    [Fact]
    public void Full_datagram_has_1200_bytes() =>
        Assert.Equal(DatagramLimits.MaxDatagram, DatagramLimits.Overhead + VideoHeader.Bytes + VideoHeader.FragmentBytes);

    [Theory]
    [InlineData(0, 0x21, "another kind")]
    [InlineData(0, 0x10, "another version")]
    [InlineData(1, 0x21, "an unknown codec")]
    [InlineData(1, 0x13, "an unknown layer")]
    [InlineData(2, 0x05, "an unknown flag")]
    [InlineData(2, 0x00, "a delta frame that needs none")]
    [InlineData(3, 1, "a key frame that needs another")]
    [InlineData(21, 1, "fragment 1 of 1")]
    [InlineData(23, 0, "no fragments")]
    [InlineData(22, 0x7F, "too many fragments, and too short a one")]
    [InlineData(24, 0xFF, "too wide")]
    [InlineData(27, 0, "no height")]
    public void Impossible_header_is_refused(int at, byte value, string why)
    {
        byte[] packet = [.. new byte[VideoHeader.Bytes], 1];
        Header.Write(packet);
        packet[at] = value;
        Assert.False(VideoHeader.TryReadPacket(packet, out _), why);
    }

    [Fact]
    public void Jpeg_that_is_no_key_frame_is_refused()
    {
        byte[] packet = Packets.One(Packets.Header());
        (packet[2], packet[3]) = (0, 1);
        Assert.False(VideoHeader.TryReadPacket(packet, out _));
    }

    [Fact]
    public void Delta_frame_says_which_frame_it_needs_and_that_none_needs_it()
    {
        byte[] packet = [.. new byte[VideoHeader.Bytes], 1];
        VideoHeader delta = Header with { Key = false, Layer = VideoLayer.Hd, Back = 2, Droppable = true };
        delta.Write(packet);
        Assert.True(VideoHeader.TryReadPacket(packet, out VideoHeader read));
        Assert.Equal(delta, read);
    }

    [Fact]
    public void Packet_number_is_replaced_alone()
    {
        byte[] packet = Packets.One(Packets.Header());
        VideoHeader.TryReadPacket(packet, out VideoHeader before);
        VideoHeader.WritePacket(packet, uint.MaxValue);
        VideoHeader.TryReadPacket(packet, out VideoHeader after);
        Assert.Equal(before with { Packet = uint.MaxValue }, after);
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
